import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { describe, it } from "node:test";
import { Lifecycle, silentLogger, stopOnSignals } from "../src/index.ts";
import { recordingLogger } from "./support.ts";

const create = (shutdownTimeoutMs = 1_000) => {
  const log = recordingLogger();
  return { log, lifecycle: new Lifecycle({ logger: log.logger, shutdownTimeoutMs }) };
};

describe("a lifecycle", () => {
  it("stops what it started, in the reverse order, each once", async () => {
    const { lifecycle, log } = create();
    const tape: string[] = [];
    for (const name of ["clock", "journal", "http"]) {
      await lifecycle.start({
        name,
        start: async () => void tape.push(`start ${name}`),
        stop: async () => void tape.push(`stop ${name}`),
      });
    }
    assert.deepEqual(await Promise.all([lifecycle.stop(), lifecycle.stop()]), [true, true]);
    assert.equal(await lifecycle.stop(), true);
    assert.deepEqual(tape, [
      "start clock",
      "start journal",
      "start http",
      "stop http",
      "stop journal",
      "stop clock",
    ]);
    const stopped = log.lines().filter(({ message }) => message === "stopped");
    assert.deepEqual(
      stopped.map(({ step }) => step),
      ["http", "journal", "clock"],
    );
  });

  it("doesn't stop what failed to start, but what had started before it", async () => {
    const { lifecycle } = create();
    const stopped: string[] = [];
    await lifecycle.start({ name: "a", stop: () => void stopped.push("a") });
    const broken = {
      name: "b",
      start: () => Promise.reject(new Error("no port")),
      stop: () => void stopped.push("b"),
    };
    await assert.rejects(lifecycle.start(broken), /no port/);
    assert.equal(await lifecycle.stop(), true);
    assert.deepEqual(stopped, ["a"]);
  });

  it("logs a step that fails to stop and goes on with the next", async () => {
    const { lifecycle, log } = create();
    const stopped: string[] = [];
    await lifecycle.start({ name: "first", stop: () => void stopped.push("first") });
    await lifecycle.start({
      name: "broken",
      stop() {
        throw new Error("stuck");
      },
    });
    assert.equal(await lifecycle.stop(), false);
    assert.deepEqual(stopped, ["first"]);
    const line = log.lines().find(({ message }) => message === "failed to stop");
    assert.equal(line?.step, "broken");
  });

  it("gives up a step that takes longer than its share, and keeps to the budget", async () => {
    const { lifecycle } = create(200);
    const stopped: string[] = [];
    await lifecycle.start({ name: "last", stop: () => void stopped.push("last") });
    await lifecycle.start({ name: "hangs", stop: () => new Promise(() => {}) });
    await lifecycle.start({ name: "share", stop: () => new Promise(() => {}), stopWithinMs: 20 });

    const began = Date.now();
    assert.equal(await lifecycle.stop(), false);
    const took = Date.now() - began;
    assert.ok(took >= 190, `${took} ms`);
    assert.deepEqual(stopped, ["last"]);
  });
});

describe("signals", () => {
  /** Stands at the edge of our code, where the process would be. */
  class Signals extends EventEmitter {
    readonly exits: number[] = [];
    readonly exited = Promise.withResolvers<void>();

    exit(code: number): void {
      this.exits.push(code);
      this.exited.resolve();
    }
  }

  it("stop the service once and exit with 0 when all went well", async () => {
    const source = new Signals();
    let stops = 0;
    const stop = async (): Promise<boolean> => {
      stops += 1;
      return true;
    };
    const unwire = stopOnSignals({ logger: silentLogger, stop, source });
    source.emit("SIGTERM", "SIGTERM");
    await source.exited.promise;
    assert.deepEqual(source.exits, [0]);
    assert.equal(stops, 1);

    unwire();
    assert.deepEqual(source.eventNames(), []);
  });

  it("exit with 1 when a step failed to stop", async () => {
    const source = new Signals();
    stopOnSignals({ logger: silentLogger, stop: async () => false, source });
    source.emit("SIGINT", "SIGINT");
    await source.exited.promise;
    assert.deepEqual(source.exits, [1]);
  });

  it("exit with 1 at once when a second one comes", () => {
    const source = new Signals();
    stopOnSignals({ logger: silentLogger, stop: () => new Promise(() => {}), source });
    source.emit("SIGINT", "SIGINT");
    assert.deepEqual(source.exits, []);
    source.emit("SIGTERM", "SIGTERM");
    assert.deepEqual(source.exits, [1]);
  });

  it("exit with 1 when an error nobody caught comes while stopping", async () => {
    const source = new Signals();
    const stopped = Promise.withResolvers<boolean>();
    stopOnSignals({ logger: silentLogger, stop: () => stopped.promise, source });
    source.emit("SIGINT", "SIGINT");
    source.emit("unhandledRejection", new Error("a bug"));
    stopped.resolve(true);
    await source.exited.promise;
    assert.deepEqual(source.exits, [1]);
  });

  it("of an error nobody caught: logged, orderly shutdown, exit code 1", async () => {
    const source = new Signals();
    const { logger, text } = recordingLogger();
    let stops = 0;
    const stop = async (): Promise<boolean> => {
      stops += 1;
      return true;
    };
    stopOnSignals({ logger, stop, source });
    source.emit("uncaughtException", new Error("a bug"));
    source.emit("unhandledRejection", new Error("another"));
    await source.exited.promise;
    assert.deepEqual(source.exits, [1]);
    assert.equal(stops, 1);
    assert.match(text(), /a bug.*another/s);
  });
});
