import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { EXCHANGE_SETTINGS, type ExchangeConfig } from "@tse/exchange-simulator";
import { DirectoryInUse, lockDirectory } from "@tse/journal";
import { InvalidConfiguration, readConfig } from "@tse/service-kit";
import { type Asking, beginAnew } from "../src/begin-anew.ts";
import { Refused } from "../src/refused.ts";
import { keepSmallWorld, scratch } from "./small-world.ts";

function configOf(dataDir: string, environment: Record<string, string> = {}): ExchangeConfig {
  return readConfig(EXCHANGE_SETTINGS, { environment: { DATA_DIR: dataDir, ...environment } });
}

const SURE: Asking = { isSure: true, ask: undefined };
const NOBODY: Asking = { isSure: false, ask: undefined };
const answering = (answer: string, asked: string[] = []): Asking => ({
  isSure: false,
  ask: async (what) => {
    asked.push(what);
    return answer;
  },
});

/** A directory with a world, its made token, a database, and a file of somebody's. */
async function kept() {
  const place = await scratch();
  await keepSmallWorld(place.path, 42);
  await mkdir(join(place.path, "db"));
  for (const name of ["admin-token", "db.open", "db.base.tar.gz", "notes.txt"]) {
    await writeFile(join(place.path, name), name);
  }
  return place;
}

describe("beginning anew", () => {
  it("needs no question where nothing is", async () => {
    await using place = await scratch();
    assert.equal(await beginAnew(configOf(join(place.path, "world")), NOBODY), true);
    assert.deepEqual(await readdir(place.path), []);
  });

  it("shows what will be destroyed, and destroys it when the answer is yes", async () => {
    await using place = await kept();
    const asked: string[] = [];
    assert.equal(await beginAnew(configOf(place.path), answering(" Yes\n", asked)), true);
    assert.match(
      asked[0] ?? "",
      /World +\S*tse-cli-\S+\n +Seed +7\n +Commands +42\n +Size +[\d.]+ kB/,
    );
    assert.deepEqual((await readdir(place.path)).sort(), ["lock", "notes.txt"]);
  });

  it("changes nothing at any other answer", async () => {
    await using place = await kept();
    const before = await readdir(place.path);
    for (const answer of ["", "y", "no"]) {
      assert.equal(await beginAnew(configOf(place.path), answering(answer)), false);
    }
    assert.deepEqual(await readdir(place.path), [...before, "lock"].sort());
  });

  it("asks for --yes where nobody can be asked, and takes it", async () => {
    await using place = await kept();
    await assert.rejects(beginAnew(configOf(place.path), NOBODY), (error) => {
      assert.ok(error instanceof InvalidConfiguration);
      assert.match(error.message, /would destroy .*seed 7, commands 42.* add --yes/);
      return true;
    });
    assert.ok((await readdir(place.path)).includes("world.json"));
    assert.equal(await beginAnew(configOf(place.path), SURE), true);
    assert.deepEqual((await readdir(place.path)).sort(), ["lock", "notes.txt"]);
  });

  it("leaves a world alone that runs", async () => {
    await using place = await kept();
    const lock = lockDirectory(place.path);
    await assert.rejects(beginAnew(configOf(place.path), SURE), DirectoryInUse);
    lock.release();
    assert.ok((await readdir(place.path)).includes("world.json"));
  });

  it("leaves a directory alone that holds something, but no world", async () => {
    await using place = await scratch();
    await writeFile(join(place.path, "thesis.tex"), "years");
    await assert.rejects(beginAnew(configOf(place.path), SURE), (error) => {
      assert.ok(error instanceof Refused);
      assert.match(error.message, /holds thesis\.tex but no world/);
      return true;
    });
    assert.equal(await readFile(join(place.path, "thesis.tex"), "utf8"), "years");
  });

  it("takes a world whose record or journal can't be read for one", async () => {
    await using place = await kept();
    await writeFile(join(place.path, "world.json"), "torn");
    const asked: string[] = [];
    assert.equal(await beginAnew(configOf(place.path), answering("yes", asked)), true);
    assert.match(asked[0] ?? "", /Seed +unknown/);
    assert.deepEqual((await readdir(place.path)).sort(), ["lock", "notes.txt"]);
  });

  it("has nothing to destroy for a world that ends with its process", async () => {
    await using place = await kept();
    assert.equal(await beginAnew(configOf(place.path, { JOURNAL: "memory" }), NOBODY), true);
    assert.ok((await readdir(place.path)).includes("world.json"));
  });
});
