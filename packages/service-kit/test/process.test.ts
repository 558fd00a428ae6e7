import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { afterEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { Line } from "./support.ts";

const GREETER = fileURLToPath(new URL("fixtures/greeter.ts", import.meta.url));

interface Greeter {
  readonly child: ChildProcess;
  readonly url: string;
  /** Exit code, once all output was read. */
  readonly ended: Promise<number | null>;
  /** Resolves when a line with this message is logged. */
  logged(message: string): Promise<void>;
  lines(): Line[];
}

let running: ChildProcess | undefined;
afterEach(() => running?.kill("SIGKILL"));

/** Starts the program and waits until it told its URL. */
async function start(): Promise<Greeter> {
  const child = spawn(process.execPath, [GREETER, "--port", "0"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  running = child;
  let log = "";
  child.stderr.on("data", (chunk) => {
    log += chunk;
  });
  const ended = once(child, "close").then(([code]) => code as number | null);
  const [first] = await once(child.stdout, "data");
  return {
    child,
    url: String(first).trim(),
    ended,
    async logged(message) {
      while (!log.includes(`"message":"${message}"`)) await once(child.stderr, "data");
    },
    lines: () =>
      log
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line) as Line),
  };
}

describe("a service as a process", () => {
  it("answers, and at SIGTERM stops in order and exits with 0", async () => {
    const { child, url, ended, lines } = await start();
    assert.deepEqual(await (await fetch(`${url}/greet/world`)).json(), { hello: "world" });
    assert.equal((await fetch(`${url}/greet/nobody`)).status, 404);
    assert.equal((await fetch(`${url}/api/v1/ready`)).status, 200);

    child.kill("SIGTERM");
    assert.equal(await ended, 0);
    const stopped = lines().filter(({ message }) => message === "stopped");
    assert.deepEqual(
      stopped.map(({ step }) => step),
      ["readiness", "http"],
    );
  });

  it("exits with 1 at once at a second signal, whatever is still open", async () => {
    const { child, url, ended, logged } = await start();
    const pending = fetch(`${url}/forever`).catch(() => "cut");
    await fetch(`${url}/greet/world`);
    child.kill("SIGINT");
    await logged("signal received");
    child.kill("SIGTERM");
    assert.equal(await ended, 1);
    assert.equal(await pending, "cut");
  });

  it("answers the request that met a bug, logs the bug, stops in order and exits with 1", async () => {
    const { url, ended, lines } = await start();
    const response = await fetch(`${url}/bug`);
    assert.equal(response.status, 500);
    assert.doesNotMatch(await response.text(), /greeting/);

    assert.equal(await ended, 1);
    const messages = lines().map(({ message }) => message);
    assert.ok(messages.includes("uncaught error") && messages.includes("stopped"));
  });

  it("ends with one clear sentence for a setting that doesn't fit", async () => {
    const child = spawn(process.execPath, [GREETER, "--port", "http"], { stdio: "pipe" });
    running = child;
    let output = "";
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    const [code] = await once(child, "close");
    assert.equal(code, 1);
    assert.match(output, /--port is "http": expected a whole number from 0 to 65535/);
  });
});
