import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type Clock, duration, timestamp } from "@tse/domain";
import { seededRandom, VirtualClock } from "@tse/simulation";
import { StorageError, type StorageLogger } from "@tse/storage";
import { TEST_BACKENDS } from "@tse/storage/testing";
import { sql } from "kysely";
import {
  DEFAULT_RETENTION,
  type Environment,
  type MarketDataAdapter,
  newMarketDataAdapter,
  newMarketDataAdapterFromEnv,
} from "../src/index.ts";
import { NOON } from "./implementations.ts";
import { refused } from "./refused.ts";

/** What was logged, one line an entry. */
function recorder() {
  const lines: string[] = [];
  const note = (message: string) => lines.push(message);
  const logger: StorageLogger = { info: note, warn: note };
  return { lines, logger };
}

const realClock: Clock = {
  now: () => timestamp(Date.now() * 1000),
  after(delay, task) {
    const timer = setTimeout(task, delay / 1000);
    return { cancel: () => clearTimeout(timer) };
  },
};

function parts(clock: Clock = realClock) {
  const { lines, logger } = recorder();
  const random = seededRandom("adapter");
  return { lines, given: { logger, clock: { now: () => NOON }, realClock: clock, random } };
}

const price = { symbol: "BTC/USD", price: 4_500_000_000_000n };

describe("a market data adapter in memory", () => {
  it("gives every repository, and begins with the symbols of every world", async () => {
    const { given } = parts();
    const adapter = newMarketDataAdapterFromEnv({ STORE: "memory" }, given);
    await adapter.connect();
    await adapter.connect();

    assert.equal((await adapter.symbolRepository.getActive()).length, 9);
    assert.equal((await adapter.priceFeedRepository.create(price)).timestamp, NOON);
    await adapter.cacheRepository.set("price", "1", -1);
    assert.equal(await adapter.cacheRepository.get("price"), "1");
    assert.deepEqual(await adapter.serviceDiscoveryRepository.listServices(), []);
    assert.deepEqual(
      adapter.state.map(({ backend, condition }) => [backend, condition]),
      [
        ["postgres", "not-configured"],
        ["redis", "not-configured"],
      ],
    );
    await adapter.healthCheck();
    await adapter.disconnect();
    await adapter.disconnect();
  });

  it("keeps as much history as it was told to, the newest", async () => {
    const { given } = parts();
    const store = { kind: "memory", history: 10 } as const;
    const adapter = newMarketDataAdapter({ instanceName: "market-data-test", store }, given);
    for (let sequence = 1; sequence <= 100; sequence++) {
      await adapter.priceFeedRepository.create({ ...price, sequence });
    }

    const kept = await adapter.priceFeedRepository.query({ sortOrder: "ASC" });
    assert.equal(kept.items.length, 10);
    assert.ok(kept.items.every(({ sequence }) => (sequence ?? 0) > 90));
  });

  it("takes back a unit of work that fails", async () => {
    const { given } = parts();
    const adapter = newMarketDataAdapterFromEnv({ STORE: "memory" }, given);
    const unit = adapter.transaction(async ({ priceFeedRepository }) => {
      await priceFeedRepository.create(price);
      await priceFeedRepository.create({ ...price, price: 0n });
    });

    await refused("conflict", unit);
    assert.deepEqual((await adapter.priceFeedRepository.query({})).items, []);
  });

  it("applies the retention that it was given", async () => {
    const { given } = parts();
    const retention = { ...DEFAULT_RETENTION, priceFeeds: duration(1) };
    const store = { kind: "memory" } as const;
    const adapter = newMarketDataAdapter({ instanceName: "marketdata", store, retention }, given);
    await adapter.priceFeedRepository.create({ ...price, timestamp: timestamp(NOON - 2) });
    await adapter.priceFeedRepository.create(price);

    assert.equal((await adapter.retention.apply()).priceFeeds, 1);
  });
});

