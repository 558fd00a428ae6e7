import { equal, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = fileURLToPath(new URL("..", import.meta.url));

describe("the README's example", () => {
  it("runs as it stands and prints what the README says", async () => {
    const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
    const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
    const [, printed = ""] = /```text\n([\s\S]*?)```/.exec(readme) ?? [];

    const program = ["--input-type=module-typescript", "--eval", code];
    const { stdout } = await promisify(execFile)(process.execPath, program, { cwd: here });
    ok(printed.length > 0);
    equal(stdout, printed);
  });
});
