import assert from "node:assert/strict";
import { it } from "node:test";
import { MAX_AMOUNT, timestamp } from "@tse/domain";
import { StorageError } from "@tse/storage";
import type { Candle, CandleQuery, NewCandle } from "../src/candles/candle.ts";
import { type Implementation, NOON } from "./implementations.ts";
import { ABSENT_ID, refused } from "./refused.ts";
import { storeSuite } from "./store-suite.ts";

const MINUTE = 60_000_000;

const minute = (i: number) => timestamp(NOON + i * MINUTE);

/** The candle of the minute that begins `i` minutes after noon. */
const candle = (symbol: string, i = 0, others: Partial<NewCandle> = {}): NewCandle => ({
  symbol,
  interval: "1m",
  open: 100n,
  high: 104n,
  low: 98n,
  close: 102n,
  startTime: minute(i),
  ...others,
});

const starts = (candles: readonly { readonly startTime: number }[]) =>
  candles.map(({ startTime }) => (startTime - NOON) / MINUTE);

/** What a candle repository promises, whatever it is made of. */
export function candleContract(implementation: Implementation): void {
  storeSuite("candles", implementation, (store) => {
    const repository = () => store().repositories.candleRepository;
    const found = async (query: CandleQuery) => starts((await repository().query(query)).items);

    it("creates with defaults, and reads back what it returned", async () => {
      const created = await repository().create(candle("DEF/USD"));

      assert.deepEqual(created, {
        candleId: created.candleId,
        symbol: "DEF/USD",
        interval: "1m",
        open: 100n,
        high: 104n,
        low: 98n,
        close: 102n,
        volume: 0n,
        quoteVolume: 0n,
        startTime: NOON,
        endTime: minute(1),
        numTrades: undefined,
        source: "simulator",
        isClosed: true,
        metadata: undefined,
      });
      assert.deepEqual(await repository().getById(created.candleId), created);
    });

    it("keeps every field as it was given, decimals at their limits too", async () => {
      const given: Candle = {
        candleId: "01900000-0000-7000-8000-000000000002",
        symbol: "ALL/USD",
        interval: "1d",
        open: 1n,
        high: MAX_AMOUNT,
        low: 1n,
        close: MAX_AMOUNT,
        volume: MAX_AMOUNT,
        quoteVolume: MAX_AMOUNT - 1n,
        startTime: timestamp(NOON + 1),
        endTime: timestamp(NOON + 3),
        numTrades: 2_147_483_647,
        source: "replay:all",
        isClosed: false,
        metadata: { of: ["ticks"] },
      };

      assert.deepEqual(await repository().create(given), given);
      assert.deepEqual(await repository().getById(given.candleId), given);
    });

    it("gives each interval the end that it has", async () => {
      const ends = [];
      for (const interval of ["1m", "5m", "15m", "1h", "4h", "1d"] as const) {
        const { endTime } = await repository().create(candle("INT/USD", 0, { interval }));
        ends.push((endTime - NOON) / MINUTE);
      }
      assert.deepEqual(ends, [1, 5, 15, 60, 240, 1440]);
    });

    it("refuses a second candle of a symbol, interval and start", async () => {
      await repository().create(candle("KEY/USD"));
      await refused("already_exists", repository().create(candle("KEY/USD")));
      await repository().create(candle("KEY/USD", 0, { interval: "5m" }));
      await repository().create(candle("KEY/USD", 1));
      await repository().create(candle("KEZ/USD"));
    });

    it("refuses what breaks a rule of its table", async () => {
      const bad: readonly Partial<NewCandle>[] = [
        { low: 0n },
        { high: 101n },
        { high: 99n, close: 99n },
        { low: 101n },
        { low: 103n, open: 103n },
        { volume: -1n },
        { quoteVolume: -1n },
        { numTrades: -1 },
        { endTime: NOON },
        { interval: "2m" as "1m", endTime: minute(2) },
      ];
      for (const others of bad) {
        await refused("conflict", repository().create(candle("BAD/USD", 0, others)));
        await refused("conflict", repository().upsert(candle("BAD/USD", 0, others)));
      }
      assert.deepEqual(await found({ symbol: "BAD/USD" }), []);
    });

    it("replaces a candle by its key, and keeps its id", async () => {
      const first = await repository().upsert(candle("UPS/USD", 0, { isClosed: false }));
      const second = await repository().upsert(
        candle("UPS/USD", 0, { close: 104n, volume: 5n, numTrades: 3, metadata: { last: true } }),
      );

      assert.deepEqual(second, {
        ...first,
        close: 104n,
        volume: 5n,
        numTrades: 3,
        isClosed: true,
        metadata: { last: true },
      });
      assert.deepEqual(await repository().getById(first.candleId), second);
      assert.deepEqual(await found({ symbol: "UPS/USD" }), [0]);
    });

    it("replaces many at once, the last of each key counting", async () => {
      await repository().upsertMany([candle("BULK/USD", 0), candle("BULK/USD", 1)]);
      await repository().upsertMany([
        candle("BULK/USD", 1, { close: 99n }),
        candle("BULK/USD", 2),
        candle("BULK/USD", 1, { close: 103n }),
      ]);
      await repository().upsertMany([]);

      const { items } = await repository().query({ symbol: "BULK/USD" });
      assert.deepEqual(
        items.map(({ close }) => close),
        [102n, 103n, 102n],
      );
    });

    it("says which candle there isn't", async () => {
      await assert.rejects(
        repository().getById(ABSENT_ID),
        new StorageError("not_found", `candle not found: ${ABSENT_ID}`),
      );
    });

    it("gives the latest, and the newest first", async () => {
      for (const i of [1, 3, 2]) await repository().create(candle("NEW/USD", i));
      await repository().create(candle("NEW/USD", 9, { interval: "5m" }));

      assert.equal((await repository().getLatest("NEW/USD", "1m"))?.startTime, minute(3));
      assert.equal(await repository().getLatest("NEW/USD", "1h"), undefined);
      const listed = await repository().getBySymbolAndInterval("NEW/USD", "1m", 2);
      assert.deepEqual(starts(listed), [3, 2]);
    });

    it("gives those that lie wholly within a time range, oldest first", async () => {
      for (let i = -1; i < 6; i++) await repository().create(candle("RNG/USD", i));
      await repository().create(candle("RNG/USD", 1, { interval: "5m" }));
      const range = async (from: number, to: number) => {
        const [start, end] = [timestamp(from), timestamp(to)];
        return starts(await repository().getByTimeRange("RNG/USD", "1m", start, end));
      };

      // The candle that ends at the start is out, and so is the one that starts at the end.
      assert.deepEqual(await range(minute(0), minute(3)), [0, 1, 2]);
      assert.deepEqual(await range(minute(0) + 1, minute(3)), [1, 2]);
      assert.deepEqual(await range(minute(0), minute(3) - 1), [0, 1]);
      assert.deepEqual(await range(minute(0), minute(1) - 1), []);
      assert.deepEqual(await range(minute(3), minute(0)), []);
      assert.deepEqual(await range(minute(90), minute(99)), []);
    });

    it("filters by symbol, interval, and a start whose from is in and whose to is out", async () => {
      for (let i = 0; i < 5; i++) await repository().create(candle("FIL/USD", i));
      await repository().create(candle("FIL/USD", 7, { interval: "4h" }));
      const symbol = "FIL/USD";

      assert.deepEqual(await found({ symbol }), [7, 4, 3, 2, 1, 0]);
      assert.deepEqual(await found({ symbol, interval: "4h" }), [7]);
      assert.deepEqual(await found({ symbol, interval: "1m", startTimeFrom: minute(3) }), [4, 3]);
      assert.deepEqual(await found({ symbol, startTimeTo: minute(2) }), [1, 0]);
      const between = { startTimeFrom: minute(1), startTimeTo: minute(3) };
      assert.deepEqual(await found({ symbol, ...between }), [2, 1]);
    });

    it("sorts, and pages with a cursor", async () => {
      const closes = [104n, 101n, 103n, 101n];
      for (const [i, close] of closes.entries()) {
        await repository().create(candle("SRT/USD", i, { close }));
      }
      const seen: number[] = [];
      let cursor: string | undefined;
      do {
        const behind = cursor === undefined ? {} : { cursor };
        const query = { symbol: "SRT/USD", sortBy: "close", sortOrder: "asc", limit: 1, ...behind };
        const page = await repository().query(query);
        seen.push(...starts(page.items));
        cursor = page.nextCursor;
      } while (cursor !== undefined);

      assert.deepEqual(seen.toSorted(), [0, 1, 2, 3]);
      assert.deepEqual(seen.slice(2), [2, 0]);
      await refused("invalid_query", repository().query({ sortBy: "metadata" }));
    });

    it("shows charts what its candles are", async () => {
      const traded = { volume: 3n, quoteVolume: 305n, close: 101n };
      const stored = [
        await repository().create(candle("VIEW/USD", 0, { close: 103n })),
        await repository().create(candle("VIEW/USD", 1, traded)),
        await repository().create(candle("VIEW/USD", 2, { volume: 8n, quoteVolume: 0n })),
        await repository().create(candle("VIEW/USD", 3, { volume: MAX_AMOUNT, quoteVolume: 1n })),
      ];
      const ohlcv = stored.toReversed().map((row) => ({
        symbol: row.symbol,
        timeframe: row.interval,
        open: row.open,
        high: row.high,
        low: row.low,
        close: row.close,
        volume: row.volume,
        timestamp: row.startTime,
      }));

      assert.deepEqual(await repository().getOhlcv("VIEW/USD", "1m", 0), ohlcv);
      assert.deepEqual(await repository().getOhlcv("VIEW/USD", "1m", 1), ohlcv.slice(0, 1));
      const vwaps = [0n, 0n, 10_166_666_667n, 103n];
      assert.deepEqual(
        await repository().getMarketData("VIEW/USD", "1m", 0),
        ohlcv.map((row, i) => ({ ...row, vwap: vwaps[i] })),
      );
      assert.deepEqual(await repository().getMarketData("VIEW/USD", "5m", 0), []);
    });

    it("deletes what was over by a moment, of all intervals or of one, and counts it", async () => {
      const long = -10_000;
      for (let i = 0; i < 4; i++) await repository().create(candle("OLD/USD", long + i));
      await repository().create(candle("OLD/USD", long, { interval: "5m" }));
      await repository().create(candle("OLD/USD", long + 5, { interval: "5m" }));

      assert.equal(await repository().deleteOlderThan(minute(long + 2), "1m"), 2);
      assert.deepEqual(await found({ symbol: "OLD/USD", interval: "1m" }), [long + 3, long + 2]);
      assert.equal(await repository().deleteOlderThan(minute(long + 9)), 3);
      assert.deepEqual(await found({ symbol: "OLD/USD" }), [long + 5]);
    });
  });
}
