import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { MarketDataService } from "@tse/contracts";
import { GrpcChannel } from "@tse/service-kit";
import { openPostgres } from "@tse/storage";
import {
  type CutableProxy,
  cutableProxy,
  openTestRedis,
  redisSkip,
  TEST_BACKENDS,
  type TestRedis,
  testAddress,
} from "@tse/storage/testing";
import { until, within } from "../support/patience.ts";
import { archived, type Json, type RunningService, startService } from "../support/running.ts";

const postgresSkip = TEST_BACKENDS.find(({ name }) => name === "postgres")?.skip ?? false;

let directory: string;
let schema: string;
let postgres: CutableProxy;
let redis: TestRedis;
let redisProxy: CutableProxy;

const start = () =>
  startService({
    JOURNAL: "file",
    STORE: "postgres",
    DATA_DIR: directory,
    DEFAULT_SYMBOLS: "BTC/USD",
    POSTGRES_URL: postgres.url,
    SCHEMA_NAME: schema,
    REDIS_URL: redisProxy.url,
    REDIS_NAMESPACE: redis.namespace,
    SERVICE_REGISTRY_NAMESPACE: redis.registryNamespace,
  });

const database = () => openPostgres<PriceTables>({ url: testAddress("TEST_POSTGRES_URL"), schema });

interface PriceTables {
  readonly price_feeds: {
    readonly symbol: string;
    readonly sequence: string;
    readonly price: string;
  };
  readonly candles: Readonly<Record<string, unknown>>;
}

/** Sequences of bitcoin in the database, in order. */
const storedSequences = () =>
  inDatabase(async (db) => {
    const rows = await db
      .selectFrom("price_feeds")
      .select("sequence")
      .where("symbol", "=", "BTC/USD")
      .execute();
    return rows.map(({ sequence }) => Number(sequence)).sort((a, b) => a - b);
  });

/** One line a price, whoever tells it: decimals as they are written, but for zeros at the end. */
const line = (symbol: string, sequence: string | bigint | number, price: string) =>
  `${symbol} ${sequence} ${price.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "")}`;

/** Every price of the database. */
const storedPrices = () =>
  inDatabase(async (db) => {
    const rows = await db
      .selectFrom("price_feeds")
      .select(["symbol", "sequence", "price"])
      .execute();
    return rows.map(({ symbol, sequence, price }) => line(symbol, sequence, price)).sort();
  });

/** Every price that REST tells of a symbol. */
async function shownPrices({ api }: RunningService, symbol: string): Promise<readonly string[]> {
  const { body } = await api(`/prices/${symbol.replace("/", "-")}/history?limit=500`);
  assert.equal(body.nextCursor, null);
  return body.ticks.map(({ sequence, price }: Json) => line(symbol, sequence, price));
}

/** Every candle of the database, as text. */
const storedCandles = () =>
  inDatabase(async (db) => {
    const rows = await db.selectFrom("candles").selectAll().execute();
    return rows.map(({ candle_id: _, ...row }) => JSON.stringify(row)).sort();
  });

async function inDatabase<Result>(
  ask: (db: ReturnType<typeof database>["db"]) => Promise<Result>,
): Promise<Result> {
  const found = database();
  try {
    return await ask(found.db);
  } finally {
    await found.close();
  }
}

async function condition(service: RunningService, backend: string, wanted: string): Promise<void> {
  await until(`${backend} ${wanted}`, async () => {
    const { body } = await service.admin("GET", "/debug/data-sources/status");
    const found = body.storage.backends.find((each: Json) => each.backend === backend);
    return found?.condition === wanted;
  });
}

const sequences = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

const bitcoin = async ({ api }: RunningService): Promise<Json> => (await api("/prices/BTC")).body;

