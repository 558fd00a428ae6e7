import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { parse } from "yaml";
import { buf, filesBelow, PACKAGE } from "./support.ts";

const MARKET_DATA = "proto/marketdata/market_data.proto";

describe("the proto files", () => {
  let copy: string;

  before(async () => {
    copy = await mkdtemp(join(tmpdir(), "contracts-"));
    for (const part of ["proto", "buf.yaml", "buf.gen.yaml", "published.txtpb"]) {
      await cp(join(PACKAGE, part), join(copy, part), { recursive: true });
    }
  });
  after(() => rm(copy, { recursive: true }));

  const change = async (from: string, to: string): Promise<() => Promise<void>> => {
    const file = join(copy, MARKET_DATA);
    const text = await readFile(file, "utf8");
    assert.ok(text.includes(from), from);
    await writeFile(file, text.replace(from, to));
    return () => writeFile(file, text);
  };

  it("give exactly the code that is committed", async () => {
    assert.deepEqual(await buf(["generate"], copy), { code: 0, output: "" });
    const fresh = await filesBelow(join(copy, "src/gen"));
    const committed = await filesBelow(join(PACKAGE, "src/gen"));
    assert.equal(fresh.size, 5);
    assert.deepEqual(committed, fresh, "run npm run proto");
  });

  it("are formatted and linted", async () => {
    assert.deepEqual(await buf(["format", "--diff", "--exit-code"]), { code: 0, output: "" });
    assert.deepEqual(await buf(["lint"]), { code: 0, output: "" });
  });

  it("are excused from no rule that they keep", async () => {
    const { lint } = parse(await readFile(join(PACKAGE, "buf.yaml"), "utf8")) as {
      lint: { ignore_only: Record<string, string[]> };
    };
    const excused = Object.entries(lint.ignore_only).flatMap(([rule, files]) =>
      files.map((file) => `${rule} ${file}`),
    );
    const strict = JSON.stringify({ version: "v2", modules: [{ path: "proto" }] });
    const { output } = await buf(["lint", "--error-format", "json", "--config", strict]);
    const broken = output
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as { type: string; path: string })
      .map(({ type, path }) => `${type} ${path}`);
    assert.deepEqual(excused.toSorted(), [...new Set(broken)].toSorted());
  });

  it("break nothing that is published", async () => {
    assert.deepEqual(await buf(["breaking", "--against", "published.txtpb"]), {
      code: 0,
      output: "",
    });
  });

  it("can't lose or renumber a field unnoticed", async () => {
    for (const [from, to, message] of [
      ["int64 skipped = 11;", "", /Previously present field "11" with name "skipped"/],
      ["int64 skipped = 11;", "int64 skipped = 12;", /Previously present field "11"/],
      ["int64 skipped = 11;", "int64 left_out = 11;", /changed name from "skipped" to "left_out"/],
    ] as const) {
      const restore = await change(from, to);
      const { code, output } = await buf(["breaking", "--against", "published.txtpb"], copy);
      assert.equal(code, 100);
      assert.match(output, message);
      await restore();
    }
  });
});
