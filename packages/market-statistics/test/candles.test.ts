import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Candles, regularCandles, sliceCandles, windowsOf } from "../src/index.ts";
import { walk } from "./market.ts";

const minutes = walk({ minutes: 500, seed: 1 });

/** The candles without those of the given places. */
function without(candles: Candles, missing: (place: number) => boolean): Candles {
  const keep = (column: Float64Array): Float64Array => column.filter((_, i) => !missing(i));
  return {
    ts: keep(candles.ts),
    open: keep(candles.open),
    high: keep(candles.high),
    low: keep(candles.low),
    close: keep(candles.close),
    volume: keep(candles.volume),
  };
}

/** The candles with one value changed. */
function changed(field: keyof Candles, place: number, value: number): Candles {
  return { ...minutes, [field]: minutes[field].with(place, value) };
}

function refusalOf(candles: Candles): unknown {
  const answer = regularCandles(candles);
  return answer.status === "refused" ? answer.refusal : undefined;
}

describe("regularCandles", () => {
  it("passes a whole series as it is", () => {
    assert.deepEqual(regularCandles(minutes), { status: "regular", candles: minutes, filled: 0 });
  });

  it("passes nothing as nothing", () => {
    assert.equal(regularCandles(sliceCandles(minutes, 0, 0)).status, "regular");
  });

  it("fills a gap with flat candles at the close before it, without volume", () => {
    const answer = regularCandles(without(minutes, (i) => i > 100 && i <= 130));
    assert.ok(answer.status === "regular");
    assert.equal(answer.filled, 30);
    const { candles } = answer;
    assert.deepEqual(candles.ts, minutes.ts);
    for (const field of ["open", "high", "low", "close"] as const) {
      assert.equal(candles[field][115], minutes.close[100]);
      assert.equal(candles[field][131], minutes[field][131]);
    }
    assert.equal(candles.volume[115], 0);
  });

  it("fills so that every minute is there once, whichever are missing", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 498 }), { maxLength: 200 }), (places) => {
        const missing = new Set(places);
        const answer = regularCandles(without(minutes, (i) => missing.has(i)));
        assert.ok(answer.status === "regular");
        assert.equal(answer.filled, missing.size);
        assert.deepEqual(answer.candles.ts, minutes.ts);
      }),
    );
  });

  it("fills 240 missing minutes and refuses 241", () => {
    assert.equal(refusalOf(without(minutes, (i) => i > 100 && i <= 340)), undefined);
    assert.deepEqual(refusalOf(without(minutes, (i) => i > 100 && i <= 341)), {
      code: "gap_too_long",
      at: 101,
      minutes: 241,
    });
  });

  it("refuses, naming the place and the field, what is no candle", () => {
    const high = minutes.high[7]!;
    const cases: [Candles, unknown][] = [
      [changed("ts", 7, minutes.ts[7]! + 1), { code: "off_grid", at: 7, field: "ts" }],
      [changed("ts", 7, minutes.ts[6]!), { code: "not_ascending", at: 7, field: "ts" }],
      [changed("close", 7, high + 1), { code: "bad_price", at: 7, field: "close" }],
      [changed("open", 7, 0), { code: "bad_price", at: 7, field: "open" }],
      [changed("low", 7, Number.NaN), { code: "bad_price", at: 7, field: "low" }],
      [changed("high", 7, Number.POSITIVE_INFINITY), { code: "bad_price", at: 7, field: "high" }],
      [changed("volume", 7, -1), { code: "bad_volume", at: 7, field: "volume" }],
      [changed("volume", 7, Number.NaN), { code: "bad_volume", at: 7, field: "volume" }],
      [
        { ...minutes, volume: minutes.volume.subarray(1) },
        { code: "unequal_columns", field: "volume" },
      ],
    ];
    for (const [candles, refusal] of cases) assert.deepEqual(refusalOf(candles), refusal);
  });
});

describe("windowsOf", () => {
  const days = walk({ minutes: 16 * 1_440 + 5, seed: 2 });

  it("cuts whole windows one after the other and leaves the rest", () => {
    const windows = windowsOf(days, 7);
    assert.deepEqual(
      windows.map((window) => window.ts[0]),
      [days.ts[0], days.ts[7 * 1_440]],
    );
    assert.ok(windows.every((window) => window.volume.length === 7 * 1_440));
  });

  it("overlaps windows when told to", () => {
    assert.equal(windowsOf(days, 7, 1).length, 10);
  });

  it("gives none when there are not enough days", () => {
    assert.equal(windowsOf(days, 17).length, 0);
  });
});
