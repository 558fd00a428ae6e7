import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import { duration, timestamp } from "@tse/domain";
import { VirtualClock } from "@tse/simulation";
import {
  MemoryCacheRepository,
  MemoryServiceDiscoveryRepository,
  MemoryTimelineRepository,
} from "../src/index.ts";
import { cacheRepositoryContract } from "./cache-repository.contract.ts";
import { serviceDiscoveryRepositoryContract } from "./service-discovery-repository.contract.ts";
import { timelineRepositoryContract } from "./timeline-repository.contract.ts";

const start = timestamp(1_767_622_811_004_123);

cacheRepositoryContract("memory", false, async () => {
  const clock = new VirtualClock(start);
  return {
    cache: new MemoryCacheRepository({ clock, defaultTtlMs: 300_000 }),
    elapse: (ms) => clock.advance(duration(ms * 1000)),
    close: async () => {},
  };
});

serviceDiscoveryRepositoryContract("memory", false, async () => {
  const clock = new VirtualClock(start);
  const discovery = new MemoryServiceDiscoveryRepository({ clock, ttlMs: 90_000 });
  return {
    discovery,
    peer: discovery,
    ttlMs: 90_000,
    elapse: (ms) => clock.advance(duration(ms * 1000)),
    close: async () => {},
  };
});

timelineRepositoryContract("memory", false, async () => ({
  timelines: new MemoryTimelineRepository(),
  close: async () => {},
}));

describe("a bounded cache in memory", () => {
  it("lets the least recently used key go", async () => {
    const clock = new VirtualClock(start);
    const cache = new MemoryCacheRepository({ clock, defaultTtlMs: 1000, keysMax: 3 });
    for (const key of ["a", "b", "c"]) await cache.set(key, key, 0);
    await cache.get("a");
    await cache.set("b", "again", 0);
    await cache.set("d", "d", 0);
    deepEqual((await cache.keys("*")).sort(), ["a", "b", "d"]);
  });

  it("holds 100,000 keys when nothing else is said", async () => {
    const clock = new VirtualClock(start);
    const cache = new MemoryCacheRepository({ clock, defaultTtlMs: 1000 });
    for (let key = 0; key <= 100_000; key += 1) await cache.set(String(key), "", 0);
    equal((await cache.keys("*")).length, 100_000);
    equal(await cache.exists("0"), false);
  });
});
