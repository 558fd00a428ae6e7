import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { InvalidConfiguration, type Logger, silentLogger } from "@tse/service-kit";
import { openCatalogue } from "../../src/scenarios/catalogue.ts";
import { startService } from "../support/running.ts";

const text = (name: string, change = "-10 %") => `format: 1
name: ${name}
kind: crash
title: Of my own
duration: 1h
effects:
  - { on: price, assets: [ETH], path: move, change: ${change}, over: 10m }
`;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "scenarios-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const put = (file: string, content: string) => writeFileSync(join(directory, file), content);

/** The catalogue with the directory, and what it said in the log. */
function opened() {
  const said: unknown[] = [];
  const logger: Logger = { ...silentLogger, warn: (...line: unknown[]) => void said.push(line) };
  return { catalogue: openCatalogue(directory, logger), said };
}

/** What keeps the directory from being used. */
function problems(): readonly string[] {
  try {
    opened();
  } catch (error) {
    assert.ok(error instanceof InvalidConfiguration, String(error));
    return error.problems.map((problem) => problem.replaceAll(`${directory}/`, ""));
  }
  return [];
}

describe("A user's own scenarios", () => {
  it("join those that ship; other files and directories are passed over", () => {
    put("mine.yaml", text("mine"));
    put("notes.txt", "not a scenario");
    mkdirSync(join(directory, "old.yaml"));
    const { catalogue, said } = opened();
    assert.equal(catalogue.named("mine")?.title, "Of my own");
    assert.equal(catalogue.named("covid_2020")?.kind, "preset");
    assert.equal(catalogue.names.length, openCatalogue(undefined, silentLogger).names.length + 1);
    assert.deepEqual(said, []);
  });

  it("are regular files of UTF-8 and of some length, and all that are not are named", () => {
    symlinkSync("/dev/zero", join(directory, "endless.yaml"));
    writeFileSync(
      join(directory, "latin.yaml"),
      Buffer.from(text("mine").replace("Of", "Öf"), "latin1"),
    );
    put("long.yaml", "#".repeat(40_000));
    assert.deepEqual(problems(), [
      "endless.yaml is no regular file",
      "latin.yaml is not UTF-8",
      "long.yaml, line 1, column 1: a scenario has at most 32 KiB",
    ]);
  });

  it("take the place of those that ship under the same name, which the log says", () => {
    put("anything.yaml", text("crash"));
    const { catalogue, said } = opened();
    assert.equal(catalogue.named("crash")?.title, "Of my own");
    assert.equal(catalogue.names.filter((name) => name === "crash").length, 1);
    assert.deepEqual(said, [
      [
        "a scenario of SCENARIO_DIR takes the place of one that ships",
        { name: "crash", directory },
      ],
    ]);
  });

  it("stop the start where they are wrong, by file, line, column, field and rule", () => {
    put("a.yaml", text("fine"));
    put("b.yaml", text("steep", "-150 %"));
    put("c.yaml", "format: 1\nname: {");
    put("d.yaml", text("fine"));
    put("e.yaml", `#${"x".repeat(32 * 1024)}`);
    const [steep, broken, ...rest] = problems();
    assert.equal(
      steep,
      "b.yaml, line 7, column 53, effects.0.change: a price falls by less than 100 %",
    );
    assert.match(String(broken), /^c\.yaml, line 2, column \d+: /);
    assert.deepEqual(rest, [
      "d.yaml, name: fine is the name of a.yaml, too",
      "e.yaml, line 1, column 1: a scenario has at most 32 KiB",
    ]);
  });

  it("need their directory", () => {
    rmSync(directory, { recursive: true });
    assert.match(
      problems().join(),
      /^SCENARIO_DIR: \S+ is no directory that can be read \(ENOENT\)$/,
    );
    mkdirSync(directory);
  });

  it("are started by name in a world with SCENARIO_DIR, which doesn't start with a bad one", async () => {
    put("mine.yaml", text("mine"));
    {
      await using service = await startService({ PRICE_MODE: "static", SCENARIO_DIR: directory });
      const { status } = await service.admin("POST", "/admin/scenarios", { name: "mine" });
      assert.equal(status, 201);
      await service.advance("10m");
      assert.equal((await service.api("/prices/ETH-USD")).body.price, "2250.00");
    }
    put("mine.yaml", text("mine", "soon"));
    await assert.rejects(
      startService({ SCENARIO_DIR: directory }),
      /mine\.yaml, line 7, column 53/,
    );
  });
});
