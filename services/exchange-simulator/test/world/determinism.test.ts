import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { eventHash } from "./event-hash.ts";

const SCRIPT = fileURLToPath(new URL("./print-event-hash.ts", import.meta.url));

async function hashOfProcess(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, ...args]);
  return stdout;
}

describe("A world on a virtual clock", () => {
  it("does the same for the same seed, in one step or many, in one process or two", async () => {
    const inOneStep = hashOfProcess("42", "10m");
    const inManySteps = await eventHash("42", ["1s", "59s", "250ms", "4m", "299750ms"]);

    assert.match(inManySteps, /^[0-9a-f]{64}$/);
    assert.equal(await inOneStep, inManySteps);
  });

  it("does something else for another seed", async () => {
    assert.notEqual(await eventHash("1", ["10s"]), await eventHash("2", ["10s"]));
  });
});
