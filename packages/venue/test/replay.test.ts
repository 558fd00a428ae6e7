import { equal, notEqual } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { replay } from "./replay.ts";

const COMMANDS = 20_000;

describe("the same commands", () => {
  it("give the same events and state, byte for byte, in two processes", () => {
    const program = fileURLToPath(new URL("replay.ts", import.meta.url));
    const other = execFileSync(process.execPath, [program, "seed", `${COMMANDS}`], {
      encoding: "utf8",
    });

    equal(replay("seed", COMMANDS), other);
  });

  it("give the same again, and others give others", () => {
    equal(replay("a", 2_000), replay("a", 2_000));
    notEqual(replay("a", 2_000), replay("b", 2_000));
    notEqual(replay("a", 2_000), replay("a", 1_999));
  });
});
