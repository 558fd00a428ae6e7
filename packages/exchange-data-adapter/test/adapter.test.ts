import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { PgliteHost, StorageError } from "@tse/storage";
import { cutableProxy, systemClock, TEST_BACKENDS } from "@tse/storage/testing";
import { sql } from "kysely";
import {
  type ExchangeDataAdapter,
  type ExchangeDataAdapterParts,
  newExchangeDataAdapter,
  newExchangeDataAdapterFromEnv,
  type StoreConfig,
} from "../src/index.ts";
import { TestLog } from "./test-log.ts";

const random = { next: () => 0.5 } as ExchangeDataAdapterParts["random"];

function parts(logger = new TestLog()): ExchangeDataAdapterParts {
  return { logger, clock: systemClock, realClock: systemClock, random };
}

function adapterOn(store: StoreConfig, change = {}): ExchangeDataAdapter {
  return newExchangeDataAdapter({ instanceName: "exchange", store, ...change }, parts());
}

const IMAGES = fileURLToPath(new URL("../../../node_modules/.cache/tse", import.meta.url));

/** Connects, and waits for a database that takes longer than `connect` does. */
async function connected(adapter: ExchangeDataAdapter): Promise<void> {
  const reached = new Promise<void>((resolve) => {
    adapter.onStateChange(({ condition }) => condition === "connected" && resolve());
  });
  await adapter.connect();
  await reached;
}

/** Uses some of everything. */
async function trade(adapter: ExchangeDataAdapter): Promise<void> {
  const account = await adapter.transaction(async (within) => {
    const { accountId } = await within.accountRepository.create({
      userId: "u",
      accountType: "SPOT",
    });
    await within.balanceRepository.atomicUpdate(accountId, "BTC", 5n, 0n);
    return accountId;
  });
  const instruments = await adapter.instrumentRepository.query({});
  assert.equal(instruments.items.length, 9);
  const [balance] = await adapter.balanceRepository.getByAccount(account);
  assert.equal(balance?.availableBalance, 5n);
  await adapter.cacheRepository.set("k", "v", 0);
  assert.equal(await adapter.cacheRepository.get("k"), "v");
  assert.deepEqual(await adapter.serviceDiscoveryRepository.listServices(), []);
}

describe("an adapter", () => {
  it("serves from memory when that is configured", async () => {
    const adapter = adapterOn({ kind: "memory" });
    await adapter.connect();
    await trade(adapter);
    await adapter.healthCheck();
    const states = adapter.state.map(({ backend, condition }) => `${backend} ${condition}`);
    assert.deepEqual(states, ["postgres not-configured", "redis not-configured"]);
    assert.equal(await adapter.violations(), undefined);
    await adapter.disconnect();
    await adapter.disconnect();
  });

  it("starts an embedded database at connect, and not before", async () => {
    const adapter = adapterOn({ kind: "embedded", images: IMAGES });
    await assert.rejects(adapter.accountRepository.getByUserId("u"), {
      code: "storage_unavailable",
    });
    await connected(adapter);
    await trade(adapter);
    assert.equal(adapter.state[0]?.backend, "pglite");
    assert.equal(adapter.state[0]?.condition, "connected");
    await adapter.disconnect();
    await assert.rejects(adapter.accountRepository.getByUserId("u"), { name: "StorageError" });
  });

  it("reads over a second port of the database that another writes", async () => {
    const host = new PgliteHost({ images: IMAGES });
    const writer = adapterOn({ kind: "port", port: host.connect() });
    const reader = adapterOn({ kind: "port", port: host.connect() }, { access: "reader" });
    await connected(writer);
    await connected(reader);
    await trade(writer);
    assert.equal((await reader.accountRepository.getByUserId("u")).length, 1);
    assert.deepEqual(await reader.violations(), {
      ledger: [
        {
          accountId: (await reader.accountRepository.getByUserId("u"))[0]?.accountId,
          asset: "BTC",
          balanceTotal: 5n,
          ledgerTotal: 0n,
        },
      ],
      reservations: [],
      conservation: [],
    });
    await reader.disconnect();
    await writer.disconnect();
    await host.close();
  });

  it("needs a configuration, a logger, a name and addresses that can be", () => {
    const refusal = { name: "StorageError", code: "invalid_query" };
    const store = { kind: "memory" } as const;
    assert.throws(() => newExchangeDataAdapter(undefined as never, parts()), refusal);
    assert.throws(
      () => newExchangeDataAdapter({ instanceName: "exchange", store }, {} as never),
      refusal,
    );
    assert.throws(() => adapterOn(store, { instanceName: "Exchange" }), refusal);
    assert.throws(() => adapterOn(store, { schema: "x; drop" }), refusal);
    assert.throws(() => adapterOn({ kind: "postgres", url: "mysql://x" }), refusal);
    assert.throws(() => adapterOn(store, { redis: { url: "http://x" } }), refusal);
  });
});

const postgres = TEST_BACKENDS.find(({ name }) => name === "postgres")!;
const url = process.env.TEST_POSTGRES_URL ?? "";

