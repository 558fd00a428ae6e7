import assert from "node:assert/strict";
import { it } from "node:test";
import { timestamp } from "@tse/domain";
import { DEFAULT_RETENTION, Retention } from "../src/retention.ts";
import { type Implementation, NOON } from "./implementations.ts";
import { storeSuite } from "./store-suite.ts";

const HOUR = 3_600_000_000;
const DAY = 24 * HOUR;
const MINUTE = 60_000_000;

/** What the retention of market data promises, whatever holds it. */
export function retentionContract(implementation: Implementation): void {
  storeSuite("the retention", implementation, (store) => {
    it("deletes prices of a day ago, books of an hour, snapshots of a week, 1m candles of 30 days", async () => {
      const { repositories, clock } = store();
      const symbol = "RET/USD";
      const book = { symbol, bids: [{ price: 1n, quantity: 1n }], asks: [] };
      const candle = { symbol, open: 1n, high: 1n, low: 1n, close: 1n };
      const ago = (age: number) => timestamp(NOON - age);
      // Of each: one that is just too old, one that is just young enough.
      for (const more of [1, 0]) {
        await repositories.priceFeedRepository.create({
          symbol,
          price: 1n,
          timestamp: ago(DAY + more),
        });
        await repositories.orderBookRepository.create({ ...book, timestamp: ago(HOUR + more) });
        const timestampOfSnapshot = ago(7 * DAY + more);
        await repositories.marketSnapshotRepository.create({
          symbol,
          lastPrice: 1n,
          timestamp: timestampOfSnapshot,
        });
        for (const interval of ["1m", "5m", "1d"] as const) {
          const startTime = ago(30 * DAY + MINUTE * more);
          await repositories.candleRepository.create({ ...candle, interval, startTime });
        }
      }

      const retention = new Retention({ repositories, clock, periods: DEFAULT_RETENTION });
      assert.deepEqual(await retention.apply(), {
        priceFeeds: 1,
        orderBooks: 1,
        marketSnapshots: 1,
        candles: 1,
      });
      const kept = [
        await repositories.priceFeedRepository.getBySymbol(symbol, 0),
        await repositories.orderBookRepository.getBySymbol(symbol, 0),
        await repositories.marketSnapshotRepository.getBySymbol(symbol, 0),
        await repositories.candleRepository.getBySymbolAndInterval(symbol, "1m", 0),
        await repositories.candleRepository.getBySymbolAndInterval(symbol, "5m", 0),
        await repositories.candleRepository.getBySymbolAndInterval(symbol, "1d", 0),
      ];
      assert.deepEqual(
        kept.map(({ length }) => length),
        [1, 1, 1, 1, 2, 2],
      );
      assert.deepEqual(await retention.apply(), {
        priceFeeds: 0,
        orderBooks: 0,
        marketSnapshots: 0,
        candles: 0,
      });
    });
  });
}
