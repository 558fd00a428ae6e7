import { deepEqual, equal, ok, rejects, throws } from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  RedisCacheRepository,
  RedisConnection,
  RedisServiceDiscoveryRepository,
  RedisTimelineRepository,
  type StorageError,
} from "../src/index.ts";
import { openTestRedis, redisSkip, systemClock, type TestRedis } from "../src/testing/index.ts";
import { cacheRepositoryContract } from "./cache-repository.contract.ts";
import {
  registration,
  serviceDiscoveryRepositoryContract,
} from "./service-discovery-repository.contract.ts";
import { timelineRepositoryContract } from "./timeline-repository.contract.ts";

const TTL_MS = 2_000;
const CACHE = { defaultTtlMs: 300_000 };

/** A server's clock can't be set, so its time has to pass. */
const elapse = (ms: number): Promise<void> => sleep(ms + 5);

async function connect(redis: TestRedis): Promise<RedisConnection> {
  const connection = new RedisConnection({ url: redis.url, clock: systemClock });
  await connection.ping();
  return connection;
}

function registryOf(connection: RedisConnection, redis: TestRedis, copy: string) {
  return new RedisServiceDiscoveryRepository(connection, {
    namespace: `${redis.namespace}:${copy}`,
    registryNamespace: redis.registryNamespace,
    ttlMs: TTL_MS,
    clock: systemClock,
  });
}

cacheRepositoryContract("Redis", redisSkip, async () => {
  const redis = await openTestRedis();
  const connection = await connect(redis);
  return {
    cache: new RedisCacheRepository(connection, { ...CACHE, namespace: redis.namespace }),
    elapse,
    close: async () => {
      await connection.close();
      await redis.close();
    },
  };
});

serviceDiscoveryRepositoryContract("Redis", redisSkip, async () => {
  const redis = await openTestRedis();
  const connection = await connect(redis);
  return {
    discovery: registryOf(connection, redis, "one"),
    peer: registryOf(connection, redis, "two"),
    ttlMs: TTL_MS,
    elapse,
    close: async () => {
      await connection.close();
      await redis.close();
    },
  };
});

timelineRepositoryContract("Redis", redisSkip, async () => {
  const redis = await openTestRedis();
  const connection = await connect(redis);
  return {
    timelines: new RedisTimelineRepository(connection, redis.namespace),
    close: async () => {
      await connection.close();
      await redis.close();
    },
  };
});

describe("what is kept in Redis", { skip: redisSkip }, () => {
  let redis: TestRedis;
  let connection: RedisConnection;

  before(async () => {
    redis = await openTestRedis();
    connection = await connect(redis);
  });
  after(async () => {
    await connection.close();
    await redis.close();
  });

  it("lives under the namespace, with the time to live", async () => {
    const { namespace, command } = redis;
    const cache = new RedisCacheRepository(connection, { ...CACHE, namespace });
    await cache.set("price:BTC/USD", { bid: "1.00" }, 5_000);
    await cache.set("default", "x", 0);
    await cache.set("kept", "x", -1);

    equal(await command("GET", `${namespace}:price:BTC/USD`), '{"bid":"1.00"}');
    const left = async (key: string) => Number(await command("PTTL", `${namespace}:${key}`));
    const [short, usual, kept] = [
      await left("price:BTC/USD"),
      await left("default"),
      await left("kept"),
    ];
    ok(short > 0 && short <= 5_000);
    ok(usual > 5_000 && usual <= 300_000);
    equal(kept, -1);
  });

  it("of a namespace with a pattern's characters is found and nothing else", async () => {
    const odd = new RedisCacheRepository(connection, {
      ...CACHE,
      namespace: `${redis.namespace}:*`,
    });
    const near = new RedisCacheRepository(connection, {
      ...CACHE,
      namespace: `${redis.namespace}:b`,
    });
    await odd.set("k", "x", 0);
    await near.set("k", "x", 0);
    deepEqual(await odd.keys("*"), ["k"]);
    equal(await odd.deleteByPattern("*"), 1);
    equal(await near.exists("k"), true);
  });

  it("is a service's entry, heartbeat and places in the indexes, all at once", async () => {
    const { namespace, registryNamespace, command } = redis;
    const discovery = registryOf(connection, redis, "own");
    await discovery.register(registration("exchange-1"));

    const places = [`${namespace}:own`, registryNamespace];
    for (const place of places) {
      const entry = JSON.parse(String(await command("GET", `${place}:service:exchange-1`)));
      equal(entry.serviceName, "exchange-simulator");
      equal(entry.httpPort, 8082);
      ok(Number.isSafeInteger(entry.registeredAt) && entry.registeredAt < 1e10);
      const beat = await command("GET", `${place}:heartbeat:exchange-1`);
      equal(beat, String(entry.lastHeartbeat));
      for (const key of ["service", "heartbeat"]) {
        const left = Number(await command("PTTL", `${place}:${key}:exchange-1`));
        ok(left > 0 && left <= TTL_MS);
      }
    }
    const members = (index: string) => command("SMEMBERS", `${registryNamespace}:${index}`);
    deepEqual(await members("index"), ["exchange-1"]);
    deepEqual(await members("index:exchange-simulator"), ["exchange-1"]);

    await discovery.deregister("exchange-1");
    deepEqual(await members("index"), []);
    deepEqual(await members("index:exchange-simulator"), []);
    for (const place of places) equal(await command("GET", `${place}:service:exchange-1`), null);
  });

  it("is cleaned of services without an entry by whoever reads", async () => {
    const { registryNamespace, command } = redis;
    const discovery = registryOf(connection, redis, "own");
    await command("SADD", `${registryNamespace}:index`, "ghost");
    await command("SADD", `${registryNamespace}:index:ghosts`, "ghost");
    deepEqual(await discovery.listServices(), []);
    deepEqual(await discovery.discover("ghosts"), []);
    equal(await command("EXISTS", `${registryNamespace}:index`), 0);
    equal(await command("EXISTS", `${registryNamespace}:index:ghosts`), 0);
  });

  it("may hold entries that are none: they are passed over and left", async () => {
    const { registryNamespace, command } = redis;
    const discovery = registryOf(connection, redis, "own");
    for (const [id, text] of Object.entries({ odd: "{", part: '{"serviceName":"x"}' })) {
      await command("SADD", `${registryNamespace}:index`, id);
      await command("SET", `${registryNamespace}:service:${id}`, text);
    }
    deepEqual(await discovery.listServices(), []);
    await rejects(discovery.getServiceInfo("odd"), { code: "not_found" });
    equal(await command("SCARD", `${registryNamespace}:index`), 2);
  });

  it("is out of reach for commands that the user may not use", async () => {
    const refused = { code: "internal", message: "Redis refused a command" };
    for (const parts of [["KEYS", "*"], ["INFO"], ["CONFIG", "GET", "*"], ["FLUSHALL"]]) {
      await rejects(
        connection.run((client) => client.sendCommand(parts)),
        refused,
      );
    }
    await rejects(
      connection.run((client) => client.sendCommand(["CLIENT", "LIST"])),
      refused,
    );
    await rejects(
      connection.run((client) => client.get("foreign:key")),
      refused,
    );
    await connection.ping();
  });
});

describe("the address of a Redis server", () => {
  it("is checked before anything is opened, and not repeated in the error", () => {
    for (const url of ["", "localhost", "http://u:secret@h", "redis://"]) {
      throws(
        () => new RedisConnection({ url, clock: systemClock }),
        (error: StorageError) => {
          equal(error.code, "invalid_query");
          ok(!error.message.includes("secret"));
          return true;
        },
        url,
      );
    }
  });
});
