import assert from "node:assert/strict";
import { it } from "node:test";
import { MAX_AMOUNT, timestamp } from "@tse/domain";
import { StorageError } from "@tse/storage";
import type { NewPriceFeed, PriceFeed, PriceFeedQuery } from "../src/price-feeds/price-feed.ts";
import { type Implementation, NOON } from "./implementations.ts";
import { ABSENT_ID, refused } from "./refused.ts";
import { storeSuite } from "./store-suite.ts";

const HOUR = 3_600_000_000;

const feed = (symbol: string, others: Partial<NewPriceFeed> = {}): NewPriceFeed => ({
  symbol,
  price: 4_500_000_000_000n,
  ...others,
});

/** Prices of one symbol, one a microsecond, numbered from 1. */
const feeds = (symbol: string, count: number, first: number = NOON): NewPriceFeed[] =>
  Array.from({ length: count }, (_, i) =>
    feed(symbol, { sequence: i + 1, timestamp: timestamp(first + i) }),
  );

const sequences = (prices: readonly PriceFeed[]) => prices.map(({ sequence }) => sequence);

/** What a price feed repository promises of single rows, whatever it is made of. */
export function priceFeedContract(implementation: Implementation): void {
  storeSuite("price feeds", implementation, (store) => {
    const repository = () => store().repositories.priceFeedRepository;

    it("creates with defaults, and reads back what it returned", async () => {
      const created = await repository().create(feed("DEF/USD"));

      assert.match(created.feedId, /^[0-9a-f]{8}-[0-9a-f]{4}-7/);
      assert.deepEqual(created, {
        feedId: created.feedId,
        symbol: "DEF/USD",
        price: 4_500_000_000_000n,
        bid: undefined,
        ask: undefined,
        volume24h: undefined,
        source: "simulator",
        sequence: undefined,
        confidence: undefined,
        timestamp: NOON,
        metadata: undefined,
      });
      assert.deepEqual(await repository().getById(created.feedId), created);
    });

    it("keeps every field as it was given, microseconds and metadata too", async () => {
      const given: PriceFeed = {
        feedId: "01900000-0000-7000-8000-000000000001",
        symbol: "ALL/USD",
        price: 2n,
        bid: 1n,
        ask: 3n,
        volume24h: 0n,
        source: "replay:crash",
        sequence: Number.MAX_SAFE_INTEGER,
        confidence: 99_990_000,
        timestamp: timestamp(NOON + 1),
        metadata: { mode: "realistic", nested: { list: [1, null, "ü", true] } },
      };

      assert.deepEqual(await repository().create(given), given);
      assert.deepEqual(await repository().getById(given.feedId), given);
    });

    it("keeps decimals exact to the last digit at the limits of DECIMAL(24,8)", async () => {
      for (const price of [1n, 123_456_789n, MAX_AMOUNT - 1n, MAX_AMOUNT]) {
        const others = { price, bid: price, ask: price, volume24h: price };
        const { feedId } = await repository().create(feed("LIM/USD", others));
        const stored = await repository().getById(feedId);
        assert.deepEqual({ ...stored, ...others }, stored);
      }
    });

    it("refuses what breaks a rule of its table, and stores nothing", async () => {
      const bad: readonly Partial<NewPriceFeed>[] = [
        { price: 0n },
        { price: -1n },
        { bid: 0n },
        { ask: 0n },
        { bid: 2n, ask: 1n },
        { volume24h: -1n },
        { confidence: 100_010_000 },
        { confidence: -10_000 },
      ];
      for (const others of bad) {
        await refused("conflict", repository().create(feed("BAD/USD", others)));
      }
      assert.deepEqual(await repository().getBySymbol("BAD/USD", 0), []);
    });

    it("refuses what a column can't hold, rather than round or cut it", async () => {
      const bad: readonly Partial<NewPriceFeed>[] = [
        { price: MAX_AMOUNT + 1n },
        { confidence: 1 },
        { symbol: "x".repeat(51) },
        { symbol: "nul\0" },
        { source: "x".repeat(101) },
        { feedId: "not-an-id" },
        { timestamp: timestamp(NOON + 0.5) },
        { metadata: { text: "nul\0" } },
      ];
      for (const others of bad) {
        await refused("invalid_query", repository().create(feed("BAD/USD", others)));
      }
      assert.deepEqual(await repository().getBySymbol("BAD/USD", 0), []);
    });

    it("refuses an id in use", async () => {
      const { feedId } = await repository().create(feed("DUP/USD"));
      await refused("already_exists", repository().create(feed("DUP/USD", { feedId })));
    });

    it("says which price feed there isn't", async () => {
      await assert.rejects(
        repository().getById(ABSENT_ID),
        new StorageError("not_found", `price feed not found: ${ABSENT_ID}`),
      );
      await refused("not_found", repository().getById("no-id"));
    });

    it("creates many at once, or none of them", async () => {
      const created = await repository().createMany(feeds("MANY/USD", 100));
      assert.deepEqual(await repository().getBySymbol("MANY/USD", 0), created.toReversed());
      assert.deepEqual(await repository().createMany([]), []);

      const { feedId } = created[0] as PriceFeed;
      const good = feed("NONE/USD");
      await refused("conflict", repository().createMany([good, feed("NONE/USD", { price: 0n })]));
      await refused("already_exists", repository().createMany([good, { ...good, feedId }]));
      assert.deepEqual(await repository().getBySymbol("NONE/USD", 0), []);
    });

    it("deletes what is older than a moment, in one call, and counts it", async () => {
      await repository().createMany(feeds("OLD/USD", 25_003, NOON - HOUR));

      const before = timestamp(NOON - HOUR + 25_000);
      assert.equal(await repository().deleteOlderThan(before), 25_000);
      const left = await repository().getBySymbol("OLD/USD", 0);
      assert.deepEqual(sequences(left), [25_003, 25_002, 25_001]);
      assert.equal(await repository().deleteOlderThan(before), 0);
    });
  });
}

