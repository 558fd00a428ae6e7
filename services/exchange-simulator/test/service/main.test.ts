import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** The first line that the service prints, run alone in an empty directory. */
async function firstLine(environment: Readonly<Record<string, string>>) {
  const directory = await mkdtemp(join(tmpdir(), "exchange-"));
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [MAIN, "--port", "0"], {
    cwd: directory,
    env: { PATH, NODE_COMPILE_CACHE, LOG_LEVEL: "error", ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  try {
    const [text] = await once(createInterface(child.stdout), "line");
    const line = JSON.parse(text as string) as Record<string, string>;
    const file = line.adminTokenFile;
    const kept = file === undefined ? undefined : await readFile(join(directory, file), "utf8");
    return { line, kept };
  } finally {
    child.kill("SIGKILL");
    await ended;
    await rm(directory, { recursive: true });
  }
}

describe("the exchange simulator, run alone,", () => {
  it("says where it listens, and the admin token that it made and keeps", async () => {
    const { line, kept } = await firstLine({});
    assert.equal(line.event, "listening");
    assert.match(line.http ?? "", /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(kept, `${line.adminToken}\n`);
  });

  it("doesn't say an admin token that it was given", async () => {
    const { line } = await firstLine({ ADMIN_TOKEN: "a-token-of-the-operator" });
    assert.deepEqual(Object.keys(line), ["event", "service", "http", "admin"]);
  });

  it("explains itself with --help, and starts nothing", async () => {
    const child = spawn(process.execPath, [MAIN, "--help"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "close");
    const [usage] = await once(createInterface(child.stdout), "line");
    assert.equal(usage, "Usage: exchange-simulator [options]");
    assert.deepEqual(await ended, [0, null]);
  });
});
