import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { facts, jsonLine, plural, sizeText, table } from "../src/readable.ts";

describe("what people read", () => {
  it("has sizes in the largest unit that leaves a figure before the point", () => {
    const sizes = [0, 999, 1_000, 67_108_864, 999_600_000, 5_000_000_000_000_000].map(sizeText);
    assert.deepEqual(sizes, ["0 B", "999 B", "1.0 kB", "67.1 MB", "1.0 GB", "5000 TB"]);
  });

  it("counts things", () => {
    assert.deepEqual(
      [0, 1, 1_234].map((count) => plural(count, "command")),
      ["0 commands", "1 command", "1,234 commands"],
    );
  });

  it("lines columns up, text at its beginning and figures at their end", () => {
    const columns = [{ title: "Name" }, { title: "Size", isFigure: true }];
    assert.equal(
      table(columns, [
        ["a", "1 B"],
        ["longer", "100 kB"],
      ]),
      "  Name      Size\n  a          1 B\n  longer  100 kB\n",
    );
    assert.equal(
      facts([
        ["Seed", "7"],
        ["Size", "1 B"],
        ["Commands", "3"],
      ]),
      "  Seed      7\n  Size      1 B\n  Commands  3\n",
    );
  });

  it("writes bigints into JSON as decimal text", () => {
    assert.equal(jsonLine({ amount: 9_007_199_254_740_993n }), '{"amount":"9007199254740993"}\n');
  });
});
