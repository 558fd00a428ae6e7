import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ProgressLine } from "../src/progress.ts";

/** Shows steps at given milliseconds after the beginning. */
function shown(isTTY: boolean, steps: readonly (readonly [number, string, number])[]): string {
  let text = "";
  let now = 5_000;
  const output = {
    isTTY,
    write(more: string) {
      text += more;
    },
  };
  const progress = new ProgressLine(output, () => now);
  for (const [at, doing, done] of steps) {
    now = 5_000 + at;
    progress.show({ doing, done, total: 2_000 });
  }
  progress.end();
  return text;
}

describe("progress", () => {
  it("is not shown within the first second", () => {
    assert.equal(
      shown(true, [
        [0, "packing", 0],
        [999, "packing", 1_999],
      ]),
      "",
    );
  });

  it("is one line on a terminal, drawn again at most ten times a second, and gone at the end", () => {
    const clear = "\r\u001b[K";
    assert.equal(
      shown(true, [
        [1_000, "packing", 1_000],
        [1_099, "packing", 1_500],
        [1_100, "packing", 1_600],
      ]),
      `${clear}  packing: 50 % (1,000 of 2,000)${clear}  packing: 80 % (1,600 of 2,000)${clear}`,
    );
  });

  it("is a plain line for each step elsewhere", () => {
    assert.equal(
      shown(false, [
        [1_000, "packing", 1],
        [1_500, "packing", 2],
        [1_600, "verifying", 0],
      ]),
      "packing\nverifying\n",
    );
  });

  it("says after a second what can't tell how far it is", (test) => {
    test.mock.timers.enable({ apis: ["setTimeout"] });
    let text = "";
    const output = { write: (more: string) => (text += more) };
    const progress = new ProgressLine(output);
    progress.wait("importing");
    test.mock.timers.tick(999);
    assert.equal(text, "");
    test.mock.timers.tick(1);
    assert.equal(text, "importing\n");
    progress.wait("importing more");
    progress.end();
    test.mock.timers.tick(5_000);
    assert.equal(text, "importing\n");
  });
});
