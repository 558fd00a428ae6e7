import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { type Timestamp, timestamp } from "@tse/domain";
import fc from "fast-check";
import { CANDLE_INTERVALS, type CandleInterval } from "../../src/views/candle-interval.ts";
import { type Candle, Candles } from "../../src/views/candles.ts";
import type { PublicTrade } from "../../src/views/public-trade.ts";
import { naiveCandles, naiveStart, naiveTotal } from "./naive-candles.ts";
import { MINOR_PER_TICK_LOT, type TradePlan, tradeOf } from "./trades.ts";

const INTERVALS = Object.keys(CANDLE_INTERVALS) as CandleInterval[];
/** Widest gap between two trades, so that a test's flat candles stay countable. */
const GAPS: Record<CandleInterval, number> = Object.fromEntries(
  INTERVALS.map((interval) => {
    const { number, start } = CANDLE_INTERVALS[interval];
    return [interval, 5 * (start(number(0 as Timestamp) + 1) - start(number(0 as Timestamp)))];
  }),
) as Record<CandleInterval, number>;
const BEGIN = Date.UTC(2024, 1, 27, 23, 59, 58) * 1000;

/** Evenly spread, which `fc.double` is not: half of its numbers are below 10^-100. */
const anyShare = (min: number, max: number) =>
  fc.nat(10_000).map((step) => min + (step / 10_000) * (max - min));

/** Ordinary trades, and some of the largest there can be: price × quantity is at most 2^53 - 1. */
const anySize = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(fc.integer({ min: 1, max: 9_000_000 }), fc.integer({ min: 1, max: 1e9 })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constant(1), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
  },
);
const anyTrade = fc
  .record({
    gap: anyShare(0, 1),
    size: anySize,
    takerSide: fc.constantFrom("buy" as const, "sell" as const),
  })
  .map(({ size: [price, quantity], ...trade }) => ({ ...trade, price, quantity }));
const anyTape = fc.array(anyTrade, { minLength: 1, maxLength: 60, size: "max" });

type Draft = Omit<TradePlan, "at"> & { readonly gap: number };

/** The drafts as a tape whose gaps are shares, most of them small, of `widest`. */
function tapeOf(drafts: readonly Draft[], widest: number): readonly PublicTrade[] {
  let at = BEGIN;
  return drafts.map((draft, index) => {
    at += Math.floor(draft.gap ** 4 * widest);
    return tradeOf({ ...draft, at }, index);
  });
}

function candlesOf(trades: readonly PublicTrade[]): Candles {
  const candles = new Candles(MINOR_PER_TICK_LOT);
  for (const trade of trades) candles.add(trade);
  return candles;
}

const withoutEnd = ({ closeTime: _, ...candle }: Candle) => candle;