describe("the configuration of a market data adapter", () => {
  const wrong: readonly (readonly [variable: string, env: Environment])[] = [
    ["SERVICE_INSTANCE_NAME", { SERVICE_INSTANCE_NAME: "Market_Data" }],
    ["SERVICE_NAME", { SERVICE_NAME: "-market" }],
    ["SCHEMA_NAME", { SCHEMA_NAME: "1st; drop table" }],
    ["STORE", { STORE: "floppy" }],
    ["POSTGRES_URL", { POSTGRES_URL: "http://localhost" }],
    ["POSTGRES_URL", { STORE: "postgres" }],
    ["MAX_CONNECTIONS", { POSTGRES_URL: "postgres://localhost/db", MAX_CONNECTIONS: "0" }],
    ["MAX_CONNECTIONS", { POSTGRES_URL: "postgres://localhost/db", MAX_CONNECTIONS: "many" }],
    ["REDIS_URL", { STORE: "memory", REDIS_URL: "localhost:6379" }],
    ["CACHE_TTL", { STORE: "memory", CACHE_TTL: "5 minutes" }],
    ["SERVICE_TTL", { STORE: "memory", SERVICE_TTL: "90" }],
  ];
  for (const [variable, env] of wrong) {
    it(`names ${variable} when that is wrong: ${Object.values(env).join(" ")}`, () => {
      const { given } = parts();
      assert.throws(
        () => newMarketDataAdapterFromEnv(env, given),
        (error) => error instanceof StorageError && error.message.startsWith(`${variable} must be`),
      );
    });
  }

  it("asks for a configuration and a logger", () => {
    const { given } = parts();
    const none = undefined as never;
    const config = { instanceName: "marketdata", store: { kind: "memory" } } as const;

    assert.throws(() => newMarketDataAdapter(none, given), /a configuration is required/);
    assert.throws(() => newMarketDataAdapter(config, none), /a logger is required/);
  });
});

describe("a market data adapter whose servers are away", () => {
  it("connects in stub mode, says so, serves the cache in process, and closes", async () => {
    const clock = new VirtualClock(NOON);
    const { given, lines } = parts(clock);
    const away = { POSTGRES_URL: "postgres://127.0.0.1:1/none", REDIS_URL: "redis://127.0.0.1:1" };
    const adapter = newMarketDataAdapterFromEnv(away, given);
    await adapter.connect();

    assert.equal(lines.filter((line) => line.includes("stub mode")).length, 2);
    assert.deepEqual(
      adapter.state.map(({ backend, condition, lastError }) => [backend, condition, lastError]),
      [
        ["postgres", "degraded", "storage_unavailable"],
        ["redis", "degraded", "storage_unavailable"],
      ],
    );
    await refused("storage_unavailable", adapter.priceFeedRepository.create(price));
    await refused("storage_unavailable", adapter.healthCheck());
    await adapter.cacheRepository.set("key", "value", 0);
    assert.equal(await adapter.cacheRepository.get("key"), "value");
    await adapter.disconnect();
  });
});

/** Connects; where the first start of an embedded database takes longer than that waits, waits on. */
async function connected(adapter: MarketDataAdapter): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = adapter.onStateChange(({ condition }) => condition === "connected" && resolve());
  await adapter.connect();
  await promise;
  end();
}

describe("a market data adapter on a directory of its own", () => {
  it("finds its rows again", async () => {
    const directory = await mkdtemp(join(tmpdir(), "tse-market-data-"));
    const env = { DATA_DIR: directory, SERVICE_INSTANCE_NAME: "market-data-coinmetrics" };
    const first = newMarketDataAdapterFromEnv(env, parts().given);
    const { given, lines } = parts();
    const second = newMarketDataAdapterFromEnv(env, given);
    try {
      await refused("storage_unavailable", first.priceFeedRepository.create(price));
      await connected(first);
      const stored = await first.priceFeedRepository.create(price);
      await first.disconnect();

      await connected(second);
      assert.deepEqual(await second.priceFeedRepository.getById(stored.feedId), stored);
      assert.equal((await second.symbolRepository.getActive()).length, 9);
      assert.deepEqual(
        second.state.map(({ backend, condition }) => [backend, condition]),
        [
          ["pglite", "connected"],
          ["postgres", "not-configured"],
          ["redis", "not-configured"],
        ],
      );
      assert.equal(lines.at(-1), "DataAdapter connected");
    } finally {
      await first.disconnect();
      await second.disconnect();
      await rm(directory, { recursive: true });
    }
  });
});

for (const { name, skip, open } of TEST_BACKENDS) {
  describe(`a market data adapter over ${name}`, { skip }, () => {
    it("migrates, does units of work, tells its health, and closes what it was given", async () => {
      const database = await open<unknown>();
      const { given, lines } = parts();
      const store = { kind: "database", database } as const;
      const adapter = newMarketDataAdapter({ instanceName: "market-data-x", store }, given);
      await adapter.connect();

      const { rows } = await sql<{ status: string }>`select status from health_check()`.execute(
        database.db,
      );
      assert.equal(rows[0]?.status, "healthy");
      assert.ok(lines.includes("DataAdapter connected"));
      const stored = await adapter.transaction(({ priceFeedRepository }) =>
        priceFeedRepository.createMany([price, price]),
      );
      assert.equal((await adapter.priceFeedRepository.getBySymbol("BTC/USD", 0)).length, 2);
      assert.equal(stored.length, 2);
      assert.ok((await adapter.retention.apply()).priceFeeds === 0);
      await adapter.healthCheck();
      await adapter.disconnect();
      await refused("storage_unavailable", adapter.priceFeedRepository.create(price));
    });
  });
}
