import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { timestamp } from "@tse/domain";
import { VirtualClock } from "@tse/simulation";
import {
  type CheckResult,
  createHttpHost,
  Health,
  type Phase,
  PrometheusMetrics,
  platformRoutes,
} from "../src/index.ts";
import { recordingLogger } from "./support.ts";

const UP: CheckResult = { verdict: "up", state: "connected" };

function create(onPhase: (phase: Phase) => void = () => {}) {
  const log = recordingLogger();
  const metrics = new PrometheusMetrics({ constantLabels: {}, runtime: false });
  const health = new Health({
    service: "exchange-simulator",
    instance: "exchange-okx",
    version: "1.0.0",
    environment: "test",
    clock: new VirtualClock(timestamp(Date.parse("2026-01-05T14:23:30.120Z") * 1000)),
    logger: log.logger,
    metrics,
    onPhase,
  });
  return { health, log, scrape: async () => (await metrics.getHttpHandler()()).body };
}

describe("liveness", () => {
  it("is healthy in every phase, whatever the dependencies do", async () => {
    const { health } = create();
    health.register("database", () => Promise.reject(new Error("down")), { critical: true });
    assert.deepEqual(health.liveness(), {
      status: "healthy",
      timestamp: "2026-01-05T14:23:30.120Z",
      service: "exchange-simulator",
      instance: "exchange-okx",
      version: "1.0.0",
      environment: "test",
    });
  });
});

describe("readiness", () => {
  it("is ready only while serving", async () => {
    const { health } = create();
    assert.equal((await health.readiness()).status, "not_ready");
    for (const phase of ["recovering", "downtime", "stopping"] as const) {
      health.phase = phase;
      assert.equal((await health.readiness()).status, "not_ready");
    }
    health.phase = "serving";
    assert.equal((await health.readiness()).status, "ready");
  });

  it("doesn't say that a downtime is a simulated one", async () => {
    const { health } = create();
    health.phase = "recovering";
    const real = await health.readiness();
    health.phase = "downtime";
    assert.deepEqual(await health.readiness(), real);
  });

  it("tells of each phase once", () => {
    const phases: string[] = [];
    const { health } = create((phase) => phases.push(phase));
    for (const phase of ["recovering", "serving", "serving", "stopping"] as const) {
      health.phase = phase;
    }
    assert.deepEqual(phases, ["recovering", "serving", "stopping"]);
  });

  it("is degraded without what isn't critical, and not ready without what is", async () => {
    const { health } = create();
    health.phase = "serving";
    const state: Record<string, CheckResult> = { journal: UP, redis: UP };
    health.register("journal", () => state.journal as CheckResult, { critical: true });
    health.register("redis", async () => state.redis as CheckResult, { critical: false });
    assert.equal((await health.readiness()).status, "ready");

    state.redis = { verdict: "down", state: "lost", details: { fallback: "in-process" } };
    await health.refresh("redis");
    const degraded = await health.readiness();
    assert.equal(degraded.status, "degraded");
    assert.deepEqual(degraded.checks.redis, { fallback: "in-process", state: "lost" });

    state.journal = { verdict: "degraded", state: "slow" };
    await health.refresh("journal");
    assert.equal((await health.readiness()).status, "degraded");
    state.journal = { verdict: "down", state: "dead" };
    await health.refresh("journal");
    assert.equal((await health.readiness()).status, "not_ready");
  });

  it("measures when it is first asked, and doesn't again while the result is fresh", async () => {
    const { health } = create();
    health.phase = "serving";
    let runs = 0;
    const check = (): CheckResult => {
      runs += 1;
      return UP;
    };
    health.register("database", check, { critical: true });
    for (let i = 0; i < 5; i++) assert.equal((await health.readiness()).status, "ready");
    assert.equal(runs, 1);
  });

  it("answers within 100 ms when a check hangs, and doesn't call it up", async ({ mock }) => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const { health } = create();
    health.phase = "serving";
    let runs = 0;
    const hang = (): Promise<CheckResult> => {
      runs += 1;
      return new Promise(() => {});
    };
    health.register("database", hang, { critical: true });
    const pending = health.readiness();
    mock.timers.tick(99);
    const reply = await pending;
    assert.equal(reply.status, "not_ready");
    assert.deepEqual(reply.checks.database, { state: "no-answer" });
    const again = health.readiness();
    mock.timers.tick(99);
    await again;
    assert.equal(runs, 1);
  });

  it("logs what a check throws, and shows none of it", async () => {
    const { health, log } = create();
    health.phase = "serving";
    health.register("database", () => Promise.reject(new Error("host db.example.org refused")), {
      critical: true,
    });
    const reply = await health.readiness();
    assert.deepEqual(reply.checks.database, { state: "failed" });
    assert.match(log.text(), /db\.example\.org/);
  });

  it("keeps the dependency gauge at what really is, without being asked", async () => {
    const { health, scrape } = create();
    let result: CheckResult = UP;
    const changed = Promise.withResolvers<void>();
    health.register(
      "redis",
      () => {
        if (result !== UP) changed.resolve();
        return result;
      },
      { critical: false },
    );
    await health.refresh("redis");
    assert.match(await scrape(), /^service_dependency_ready\{dependency="redis"\} 1$/m);

    health.start(5);
    result = { verdict: "down", state: "lost" };
    const alive = setInterval(() => {}, 1000);
    await changed.promise;
    clearInterval(alive);
    await health.refresh("redis");
    health.stop();
    assert.match(await scrape(), /^service_dependency_ready\{dependency="redis"\} 0$/m);
  });
});

describe("the routes of every service", () => {
  it("answer health, readiness and metrics", async () => {
    const { health } = create();
    const metrics = new PrometheusMetrics({ constantLabels: { service: "s" } });
    const { logger } = recordingLogger();
    const app = createHttpHost({ logger, metrics });
    platformRoutes(app, { health, metrics });
    health.register("redis", () => ({ ...UP, details: { backend: "in-process" } }), {
      critical: false,
    });

    for (const url of ["/health", "/api/v1/health"]) {
      const reply = await app.inject(url);
      assert.equal(reply.statusCode, 200);
      assert.deepEqual(reply.json(), health.liveness());
    }
    const starting = await app.inject("/api/v1/ready");
    assert.equal(starting.statusCode, 503);
    assert.equal(starting.json().status, "not_ready");

    health.phase = "serving";
    const ready = await app.inject("/api/v1/ready");
    assert.equal(ready.statusCode, 200);
    assert.deepEqual(ready.json(), {
      status: "ready",
      timestamp: "2026-01-05T14:23:30.120Z",
      checks: { redis: { backend: "in-process", state: "connected" } },
    });
    health.phase = "downtime";
    const down = await app.inject("/api/v1/ready");
    assert.equal(down.statusCode, 503);
    assert.deepEqual(down.json(), { ...ready.json(), status: "not_ready" });

    const scrape = await app.inject("/metrics");
    assert.match(String(scrape.headers["content-type"]), /^text\/plain/);
    assert.match(scrape.body, /http_requests_total\{.*route="\/api\/v1\/ready"/);
    await app.close();
  });
});
