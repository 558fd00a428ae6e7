import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

async function run<Result>(
  argv: readonly string[],
  use: (child: ReturnType<typeof spawn>, directory: string) => Promise<Result>,
  prepare: (directory: string) => Promise<unknown> = async () => {},
): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), "market-data-"));
  await prepare(directory);
  const child = spawn(process.execPath, [MAIN, ...argv], {
    cwd: directory,
    env: { PATH: process.env.PATH, LOG_LEVEL: "error", STORE: "memory" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  try {
    return await use(child, directory);
  } finally {
    child.kill("SIGKILL");
    await ended;
    await rm(directory, { recursive: true });
  }
}

describe("the market-data simulator, run alone,", () => {
  it("says where it listens, serves prices, and ends in order at a signal", async () => {
    await run(["--port", "0"], async (child, directory) => {
      assert(child.stdout !== null);
      const [text] = await once(createInterface(child.stdout), "line");
      const line = JSON.parse(text as string) as Record<string, string>;
      assert.equal(line.event, "listening");
      assert.match(line.http ?? "", /^http:\/\/127\.0\.0\.1:\d+$/);
      assert.match(line.grpc ?? "", /^127\.0\.0\.1:\d+$/);
      const kept = await readFile(join(directory, line.adminTokenFile ?? ""), "utf8");
      assert.equal(kept, `${line.adminToken}\n`);
      const answer = await fetch(`${line.http}/api/v1/prices/BTC-USD`);
      const price = (await answer.json()) as { sequence: number };
      assert.ok(price.sequence >= 1);
      child.kill("SIGTERM");
      const [code] = await once(child, "exit");
      assert.equal(code, 0);
      const record = await readFile(
        join(directory, ".tse/market-data-simulator/feed.jsonl"),
        "utf8",
      );
      assert.match(record, /^\{"kind":"segment","number":1,"seed":"42"/);
    });
  });

  it("explains itself with --help, and starts nothing", async () => {
    await run(["--help"], async (child) => {
      assert(child.stdout !== null);
      const [usage] = await once(createInterface(child.stdout), "line");
      assert.equal(usage, "Usage: market-data-simulator [options]");
      const [code] = await once(child, "exit");
      assert.equal(code, 0);
    });
  });

  it("says in one line what is wrong with its record, also with a database to be closed again", async () => {
    const argv = ["--port", "0", "--store", "embedded", "--data-dir", "."];
    const damage = (directory: string) => writeFile(join(directory, "feed.jsonl"), "null\n");
    await run(
      argv,
      async (child) => {
        assert(child.stderr !== null);
        const [text] = await once(createInterface(child.stderr), "line");
        assert.match(String(text), /^market-data-simulator: feed\.jsonl, line 1, can't be read/);
        const [code] = await once(child, "exit");
        assert.equal(code, 1);
      },
      damage,
    );
  });

  it("says in one line what is wrong with its configuration", async () => {
    await run(["--mode", "magic"], async (child) => {
      assert(child.stderr !== null);
      const [text] = await once(createInterface(child.stderr), "line");
      assert.match(String(text), /^market-data-simulator: --mode is "magic": expected one of/);
      const [code] = await once(child, "exit");
      assert.equal(code, 2);
    });
  });
});