describe("the candles of any tape", () => {
  for (const interval of INTERVALS) {
    it(`add up to its trades, without a gap up to now: ${interval}`, () => {
      fc.assert(
        fc.property(anyTape, fc.nat(GAPS[interval]), (drafts, wait) => {
          const trades = tapeOf(drafts, GAPS[interval]);
          const now = timestamp((trades.at(-1)?.executedAt as number) + wait);

          const read = candlesOf(trades).read(interval, { now, limit: 10_000 });

          deepEqual(read.map(withoutEnd), naiveCandles(interval, trades, now));
          for (const [index, { closeTime }] of read.entries()) {
            equal(closeTime, read[index + 1]?.openTime ?? closeTime);
            ok(index < read.length - 1 || closeTime > now);
          }
        }),
        { numRuns: 40 },
      );
    });
  }

  it("are the oldest from a start and the newest up to an end, as the limit allows", () => {
    const window = fc.record({
      interval: fc.constantFrom(...INTERVALS),
      from: fc.option(anyShare(-0.2, 1.2), { nil: undefined }),
      to: fc.option(anyShare(-0.2, 1.2), { nil: undefined }),
      limit: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(anyTape, window, (drafts, { interval, from, to, limit }) => {
        const trades = tapeOf(drafts, GAPS[interval]);
        const end = trades.at(-1)?.executedAt as Timestamp;
        const at = (share: number | undefined): Timestamp | undefined =>
          share === undefined ? undefined : timestamp(BEGIN + Math.floor(share * (end - BEGIN)));
        const [lower, upper] = [at(from), at(to)];

        const read = candlesOf(trades).read(interval, { now: end, limit, from: lower, to: upper });

        const inside = naiveCandles(interval, trades, end).filter(
          ({ openTime }) => openTime >= (lower ?? openTime) && openTime <= (upper ?? openTime),
        );
        deepEqual(
          read.map(withoutEnd),
          lower === undefined ? inside.slice(-limit) : inside.slice(0, limit),
        );
      }),
      { numRuns: 300 },
    );
  });

  it("are whole also when older ones were dropped", () => {
    fc.assert(
      fc.property(anyTape, fc.constantFrom("1m", "3m", "15m"), (drafts, interval) => {
        const trades = tapeOf(drafts, 600_000_000);
        const candles = new Candles(MINOR_PER_TICK_LOT, { "1m": 5 });
        for (const trade of trades) candles.add(trade);
        const now = trades.at(-1)?.executedAt as Timestamp;

        const read = candles.read(interval, { now, limit: 10_000 });

        const all = naiveCandles(interval, trades, now);
        deepEqual(read.map(withoutEnd), all.slice(all.length - read.length));
      }),
      { numRuns: 200 },
    );
  });
});

describe("the candles of any tape that were saved and restored", () => {
  const KEPT = { "1m": 5, "1s": 7 };

  it("go on as the ones that were saved", () => {
    const anyCut = fc.nat(100).map((percent) => percent / 100);
    fc.assert(
      fc.property(anyTape, anyCut, fc.constantFrom("1s", "1m", "15m"), (drafts, cut, interval) => {
        const trades = tapeOf(drafts, 600_000_000);
        const now = trades.at(-1)?.executedAt as Timestamp;
        const split = Math.floor(cut * trades.length);
        const saved = new Candles(MINOR_PER_TICK_LOT, KEPT);
        for (const trade of trades.slice(0, split)) saved.add(trade);

        const restored = new Candles(MINOR_PER_TICK_LOT, KEPT);
        restored.restore(structuredClone(saved.save()));

        for (const candles of [saved, restored]) {
          for (const trade of trades.slice(split)) candles.add(trade);
        }
        const read = (candles: Candles) => [
          candles.read(interval, { now, limit: 10_000 }),
          candles.statistics(now, 60),
        ];
        deepEqual(read(restored), read(saved));
      }),
      { numRuns: 200 },
    );
  });

  it("are the newest of them where fewer are kept now", () => {
    const trades = Array.from({ length: 20 }, (_, index) =>
      tradeOf({ at: BEGIN + index * 60_000_000, price: 1, quantity: 1, takerSide: "buy" }, index),
    );
    const restored = new Candles(MINOR_PER_TICK_LOT, { "1m": 5 });
    restored.restore(candlesOf(trades).save());

    const few = new Candles(MINOR_PER_TICK_LOT, { "1m": 5 });
    for (const trade of trades) few.add(trade);
    const query = { now: trades.at(-1)?.executedAt as Timestamp, limit: 100 };
    deepEqual(restored.read("1m", query), few.read("1m", query));
  });
});

describe("the statistics of any tape", () => {
  it("add up to the trades from openTime to closeTime", () => {
    fc.assert(
      fc.property(
        anyTape,
        fc.nat(90_000_000_000),
        fc.constantFrom(5, 60, 1440),
        (drafts, wait, minutes) => {
          const trades = tapeOf(drafts, 60_000_000 * minutes);
          const now = timestamp((trades.at(-1)?.executedAt as number) + wait);

          const read = candlesOf(trades).statistics(now, minutes);

          ok(read !== undefined);
          equal(read.closeTime, now);
          equal(read.openTime, naiveStart("1m", now) - (minutes - 1) * 60_000_000);
          const inside = trades.filter(({ executedAt }) => executedAt >= read.openTime);
          const before = trades[trades.length - inside.length - 1];
          equal(read.previousClose, before?.price ?? inside[0]?.price);
          equal(read.last, trades.at(-1)?.price);
          equal(read.lastQuantity, trades.at(-1)?.quantity);
          equal(read.firstTrade, inside[0]?.tradeSeq);
          equal(read.lastTrade, inside.at(-1)?.tradeSeq);
          if (inside.length === 0) {
            deepEqual(
              [read.open, read.high, read.low, read.trades],
              [...Array(3).fill(read.last), 0],
            );
          } else {
            const { open, high, low, volume, notional, trades: count } = naiveTotal(inside);
            deepEqual(
              [read.open, read.high, read.low, read.volume, read.notional, read.trades],
              [open, high, low, volume, notional, count],
            );
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
