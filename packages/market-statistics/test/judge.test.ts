import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type Candles,
  CROSS_RANGES,
  type JudgedFact,
  judge,
  judgeSymbol,
  STYLISED_RANGES,
  sliceCandles,
} from "../src/index.ts";
import { walk } from "./market.ts";

const DAY = 1_440;
const btc = walk({ minutes: 28 * DAY, seed: 1, steps: 30 });
const eth = walk({ minutes: 28 * DAY, seed: 2, steps: 30 });

function flat(minutes: number): Candles {
  return walk({ minutes, seed: 1, minute: () => ({ deviation: 0, volume: 0 }) });
}

function verdicts(facts: readonly JudgedFact[]): Record<string, string> {
  return Object.fromEntries(facts.map(({ id, verdict }) => [id, verdict]));
}

/** Fails when a fact without a finite number is in range, or one with such a number has no place. */
function assertSound(facts: readonly JudgedFact[]): void {
  for (const { id, value, verdict } of facts) {
    const placed = verdict === "in range" || verdict === "below" || verdict === "above";
    assert.equal(
      placed,
      value !== undefined && Number.isFinite(value),
      `${id} ${value} ${verdict}`,
    );
  }
}

describe("judge", () => {
  const { facts, score } = judge(btc, eth);

  it("gives a verdict for 44 facts of each symbol and 8 of the pair", () => {
    const count = (market: string): number => facts.filter((f) => f.market === market).length;
    assert.deepEqual(["BTC", "ETH", "BTC-ETH"].map(count), [44, 44, 8]);
    assertSound(facts);
  });

  it("counts what is in range among all but what the series is too short for", () => {
    assert.equal(score.judged, 94);
    assert.equal(score.inRange, facts.filter((fact) => fact.verdict === "in range").length);
    assert.equal(score.share, score.inRange / 94);
  });

  it("is not deceived by a Brownian walk: less than half is in range", () => {
    assert.ok(score.share < 0.5, `${score.inRange}`);
    const found = verdicts(judgeSymbol(btc, "BTC").facts);
    assert.equal(found.kurtosis1m, "below");
    assert.equal(found.tailIndex, "above");
    assert.equal(found.volatility, "in range");
    assert.equal(found.sizeAcf1, "below");
    assert.equal(found.fluctuation, "below");
    assert.equal(found.kurtosis1d, "too_short");
  });

  it("places every row from 1 to 24", () => {
    assert.deepEqual(
      [...new Set(facts.map((fact) => fact.row))].sort((a, b) => a - b),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24],
    );
  });

  it("says of a price that never moves what can be said, and of the rest that it has no number", () => {
    const still = judge(flat(28 * DAY), flat(28 * DAY));
    assertSound(still.facts);
    const found = verdicts(still.facts);
    assert.equal(found.zeroReturns, "above");
    assert.equal(found.volatility, "below");
    assert.equal(found.sizeAcf1, "unmeasured");
    assert.equal(found.correlation1m, "unmeasured");
    assert.ok(still.score.inRange <= 2, `${still.score.inRange}`);
  });

  it("judges nothing of a series that is too short, and scores it 0", () => {
    for (const minutes of [0, 1, 2, 100, 7 * DAY - 1]) {
      const short = judge(sliceCandles(btc, 0, minutes), sliceCandles(eth, 0, minutes));
      assert.ok(short.facts.every((fact) => fact.verdict === "too_short"));
      assert.deepEqual(short.score, { inRange: 0, judged: 0, share: 0 });
    }
  });

  it("has no number for what a broken candle touches", () => {
    const close = btc.close.slice(0, 7 * DAY).with(100, Number.NaN);
    const broken = { ...sliceCandles(btc, 0, 7 * DAY), close };
    const judged = judgeSymbol(broken, "BTC");
    assertSound(judged.facts);
    assert.equal(verdicts(judged.facts).volatility, "unmeasured");
  });

  it("keeps each range the right way round", () => {
    const ranges = [STYLISED_RANGES.BTC, STYLISED_RANGES.ETH, CROSS_RANGES].flatMap(Object.values);
    assert.ok(ranges.every(({ low, high }) => low < high));
  });
});
