import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { describe, it } from "node:test";
import { duration, type Timestamp, timestamp } from "@tse/domain";
import { seededRandom, VirtualClock } from "@tse/simulation";
import { BackendMonitor, notConfigured, StorageError } from "../src/index.ts";
import { recordedMetrics } from "./recorded-metrics.ts";

const away = new StorageError("storage_unavailable", "away");
const SECOND = 1_000_000;

/** A backend whose pings and preparation end as told, and what a monitor made of it. */
function watched(options: { prepare?: () => Promise<void> } = {}) {
  const clock = new VirtualClock(timestamp(0));
  const lines: string[] = [];
  const pings: Timestamp[] = [];
  const { metrics, gauges, counters } = recordedMetrics();
  const backend: { ping: () => Promise<void> } = { ping: async () => {} };
  const monitor = new BackendMonitor({
    backend: "postgres",
    ping: () => {
      pings.push(clock.now());
      return backend.ping();
    },
    clock,
    random: seededRandom(1),
    logger: {
      info: (message) => lines.push(`info ${message}`),
      warn: (message) => lines.push(`warn ${message}`),
    },
    metrics,
    ...options,
  });
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const advance = (seconds: number) => clock.advance(duration(seconds * SECOND), settle);
  return { monitor, backend, clock, lines, pings, gauges, counters, advance, settle };
}

describe("a monitor of a backend", () => {
  it("connects, says so once, and shows it", async () => {
    const { monitor, lines, gauges } = watched();
    equal(monitor.state.condition, "degraded");

    await monitor.connect();
    await monitor.healthCheck();

    equal(monitor.state.condition, "connected");
    deepEqual(lines, ["info DataAdapter connected"]);
    equal(gauges.get("data_adapter_backend_state postgres"), 1);
  });

  it("says nothing of a backend that it isn't to find any more", async () => {
    const { monitor, backend, lines, pings, advance } = watched();
    backend.ping = async () => {
      monitor.close();
      throw away;
    };
    await monitor.connect();
    await advance(60);
    deepEqual([lines, pings.length], [[], 1]);
  });

  it("starts in stub mode without the backend, and finds it later", async () => {
    const { monitor, backend, lines, gauges, counters, advance } = watched();
    backend.ping = async () => {
      throw away;
    };
    await monitor.connect();
    deepEqual(lines, ["warn Running in stub mode: a backend can't be reached"]);
    deepEqual(monitor.state, {
      backend: "postgres",
      condition: "degraded",
      since: 0,
      lastError: "storage_unavailable",
      reconnectAttempts: 0,
    });
    equal(gauges.get("data_adapter_backend_state postgres"), 0.5);

    await advance(2);
    ok(monitor.state.reconnectAttempts >= 2);
    backend.ping = async () => {};
    await advance(5);

    equal(monitor.state.condition, "connected");
    equal(monitor.state.reconnectAttempts, 0);
    equal(lines.at(-1), "info DataAdapter connected");
    equal(lines.length, 2);
    equal(counters.get("data_adapter_reconnects_total postgres"), 1);
  });

  it("waits twice as long each time up to 30 s, a fifth more or less, for ever", async () => {
    const { monitor, backend, pings, advance } = watched();
    backend.ping = async () => {
      throw away;
    };
    await monitor.connect();
    await advance(600);

    const waits = pings.slice(1).map((at, index) => (at - pings[index]!) / SECOND);
    ok(waits.length > 20);
    for (const [index, wait] of waits.entries()) {
      const whole = Math.min(0.25 * 2 ** index, 30);
      ok(wait >= whole * 0.8 && wait <= whole * 1.2, `wait ${index} of ${wait} s`);
    }
    ok(new Set(waits.slice(8)).size > 1, "the waits differ by chance");
  });

  it("notices a failed operation, tells listeners, and recovers", async () => {
    const { monitor, lines, advance } = watched();
    const seen: string[] = [];
    const stop = monitor.onStateChange(({ condition }) => seen.push(condition));
    await monitor.connect();

    monitor.report(away);
    monitor.report(away);
    await advance(1);
    stop();
    monitor.report(away);

    deepEqual(seen, ["connected", "degraded", "connected"]);
    deepEqual(lines, [
      "info DataAdapter connected",
      "warn DataAdapter lost a backend",
      "info DataAdapter connected",
      "warn DataAdapter lost a backend",
    ]);
  });

  it("is connected again as soon as any operation succeeds", async () => {
    const { monitor, clock } = watched();
    await monitor.connect();
    monitor.report(away);
    monitor.report(undefined);
    equal(monitor.state.condition, "connected");
    equal(clock.pending, 0);
  });

  it("gives up on a silent backend after 10 s at the start and 5 s in a health check", async () => {
    const { monitor, backend, clock, advance } = watched();
    backend.ping = () => new Promise(() => {});
    const connected = monitor.connect();
    await advance(10);
    await connected;
    equal(monitor.state.lastError, "storage_unavailable");

    const begun = clock.now();
    const check = rejects(monitor.healthCheck(), {
      code: "storage_unavailable",
      message: /postgres/,
    });
    await advance(5);
    await check;
    equal(clock.now() - begun, 5 * SECOND);
  });

  it("prepares once before it counts as connected, and again after a failure", async () => {
    let prepared = 0;
    const { monitor, advance } = watched({
      prepare: async () => {
        prepared += 1;
        monitor.report(undefined);
        equal(monitor.state.condition, "degraded");
        if (prepared === 1) throw away;
      },
    });
    await monitor.connect();
    equal(monitor.state.condition, "degraded");
    await advance(1);
    equal(monitor.state.condition, "connected");
    monitor.report(away);
    await advance(1);
    equal(prepared, 2);
  });

  it("lets a refusal of the preparation stop the start, and tells of it once afterwards", async () => {
    const refusal = new StorageError("schema_in_use", "in use");
    let answer: StorageError | undefined = refusal;
    const prepare = async () => {
      if (answer !== undefined) throw answer;
    };
    await rejects(watched({ prepare }).monitor.connect(), { code: "schema_in_use" });

    const { monitor, backend, lines, advance } = watched({ prepare });
    backend.ping = async () => {
      throw away;
    };
    await monitor.connect();
    backend.ping = async () => {};
    await advance(10);
    equal(monitor.state.lastError, "schema_in_use");
    deepEqual(lines.slice(1), ["warn DataAdapter was refused by a backend"]);

    answer = undefined;
    await advance(60);
    equal(monitor.state.condition, "connected");
  });

  it("tries no more after it was closed", async () => {
    const { monitor, clock } = watched();
    await monitor.connect();
    monitor.report(away);
    monitor.close();
    equal(clock.pending, 0);
  });

  it("knows backends that are not configured", () => {
    const { metrics, gauges } = recordedMetrics();
    equal(notConfigured("redis", timestamp(5), metrics).condition, "not-configured");
    equal(gauges.get("data_adapter_backend_state redis"), 0);
  });
});
