import assert from "node:assert/strict";
import { it } from "node:test";
import { MAX_AMOUNT, timestamp } from "@tse/domain";
import { StorageError } from "@tse/storage";
import type {
  MarketSnapshot,
  MarketSnapshotQuery,
  NewMarketSnapshot,
} from "../src/market-snapshots/market-snapshot.ts";
import { type Implementation, NOON } from "./implementations.ts";
import { ABSENT_ID, refused } from "./refused.ts";
import { storeSuite } from "./store-suite.ts";

const snapshot = (
  symbol: string,
  i = 0,
  others: Partial<NewMarketSnapshot> = {},
): NewMarketSnapshot => ({
  symbol,
  lastPrice: BigInt(100 + i),
  timestamp: timestamp(NOON + i),
  ...others,
});

const times = (snapshots: readonly MarketSnapshot[]) =>
  snapshots.map((one) => one.timestamp - NOON);

/** What a market snapshot repository promises, whatever it is made of. */
export function marketSnapshotContract(implementation: Implementation): void {
  storeSuite("market snapshots", implementation, (store) => {
    const repository = () => store().repositories.marketSnapshotRepository;
    const found = async (query: MarketSnapshotQuery) =>
      times((await repository().query(query)).items);

    it("creates with defaults, and reads back what it returned", async () => {
      const created = await repository().create({ symbol: "DEF/USD", lastPrice: 7n });

      assert.deepEqual(created, {
        snapshotId: created.snapshotId,
        symbol: "DEF/USD",
        lastPrice: 7n,
        bid: undefined,
        ask: undefined,
        spread: undefined,
        volume24h: undefined,
        priceChange24h: undefined,
        priceChangePercent24h: undefined,
        timestamp: NOON,
        metadata: undefined,
      });
      assert.deepEqual(await repository().getById(created.snapshotId), created);
    });

    it("keeps every field, falls in price and limits of decimals too", async () => {
      const given: MarketSnapshot = {
        snapshotId: "01900000-0000-7000-8000-000000000003",
        symbol: "ALL/USD",
        lastPrice: MAX_AMOUNT,
        bid: 1n,
        ask: 2n,
        spread: 0n,
        volume24h: MAX_AMOUNT,
        priceChange24h: -MAX_AMOUNT,
        priceChangePercent24h: -99_999_999_990_000,
        timestamp: timestamp(NOON + 1),
        metadata: { halted: false },
      };

      assert.deepEqual(await repository().create(given), given);
      assert.deepEqual(await repository().getById(given.snapshotId), given);
    });

    it("refuses what breaks a rule of its table, and what a column can't hold", async () => {
      const bad = (others: Partial<NewMarketSnapshot>) =>
        repository().create(snapshot("BAD/USD", 0, others));

      await refused("conflict", bad({ lastPrice: 0n }));
      await refused("conflict", bad({ spread: -1n }));
      await refused("invalid_query", bad({ priceChange24h: -MAX_AMOUNT - 1n }));
      await refused("invalid_query", bad({ priceChangePercent24h: 100_000_000_000_000 }));
      await refused("invalid_query", bad({ priceChangePercent24h: 1 }));
      assert.deepEqual(await found({ symbol: "BAD/USD" }), []);
    });

    it("refuses an id in use, and says which snapshot there isn't", async () => {
      const { snapshotId } = await repository().create(snapshot("DUP/USD"));

      await refused("already_exists", repository().create(snapshot("DUP/USD", 0, { snapshotId })));
      await assert.rejects(
        repository().getById(ABSENT_ID),
        new StorageError("not_found", `market snapshot not found: ${ABSENT_ID}`),
      );
    });

    it("lists a symbol's, newest first, and gives the latest", async () => {
      for (const i of [2, 1, 3]) await repository().create(snapshot("NEW/USD", i));

      assert.deepEqual(times(await repository().getBySymbol("NEW/USD", 2)), [3, 2]);
      assert.equal((await repository().getLatestBySymbol("NEW/USD"))?.lastPrice, 103n);
      assert.equal(await repository().getLatestBySymbol("NEVER/USD"), undefined);
    });

    it("filters by symbol and a time whose start is in and whose end is out", async () => {
      for (let i = 0; i < 5; i++) await repository().create(snapshot("FIL/USD", i));
      const symbol = "FIL/USD";
      const at = (i: number) => timestamp(NOON + i);

      assert.deepEqual(await found({ symbol }), [4, 3, 2, 1, 0]);
      assert.deepEqual(await found({ symbol, timestampFrom: at(3) }), [4, 3]);
      assert.deepEqual(await found({ symbol, timestampTo: at(2) }), [1, 0]);
      assert.deepEqual(await found({ symbol, timestampFrom: at(1), timestampTo: at(3) }), [2, 1]);
      assert.deepEqual(
        await found({ symbol, sortBy: "lastPrice", sortOrder: "ASC", limit: 2 }),
        [0, 1],
      );
    });

    it("shows the newest of each symbol as its ticker, by symbol", async () => {
      await repository().create(snapshot("TIC/A", 9));
      const newest = await repository().create(
        snapshot("TIC/B", 8, { bid: 1n, ask: 2n, priceChange24h: -5n, volume24h: 6n }),
      );
      await repository().create(snapshot("TIC/B", 7));

      const [ticker] = (await repository().getTickers({ symbol: "TIC/B" })).items;
      assert.deepEqual(ticker, {
        symbol: "TIC/B",
        lastPrice: newest.lastPrice,
        bid: 1n,
        ask: 2n,
        change24h: -5n,
        changePercent24h: undefined,
        volume: 6n,
        timestamp: newest.timestamp,
      });
      const symbols = (await repository().getTickers()).items.map(({ symbol }) => symbol);
      assert.deepEqual(symbols, [...new Set(symbols)].toSorted());
      assert.ok(symbols.includes("TIC/A") && symbols.includes("TIC/B"));

      const first = await repository().getTickers({ limit: 1 });
      const second = await repository().getTickers({ limit: 1, cursor: first.nextCursor ?? "" });
      assert.deepEqual(
        [first, second].map(({ items }) => items[0]?.symbol),
        symbols.slice(0, 2),
      );
    });

    it("deletes what is older than a moment, and counts it", async () => {
      const old = NOON - 1_000_000;
      for (let i = 0; i < 5; i++) {
        await repository().create(snapshot("OLD/USD", i, { timestamp: timestamp(old + i) }));
      }

      assert.equal(await repository().deleteOlderThan(timestamp(old + 3)), 3);
      assert.equal((await found({ symbol: "OLD/USD" })).length, 2);
    });
  });
}