/** What a price feed repository promises of lists. */
export function priceFeedListContract(implementation: Implementation): void {
  storeSuite("lists of price feeds", implementation, (store) => {
    const repository = () => store().repositories.priceFeedRepository;
    const found = async (query: PriceFeedQuery) =>
      sequences((await repository().query(query)).items);

    it("gives the latest of a symbol, and nothing of a symbol without prices", async () => {
      await repository().createMany(feeds("LAST/USD", 5));

      assert.equal((await repository().getLatestBySymbol("LAST/USD"))?.sequence, 5);
      assert.equal(await repository().getLatestBySymbol("NEVER/USD"), undefined);
    });

    it("lists a symbol's and a source's prices, newest first, as many as asked for", async () => {
      const source = (i: number) => (i % 2 === 0 ? "src-a" : "src-b");
      const prices = feeds("SRC/USD", 4).map((price, i) => ({ ...price, source: source(i) }));
      await repository().createMany(prices);

      assert.deepEqual(sequences(await repository().getBySymbol("SRC/USD", 3)), [4, 3, 2]);
      assert.deepEqual(sequences(await repository().getBySource("src-a", 0)), [3, 1]);
      assert.deepEqual(sequences(await repository().getBySource("src-b", 1)), [4]);
    });

    it("filters by symbol, source, and a time whose start is in and whose end is out", async () => {
      await repository().createMany(feeds("FIL/USD", 10));
      await repository().create(feed("FIL/USD", { source: "fil", sequence: 11 }));
      const symbol = "FIL/USD";
      const at = (i: number) => timestamp(NOON + i);

      assert.equal((await found({ symbol })).length, 11);
      assert.deepEqual(await found({ source: "fil" }), [11]);
      assert.deepEqual(await found({ symbol, timestampFrom: at(8) }), [10, 9]);
      assert.deepEqual(await found({ symbol, source: "simulator", timestampTo: at(1) }), [1]);
      assert.deepEqual(await found({ symbol, timestampFrom: at(3), timestampTo: at(5) }), [5, 4]);
      assert.deepEqual(await found({ symbol, timestampFrom: at(3), timestampTo: at(3) }), []);
      assert.deepEqual(await found({ symbol: "nul\0" }), []);
    });

    it("sorts by each column of its list, both ways, the id breaking ties", async () => {
      const prices = [3n, 1n, 2n, 2n];
      await repository().createMany(
        prices.map((price, i) => feed("SORT/USD", { price, sequence: i, source: `s${3 - i}` })),
      );
      const sorted = async (sortBy: string, sortOrder: string) =>
        (await repository().query({ symbol: "SORT/USD", sortBy, sortOrder })).items;

      const up = await sorted("price", "asc");
      assert.deepEqual(
        up.map(({ price }) => price),
        [1n, 2n, 2n, 3n],
      );
      assert.deepEqual(await sorted("price", "DESC"), up.toReversed());
      assert.ok((up[1] as PriceFeed).feedId < (up[2] as PriceFeed).feedId);
      assert.deepEqual(sequences(await sorted("source", "Asc")), [3, 2, 1, 0]);
      assert.equal((await sorted("symbol", "ASC")).length, 4);
      assert.equal((await sorted("timestamp", "ASC")).length, 4);
    });

    it("refuses a query that isn't one", async () => {
      await repository().createMany(feeds("QRY/USD", 2));
      const { nextCursor: cursor = "" } = await repository().query({ symbol: "QRY/USD", limit: 1 });
      const bad: readonly PriceFeedQuery[] = [
        { limit: -1 },
        { limit: 1001 },
        { limit: 1.5 },
        { offset: -1 },
        { sortBy: "metadata" },
        { sortBy: "price; drop table price_feeds" },
        { sortOrder: "sideways" },
        { cursor: "nonsense" },
        { cursor, sortOrder: "ASC" },
        { cursor, sortBy: "price" },
      ];
      for (const query of bad) await refused("invalid_query", repository().query(query));
    });

    it("takes a limit of 0 as 100 rows, and an offset as rows to pass over", async () => {
      await repository().createMany(feeds("OFF/USD", 150));

      assert.equal((await found({ symbol: "OFF/USD" })).length, 100);
      assert.equal((await found({ symbol: "OFF/USD", limit: 0 })).length, 100);
      const last = await repository().query({ symbol: "OFF/USD", offset: 148 });
      assert.deepEqual(sequences(last.items), [2, 1]);
      assert.equal(last.nextCursor, undefined);
    });

    it("pages through 10,000 rows without gap or repetition, though rows arrive", async () => {
      await repository().createMany(feeds("PAGE/USD", 10_000));
      const seen: unknown[] = [];
      let cursor: string | undefined;
      do {
        const behind = cursor === undefined ? {} : { cursor };
        const page = await repository().query({ symbol: "PAGE/USD", limit: 1000, ...behind });
        seen.push(...sequences(page.items));
        await repository().create(feed("PAGE/USD", { timestamp: timestamp(NOON + 20_000) }));
        cursor = page.nextCursor;
      } while (cursor !== undefined);

      assert.deepEqual(
        seen,
        Array.from({ length: 10_000 }, (_, i) => 10_000 - i),
      );
    });
  });
}
