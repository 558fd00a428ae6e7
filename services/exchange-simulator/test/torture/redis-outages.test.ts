import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { cutableProxy, redisSkip } from "@tse/storage/testing";
import { privateRedis } from "./private-servers.ts";
import { TradedWorld } from "./traded-world.ts";

/** By hand a minute: `OUTAGE_SECONDS=60`. */
const OUTAGE_MS = 1_000 * Number(process.env.OUTAGE_SECONDS ?? 5);

describe("while Redis comes and goes, the exchange", { skip: redisSkip }, () => {
  it("answers as ever, at the same pace, and is found again in the registry", async (test) => {
    await using redis = await privateRedis();
    await redis.start();
    const proxy = await cutableProxy(redis.url);
    await using world = await TradedWorld.open({
      environment: {
        STORE: "memory",
        REDIS_URL: proxy.url,
        REDIS_NAMESPACE: "outage",
        HEARTBEAT_INTERVAL: "200ms",
        SERVICE_TTL: "2s",
      },
    });
    const untilFound = async () => {
      const entry = "registry:service:exchange-simulator";
      while ((await redis.ask("EXISTS", entry)) !== "1") await pause(50);
    };
    await untilFound();
    const load = world.load();
    await load.untilAcknowledged(300);
    const p99 = { before: load.takeP99(), slow: 0, killed: 0, restarted: 0, flushed: 0 };

    proxy.stall();
    await pause(OUTAGE_MS / 2);
    await load.untilAcknowledged(100);
    p99.slow = load.takeP99();
    proxy.resume();

    await redis.stop("SIGKILL");
    await pause(OUTAGE_MS);
    await load.untilAcknowledged(100);
    p99.killed = load.takeP99();
    await world.untilReadiness("degraded");

    await redis.start();
    await load.untilAcknowledged(100);
    p99.restarted = load.takeP99();
    await untilFound();

    equal(await redis.ask("FLUSHALL"), "OK");
    await load.untilAcknowledged(100);
    p99.flushed = load.takeP99();
    await untilFound();
    deepEqual(await load.done(), []);
    deepEqual(await world.findings(), []);
    await proxy.close();
    test.diagnostic(`ms within which 99 of 100 answers came: ${JSON.stringify(p99)}`);
  });
});