describe("A market with PostgreSQL and Redis", { skip: postgresSkip || redisSkip }, () => {
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "market-data-"));
    schema = `test_${randomUUID().replaceAll("-", "")}`;
    postgres = await cutableProxy(testAddress("TEST_POSTGRES_URL"));
    redis = await openTestRedis();
    redisProxy = await cutableProxy(redis.url);
  });
  afterEach(async () => {
    rmSync(directory, { recursive: true });
    const left = database();
    await left.db.schema.dropSchema(schema).ifExists().cascade().execute();
    await left.close();
    await Promise.all([postgres.close(), redisProxy.close()]);
    await redis.close();
  });

  const inRedis = async () => {
    const texts = await redis.command("ZRANGE", `${redis.namespace}:history:BTC/USD`, "0", "-1");
    return (texts as string[]).map((text) => JSON.parse(text).sequence as number);
  };

  it("stores everything once, through an outage of each, and the feed never waits", async () => {
    await using service = await start();
    await service.advance("60s");
    await archived(service);
    postgres.refuse();
    redisProxy.refuse();
    await service.advance("300s");
    await condition(service, "postgres", "degraded");
    await service.advance("10s");
    assert.equal((await bitcoin(service)).sequence, 371);
    postgres.resume();
    redisProxy.resume();
    await archived(service);
    await condition(service, "redis", "connected");
    await service.advance("1s");
    await service.service.stop();
    assert.deepEqual(await storedSequences(), sequences(1, 372));
    assert.deepEqual(await inRedis(), sequences(1, 372));
  });

  it("tells over gRPC, stores and tells over REST the same price for every sequence", async () => {
    await using service = await start();
    const symbols = ["BTC/USD", "USDT/USD", "BTC/USDT"];
    const channel = new GrpcChannel(service.grpc);
    const received: string[] = [];
    const complete = (async () => {
      const request = { symbols, everyTick: true };
      for await (const update of channel.client(MarketDataService).streamPrices(request)) {
        received.push(line(update.symbol, update.sequence, update.priceDecimal));
        if (received.length === symbols.length * 301) return;
      }
    })();
    while ((await service.admin("GET", "/admin/state")).body.subscribers < 1);
    for (let minute = 0; minute < 5; minute++) await service.advance("60s");
    await within("every price", complete);
    channel.close();
    await archived(service);

    received.sort();
    const shown = await Promise.all(symbols.map((symbol) => shownPrices(service, symbol)));
    assert.deepEqual(shown.flat().sort(), received);
    assert.deepEqual(await storedPrices(), received);
    for (const symbol of symbols) {
      const ofSymbol = received.filter((each) => each.startsWith(`${symbol} `));
      const numbers = ofSymbol.map((each) => Number(each.split(" ")[1]));
      assert.deepEqual(
        numbers.sort((a, b) => a - b),
        sequences(1, 301),
      );
    }
  });

  it("stores after the next start what could not be stored before its end", async () => {
    {
      await using service = await start();
      await service.advance("10s");
      await archived(service);
      postgres.refuse();
      await service.advance("100s");
    }
    postgres.resume();
    await using service = await start();
    await archived(service);
    assert.deepEqual(await storedSequences(), sequences(1, 111));
  });

  it("has its candles again when its database was lost", async () => {
    {
      await using service = await start();
      await service.advance("3h");
      await archived(service);
    }
    const before = await storedCandles();
    assert.ok(before.length > 500, String(before.length));
    await inDatabase((db) => db.schema.dropSchema(schema).cascade().execute());
    await using service = await start();
    await archived(service);
    await until("the candles", async () => (await storedCandles()).length >= before.length);
    assert.deepEqual(await storedCandles(), before);
  });

  it("goes on behind what is stored when its directory is gone, and uses no number twice", async () => {
    let last: Json;
    {
      await using service = await start();
      await service.advance("10s");
      await archived(service);
      last = await bitcoin(service);
      // Published, and never stored: the database is away until the end.
      postgres.refuse();
      await service.advance("5s");
    }
    rmSync(directory, { recursive: true });
    postgres.resume();
    await using service = await start();
    const first = await bitcoin(service);
    assert.equal(first.price, last.price);
    assert.ok(first.sequence > 1_000_000, String(first.sequence));
    await service.advance("2s");
    await archived(service);
    const all = await storedSequences();
    assert.deepEqual(all, [...sequences(1, 11), ...sequences(first.sequence, first.sequence + 2)]);
    const { body } = await service.api("/prices/BTC/history?limit=500");
    assert.deepEqual(body.ticks.map((tick: Json) => tick.sequence).reverse(), all);
  });

  it("uses no number twice either when its directory is gone and the database away", async () => {
    {
      await using service = await start();
      await service.advance("20s");
      await archived(service);
    }
    rmSync(directory, { recursive: true });
    postgres.refuse();
    await using service = await start();
    await service.advance("5s");
    const { sequence } = await bitcoin(service);
    postgres.resume();
    await archived(service);
    const all = await storedSequences();
    assert.deepEqual(all, [...sequences(1, 21), ...sequences(sequence - 5, sequence)]);
  });
});
