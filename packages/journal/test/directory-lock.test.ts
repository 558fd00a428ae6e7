import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { DirectoryInUse, lockDirectory } from "../src/index.ts";

const HOLDER = fileURLToPath(new URL("./lock-holder.ts", import.meta.url));

describe("the lock of a data directory", () => {
  const root = mkdtempSync(path.join(tmpdir(), "journal-lock-"));
  const holders: ChildProcess[] = [];
  after(() => {
    for (const holder of holders) holder.kill("SIGKILL");
    rmSync(root, { recursive: true });
  });

  /** A process that tries to take the lock, what it says about it, and what it warns of. */
  async function another(
    directory: string,
  ): Promise<{ holder: ChildProcess; said: string; warned: string }> {
    const holder = spawn(process.execPath, ["--expose-gc", HOLDER, directory], { stdio: "pipe" });
    holders.push(holder);
    let warned = "";
    holder.stderr.on("data", (text) => {
      warned += text;
    });
    const [said] = await once(holder.stdout, "data");
    return { holder, said: String(said).trim(), warned };
  }

  it("is taken by one process, refused to a second, and free after a kill", async () => {
    const directory = path.join(root, "new", "world");
    const { holder, said, warned } = await another(directory);
    assert.equal(said, "locked");
    assert.equal(warned, "", "nothing is printed about an experimental feature");
    assert.throws(
      () => lockDirectory(directory),
      (error: unknown) => {
        assert.ok(error instanceof DirectoryInUse);
        assert.equal(error.directory, directory);
        assert.ok(error.message.startsWith(`${directory} is in use by another process: stop`));
        return true;
      },
    );
    assert.equal((await another(directory)).said, "directory_in_use");

    holder.kill("SIGKILL");
    await once(holder, "exit");
    lockDirectory(directory).release();
  });

  it("is refused within the process too, until it is released", () => {
    const directory = path.join(root, "own");
    const lock = lockDirectory(directory);
    assert.throws(() => lockDirectory(directory), DirectoryInUse);
    lock.release();
    lockDirectory(directory).release();
  });
});