describe("an adapter on a server", { skip: postgres.skip }, () => {
  const instanceName = `exchange-t${process.pid}`;
  const schema = instanceName.replace("-", "_");
  const config = { instanceName, store: { kind: "postgres", url } } as const;

  async function dropping(work: () => Promise<void>): Promise<void> {
    const database = await postgres.open();
    try {
      await work();
    } finally {
      await sql.raw(`drop schema if exists ${schema} cascade`).execute(database.db);
      await database.close();
    }
  }

  it("claims the schema of its name for itself, until it disconnects", () =>
    dropping(async () => {
      const first = newExchangeDataAdapter(config, parts());
      await first.connect();
      await trade(first);
      await first.healthCheck();
      const second = newExchangeDataAdapter(config, parts());
      await assert.rejects(second.connect(), { name: "StorageError", code: "schema_in_use" });
      await second.disconnect();
      const reader = newExchangeDataAdapter({ ...config, access: "reader" }, parts());
      await reader.connect();
      assert.equal((await reader.accountRepository.getByUserId("u")).length, 1);
      await reader.disconnect();
      await first.disconnect();
      const third = newExchangeDataAdapter(config, parts());
      await third.connect();
      assert.equal((await third.accountRepository.getByUserId("u")).length, 1);
      await third.disconnect();
    }));

  it("starts without its server, and goes on when it comes", () =>
    dropping(async () => {
      const proxy = await cutableProxy(url);
      proxy.refuse();
      const log = new TestLog();
      const adapter = newExchangeDataAdapter(
        { instanceName, store: { kind: "postgres", url: proxy.url } },
        parts(log),
      );
      await adapter.connect();
      assert.equal(adapter.state[0]?.condition, "degraded");
      assert.ok(log.lines.some((line) => line.includes("stub mode")));
      await assert.rejects(adapter.accountRepository.getByUserId("u"), {
        code: "storage_unavailable",
      });
      await assert.rejects(adapter.healthCheck(), /postgres/);
      const reached = new Promise<void>((resolve) => {
        adapter.onStateChange(({ condition }) => condition === "connected" && resolve());
      });
      proxy.resume();
      await reached;
      await trade(adapter);
      assert.ok(log.lines.some((line) => line.includes("DataAdapter connected")));
      await adapter.disconnect();
      await proxy.close();
    }));
});

describe("an adapter from the environment", () => {
  const refusals: readonly [string, Record<string, string>][] = [
    ["POSTGRES_URL", { POSTGRES_URL: "localhost" }],
    ["POSTGRES_URL", { STORE: "postgres" }],
    ["REDIS_URL", { REDIS_URL: "postgres://x" }],
    ["STORE", { STORE: "disk" }],
    ["SERVICE_INSTANCE_NAME", { SERVICE_INSTANCE_NAME: "-x" }],
    ["SERVICE_NAME", { SERVICE_NAME: "X" }],
    ["SCHEMA_NAME", { SCHEMA_NAME: "1x" }],
    ["CACHE_TTL", { CACHE_TTL: "300" }],
    ["SERVICE_TTL", { SERVICE_TTL: "soon" }],
    ["MAX_CONNECTIONS", { POSTGRES_URL: "postgres://h/d", MAX_CONNECTIONS: "many" }],
    ["MAX_CONNECTIONS", { POSTGRES_URL: "postgres://h/d", MAX_CONNECTIONS: "0" }],
    ["CONNECTION_MAX_LIFETIME", { POSTGRES_URL: "postgres://h/d", CONNECTION_MAX_LIFETIME: "5" }],
    ["REDIS_READ_TIMEOUT", { REDIS_URL: "redis://h", REDIS_READ_TIMEOUT: "x" }],
  ];
  for (const [variable, env] of refusals) {
    it(`names the wrong variable: ${JSON.stringify(env)}`, () => {
      const make = () => newExchangeDataAdapterFromEnv(env, parts());
      assert.throws(make, (error) => {
        assert.ok(error instanceof StorageError);
        assert.equal(error.code, "invalid_query");
        assert.match(error.message, new RegExp(`^${variable} must be `));
        return true;
      });
    });
  }

  it("is in memory where STORE says so, whatever else is set", async () => {
    const env = { STORE: "memory", POSTGRES_URL: "postgres://nowhere/db", REDIS_URL: "" };
    const adapter = newExchangeDataAdapterFromEnv(env, parts());
    await adapter.connect();
    await trade(adapter);
    await adapter.disconnect();
  });

  it("watches the server that POSTGRES_URL names, and opens nothing yet", async () => {
    const env = { POSTGRES_URL: "postgres://nowhere.invalid/db", MAX_CONNECTIONS: "3" };
    const adapter = newExchangeDataAdapterFromEnv(env, parts());
    const states = adapter.state.map(({ backend, condition }) => `${backend} ${condition}`);
    assert.deepEqual(states, ["postgres degraded", "redis not-configured"]);
    await adapter.disconnect();
  });
});
