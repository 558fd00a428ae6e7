import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { timestamp } from "@tse/domain";
import { CANDLE_INTERVALS } from "@tse/market-data-adapter";
import fc from "fast-check";
import type { MarketCandle } from "../../src/candles/market-candle.ts";
import { INTERVALS, SymbolCandles } from "../../src/candles/symbol-candles.ts";
import { CATALOGUE } from "../../src/feed/symbol-terms.ts";
import { DAY, HOUR, MINUTE, START } from "../support/feeds.ts";

const [terms] = CATALOGUE;

interface Step {
  /** Microseconds after the tick before. */
  readonly gap: number;
  readonly price: number;
  readonly volume: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  gap: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 100_000, max: 20_000_000 }) },
    { weight: 2, arbitrary: fc.constantFrom(MINUTE, 5 * MINUTE, HOUR) },
    { weight: 1, arbitrary: fc.integer({ min: HOUR, max: 30 * HOUR }) },
  ),
  price: fc.integer({ min: 1, max: 20_000_000 }),
  volume: fc.integer({ min: 0, max: 2_000_000_000 }),
});

/** What candles are, written down plainly: all ticks of a span, sorted into it one by one. */
function aggregated(points: ReturnType<typeof pointsOf>, length: number) {
  const spans = new Map<number, typeof points>();
  for (const point of points) {
    const start = Math.floor(point.time / length) * length;
    spans.set(start, [...(spans.get(start) ?? []), point]);
  }
  return [...spans].map(([start, span]) => {
    const prices = span.map(({ price }) => price);
    return {
      startTime: start,
      endTime: start + length,
      open: prices[0],
      high: Math.max(...prices),
      low: Math.min(...prices),
      close: prices.at(-1),
      volume: span.reduce((sum, { volume }) => sum + volume, 0),
      quoteVolume: span.reduce(
        (sum, { price, volume }) => sum + BigInt(price) * BigInt(volume),
        0n,
      ),
      ticks: span.length,
      sequence: span.at(-1)?.sequence,
    };
  });
}

const shape = ({
  terms: _terms,
  interval: _interval,
  source: _,
  isClosed: __,
  ...rest
}: MarketCandle) => rest;

function pointsOf(steps: readonly Step[]) {
  let time = START as number;
  return steps.map(({ gap, price, volume }, index) => {
    time += gap;
    const sequence = index + 1;
    return { time: timestamp(time), price, volume, sequence, source: "simulator" };
  });
}

function assertAggregated(
  candles: readonly MarketCandle[],
  points: ReturnType<typeof pointsOf>,
): void {
  for (const interval of INTERVALS) {
    const mine = candles.filter((each) => each.interval === interval);
    assert.deepEqual(mine.map(shape), aggregated(points, CANDLE_INTERVALS[interval]), interval);
  }
}

describe("Candles", () => {
  it("equal an independent aggregation of the ticks, in all six intervals", () => {
    assert(terms !== undefined);
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 120 }),
        fc.boolean(),
        (steps, swept) => {
          const closed: MarketCandle[] = [];
          const candles = new SymbolCandles(terms);
          candles.onClosed = (candle) => closed.push(candle);
          const points = pointsOf(steps);
          for (const point of points) {
            if (swept) candles.closeUpTo(point.time);
            assert.ok(candles.add(point));
          }
          const running = INTERVALS.map((interval) => candles.running(interval));
          assert.ok(running.every((candle) => candle?.isClosed === false));
          assertAggregated([...closed, ...(running as MarketCandle[])], points);

          candles.closeUpTo(timestamp((points.at(-1)?.time ?? 0) + 2 * DAY));
          assert.ok(closed.every(({ isClosed }) => isClosed));
          assertAggregated(closed, points);
          assert.equal(candles.running("1d"), undefined);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("of the last 24 hours sum up to the day's statistics", () => {
    assert(terms !== undefined);
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 120 }), (steps) => {
        const candles = new SymbolCandles(terms);
        const points = pointsOf(steps);
        for (const point of points) {
          candles.closeUpTo(point.time);
          candles.add(point);
        }
        const now = points.at(-1)?.time ?? 0;
        const start = (Math.floor(now / MINUTE) + 1 - 1_440) * MINUTE;
        const day = points.filter(({ time }) => time >= start);
        const prices = day.map(({ price }) => price);
        assert.deepEqual(candles.day(), {
          open: prices[0],
          high: Math.max(...prices),
          low: Math.min(...prices),
          last: prices.at(-1),
          volume: day.reduce((sum, { volume }) => sum + volume, 0),
          quoteVolume: day.reduce(
            (sum, { price, volume }) => sum + BigInt(price) * BigInt(volume),
            0n,
          ),
          count: day.length,
        });
      }),
      { numRuns: 60 },
    );
  });

  it("are not changed by a tick that comes after they were closed", () => {
    assert(terms !== undefined);
    const candles = new SymbolCandles(terms);
    const point = { price: 100, volume: 1, sequence: 1, source: "simulator" };
    candles.add({ ...point, time: START });
    candles.closeUpTo(timestamp(START + MINUTE));
    assert.equal(candles.add({ ...point, time: timestamp(START + MINUTE - 1) }), false);
    assert.equal(candles.closed("1m").at(0)?.ticks, 1);
  });
});
