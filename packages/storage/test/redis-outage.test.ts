import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { seededRandom } from "@tse/simulation";
import {
  type BackendCondition,
  type CacheRepository,
  RedisBackend,
  type RedisSettings,
  type ServiceDiscoveryRepository,
} from "../src/index.ts";
import {
  type CutableProxy,
  cutableProxy,
  openTestRedis,
  redisSkip,
  systemClock,
  type TestRedis,
} from "../src/testing/index.ts";
import { recordedMetrics } from "./recorded-metrics.ts";
import { registration } from "./service-discovery-repository.contract.ts";

describe("a Redis server that goes away", { skip: redisSkip }, () => {
  let redis: TestRedis;
  let proxy: CutableProxy;
  let lines: string[];
  let gauges: Map<string, number>;
  const opened: RedisBackend[] = [];

  before(async () => {
    redis = await openTestRedis();
    proxy = await cutableProxy(redis.url);
  });
  afterEach(async () => {
    proxy.resume();
    await Promise.all(opened.splice(0).map((backend) => backend.close()));
  });
  after(async () => {
    await proxy.close();
    await redis.close();
  });

  const open = (settings: Partial<RedisSettings> = {}) => {
    lines = [];
    const recorded = recordedMetrics();
    gauges = recorded.gauges;
    const backend = new RedisBackend({
      url: proxy.url,
      settings,
      clock: systemClock,
      random: seededRandom(1),
      logger: {
        info: (message) => lines.push(message),
        warn: (message) => lines.push(message),
      },
      metrics: recorded.metrics,
    });
    opened.push(backend);
    return backend;
  };
  const cacheOf = (backend: RedisBackend): CacheRepository =>
    backend.cache({ namespace: redis.namespace, defaultTtlMs: 300_000 });
  const registryOf = (backend: RedisBackend): ServiceDiscoveryRepository =>
    backend.discovery({
      namespace: redis.namespace,
      registryNamespace: redis.registryNamespace,
      ttlMs: 90_000,
    });
  const becomes = (backend: RedisBackend, condition: BackendCondition) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (backend.monitor.state.condition === condition) return Promise.resolve();
    backend.monitor.onStateChange((state) => state.condition === condition && resolve());
    return promise;
  };
  /** In Redis itself, without the stand-in. */
  const stored = (key: string) => redis.command("GET", `${redis.namespace}:${key}`);
  /** Until the server answers again, and what is asked of it is what the answer is made of. */
  const untilStored = async (cache: CacheRepository, key: string) => {
    do await cache.set(key, "probe", 0);
    while ((await stored(key)) === null);
  };

  it("is stood in for at once, when it is away at the start too", async () => {
    proxy.refuse();
    const backend = open();
    await backend.monitor.connect();
    ok(lines.some((line) => line.includes("Running in stub mode")));
    equal(gauges.get("data_adapter_backend_state redis"), 0.5);

    const cache = cacheOf(backend);
    await cache.set("start", "x", 0);
    equal(await cache.get("start"), "x");
    await rejects(cache.healthCheck(), { code: "storage_unavailable" });
    const registry = registryOf(backend);
    await registry.register(registration("exchange-1"));
    await registry.heartbeat("exchange-1");
    deepEqual(
      (await registry.discover("exchange-simulator")).map(({ serviceId }) => serviceId),
      ["exchange-1"],
    );
  });

  it("that answers and refuses is not away: the registry stays in process, and one line says why", async () => {
    proxy.refuse();
    const backend = open();
    await backend.monitor.connect();
    const namespace = redis.namespace;
    const registryNamespace = "nobody-may-write-here";
    const registry = backend.discovery({ namespace, registryNamespace, ttlMs: 90_000 });
    await registry.register(registration("exchange-1"));
    proxy.resume();
    await becomes(backend, "connected");
    const cache = cacheOf(backend);
    await untilStored(cache, "probe");

    for (let i = 0; i < 50; i++) {
      await registry.heartbeat("exchange-1");
      await cache.set("still", "there", 0);
    }
    equal((await registry.getServiceInfo("exchange-1")).serviceId, "exchange-1");
    equal(await stored("still"), "there");
    equal(backend.monitor.state.condition, "connected");
    const refused = lines.filter((line) => line === "DataAdapter was refused by a backend");
    equal(refused.length, 1);
    ok(lines.length <= 4, lines.join("; "));
  });

  it("never makes a value out of date, whatever changed meanwhile", async () => {
    const backend = open();
    await backend.monitor.connect();
    const cache = cacheOf(backend);
    for (const key of ["changed", "deleted", "group:1", "kept"]) await cache.set(key, "old", 0);

    proxy.refuse();
    await becomes(backend, "degraded");
    await cache.set("changed", "new", 0);
    await cache.set("fleeting", "x", 0);
    equal(await cache.get("changed"), "new");
    equal(await cache.delete("deleted"), false);
    equal(await cache.deleteByPattern("group:*"), 0);
    equal(await stored("changed"), "old");

    proxy.resume();
    await becomes(backend, "connected");
    await untilStored(cache, "back");
    for (const key of ["changed", "deleted", "group:1"]) equal(await stored(key), null, key);
    await rejects(cache.get("changed"), { code: "not_found" });
    await rejects(cache.get("fleeting"), { code: "not_found" });
    equal(await cache.get("kept"), "old");
    deepEqual(lines, [
      "DataAdapter connected",
      "DataAdapter lost a backend",
      "DataAdapter connected",
    ]);
  });

  it("is given the services again when it comes back, and loses those that left", async () => {
    const backend = open();
    await backend.monitor.connect();
    const registry = registryOf(backend);
    await registry.register(registration("stays"));
    await registry.register(registration("leaves"));
    proxy.refuse();
    await becomes(backend, "degraded");
    await registry.deregister("leaves");
    await registry.register(registration("arrives"));
    // What a server without a memory comes back with.
    await redis.command("DEL", `${redis.registryNamespace}:service:stays`);

    proxy.resume();
    await becomes(backend, "connected");
    const expected = JSON.stringify(["arrives", "stays"]);
    const index = () => redis.command("SMEMBERS", `${redis.registryNamespace}:index`);
    while (JSON.stringify(((await index()) as string[]).sort()) !== expected);
    await registry.heartbeat("stays");
    deepEqual(
      (await registry.listServices()).map(({ serviceId }) => serviceId),
      ["arrives", "stays"],
    );
  });

  it("is not waited for when it falls silent", async () => {
    const backend = open({ dialTimeoutMs: 300 });
    await backend.monitor.connect();
    const cache = cacheOf(backend);
    await cache.set("slow", "old", 0);
    proxy.stall();
    const degraded = becomes(backend, "degraded");
    await cache.set("slow", "new", 0);
    await degraded;
    equal(await cache.get("slow"), "new");

    proxy.resume();
    await becomes(backend, "connected");
    await untilStored(cache, "heard");
    await rejects(cache.get("slow"), { code: "not_found" });
  });

  it("loses all its connections and is back with the next operation that notices", async () => {
    const backend = open();
    await backend.monitor.connect();
    const cache = cacheOf(backend);
    const degraded = becomes(backend, "degraded");
    proxy.cut();
    await degraded;
    await becomes(backend, "connected");
    await untilStored(cache, "again");
    equal(backend.monitor.state.reconnectAttempts, 0);
  });
});
