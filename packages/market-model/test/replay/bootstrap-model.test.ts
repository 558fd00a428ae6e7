import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration, timestamp } from "@tse/domain";
import {
  BootstrapModel,
  type BootstrapOptions,
  type CandleSeries,
  type MinuteHistory,
  minuteHistory,
} from "@tse/market-model";
import { seededRandom } from "@tse/simulation";
import { MINUTE, MONDAY, marketCandles, rowsOf } from "./candles.ts";

const SECOND = 1_000_000;
const DAY = 1440 * MINUTE;
const START = MONDAY + 70 * DAY;

const TEN_DAYS = marketCandles(["BTC", "ETH"], 10 * 1440);
const HISTORY = historyOf(TEN_DAYS);

function historyOf(candles: ReadonlyMap<string, CandleSeries>): MinuteHistory {
  const history = minuteHistory(candles);
  assert.ok(history !== undefined);
  return history;
}

function bootstrap(options: Partial<BootstrapOptions> = {}): BootstrapModel {
  const wide = { lowest: 1e-6, highest: 1e12 };
  return new BootstrapModel({
    unitOfAccount: "USD",
    assets: [
      { asset: "BTC", start: 45_000, ...wide },
      { asset: "ETH", start: 2500, ...wide },
    ],
    history: HISTORY,
    step: duration(SECOND),
    start: timestamp(START),
    random: seededRandom(1),
    ...options,
  });
}

/** Log prices and volumes at `count` seconds from the start. */
function secondsOf(model: BootstrapModel, asset: string, count: number) {
  const start = model.time;
  const logs: number[] = [];
  const volumes: number[] = [];
  for (let i = 0; i < count; i++) {
    model.advanceTo(timestamp(start + i * SECOND));
    logs.push(model.logValue(asset));
    volumes.push(model.volume(asset));
  }
  return { logs, volumes };
}

const returnsOf = (logs: readonly number[]) => logs.slice(1).map((log, i) => log - (logs[i] ?? 0));
const deviation = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
const correlation = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0) /
  a.length /
  deviation(a) /
  deviation(b);

/** Log closes of `count` minutes. */
function closesOf(model: BootstrapModel, count: number) {
  const closes: Record<"BTC" | "ETH", number[]> = { BTC: [], ETH: [] };
  for (let i = 1; i <= count; i++) {
    model.advanceTo(timestamp(START + i * MINUTE - SECOND));
    closes.BTC.push(model.logValue("BTC"));
    closes.ETH.push(model.logValue("ETH"));
  }
  return closes;
}

describe("BootstrapModel", () => {
  it("makes, minute by minute, candles that the history has at that time of day", () => {
    const model = bootstrap({ blockMinutes: 30 });
    const { logs } = secondsOf(model, "BTC", 600 * 60);
    const used = new Set<number>();
    for (let minute = 1; minute < 600; minute++) {
      const close = logs[minute * 60 - 1] ?? 0;
      const seconds = logs.slice(minute * 60, minute * 60 + 60).map((log) => log - close);
      const [open = 0] = seconds;
      const shape = [open, Math.max(...seconds), Math.min(...seconds), seconds.at(-1) ?? 0];
      const day = HISTORY.days.findIndex((_, place) => {
        const { open, high, low, close } = HISTORY.minute(0, place, minute);
        return [open, high, low, close].every((log, i) => Math.abs(log - (shape[i] ?? 0)) < 1e-11);
      });
      assert.ok(day >= 0, `minute ${minute}`);
      used.add(day);
    }
    assert.ok(used.size > 4, `${used.size} days in blocks of half an hour`);
  });

  it("trades the candles' volume, each minute in all", () => {
    const { volumes } = secondsOf(bootstrap(), "BTC", 300 * 60);
    const known = HISTORY.days.map((_, day) => HISTORY.minute(0, day, 0).volume);
    for (let minute = 1; minute < 300; minute++) {
      const sum = volumes.slice(minute * 60, minute * 60 + 60).reduce((all, one) => all + one, 0);
      const known = HISTORY.days.map((_, day) => HISTORY.minute(0, day, minute).volume);
      assert.ok(
        known.some((volume) => Math.abs(volume - sum) < 1e-6),
        `minute ${minute}`,
      );
    }
    assert.ok(known.length > 0 && volumes.every((volume) => volume >= 0));
  });

  it("starts at the start prices, also in the middle of a minute", () => {
    for (const offset of [0, 17 * SECOND, MINUTE - SECOND, 123_456_789]) {
      const model = bootstrap({ start: timestamp(START + offset) });
      assert.ok(Math.abs(Math.exp(model.logValue("BTC")) - 45_000) < 1e-6);
      assert.ok(Math.abs(Math.exp(model.logValue("ETH")) - 2500) < 1e-6);
      assert.equal(model.volume("BTC"), 0);
    }
  });

  it("keeps correlation, volatility and the time of day", () => {
    const minutes = 20 * 1440;
    const closes = closesOf(bootstrap({ blockMinutes: 120 }), minutes);
    const [btc, eth] = [returnsOf(closes.BTC), returnsOf(closes.ETH)];
    assert.ok(Math.abs(correlation(btc, eth) - 0.81) < 0.03, `${correlation(btc, eth)}`);
    const early = btc.filter((_, i) => (i + 1) % 1440 < 720);
    const late = btc.filter((_, i) => (i + 1) % 1440 >= 720);
    assert.ok(Math.abs(deviation(late) / deviation(early) - 2) < 0.1);
    const model = bootstrap();
    const yearly = deviation(btc) * Math.sqrt(525_600);
    assert.ok(Math.abs(model.usualVolatility("BTC") / yearly - 1) < 0.05);
  });

  it("says how volatile the present is", () => {
    const model = bootstrap();
    assert.equal(model.volatility("BTC"), bootstrap().volatility("BTC"));
    model.advanceTo(timestamp(START + 11 * 60 * MINUTE));
    const morning = model.volatility("BTC");
    model.advanceTo(timestamp(START + 14 * 60 * MINUTE));
    assert.ok(model.volatility("BTC") > 1.3 * morning);
    assert.equal(model.depthFactor(), 1);
    assert.equal(model.fairLogValue("ETH"), model.logValue("ETH"));
    assert.equal(model.logValue("USD"), 0);
    assert.throws(() => model.logValue("SOL"), /knows the asset/);
  });

  it("repeats a single day exactly", () => {
    const day = marketCandles(["BTC"], 1440);
    const candles = day.get("BTC") as CandleSeries;
    const first = candles.open[0] as number;
    const assets = [{ asset: "BTC", start: first, lowest: 1e-6, highest: 1e12 }];
    const model = bootstrap({ history: historyOf(day), assets });
    for (let minute = 0; minute < 1440; minute++) {
      model.advanceTo(timestamp(START + (minute + 1) * MINUTE - SECOND));
      const price = Math.exp(model.logValue("BTC"));
      assert.ok(Math.abs(price / (candles.close[minute] ?? 0) - 1) < 1e-9);
    }
  });

  it("takes weekends from weekends, where the history has them", () => {
    // The weekend of the history is the only time in which the price moves.
    const candles = rowsOf(TEN_DAYS.get("BTC") as CandleSeries, [...Array(10 * 1440).keys()]);
    for (let i = 0; i < candles.time.length; i++) {
      const day = Math.floor(i / 1440) % 7;
      if (day === 5 || day === 6) continue;
      for (const column of ["open", "high", "low", "close"] as const) {
        candles[column][i] = candles.close[5 * 1440] as number;
      }
    }
    const history = historyOf(new Map([["BTC", candles]]));
    const assets = [{ asset: "BTC", start: 100, lowest: 1e-6, highest: 1e12 }];
    const model = bootstrap({ history, assets, blockMinutes: 60 });
    const moved = (days: number) => {
      const from = model.logValue("BTC");
      model.advanceTo(timestamp(model.time + days * DAY - MINUTE));
      const to = model.logValue("BTC");
      model.advanceTo(timestamp(model.time + MINUTE));
      return Math.abs(to - from);
    };
    assert.ok(moved(5) < 1e-9);
    assert.ok(moved(2) > 1e-4);
  });

  it("stays inside its bounds, and counts", () => {
    const assets = [{ asset: "BTC", start: 100, lowest: 99.5, highest: 100.5 }];
    const model = bootstrap({ assets });
    const seen = secondsOf(model, "BTC", 6 * 3600).logs.map(Math.exp);
    assert.ok(seen.every((price) => price > 99.4999 && price < 100.5001));
    assert.ok(model.reflections > 0);
    assert.ok(new Set(seen.slice(-3600)).size > 100);
  });

  it("gives the same path for a seed, another for another", () => {
    const pathOf = (seed: number) =>
      secondsOf(bootstrap({ random: seededRandom(seed) }), "ETH", 300).logs;
    assert.deepEqual(pathOf(1), pathOf(1));
    assert.notDeepEqual(pathOf(1), pathOf(2));
  });

  it("moves no asset when another is added", () => {
    const [btc] = [{ asset: "BTC", start: 45_000, lowest: 1e-6, highest: 1e12 }];
    const alone = secondsOf(bootstrap({ assets: [btc] }), "BTC", 600);
    assert.deepEqual(secondsOf(bootstrap(), "BTC", 600), alone);
  });
});

describe("minuteHistory", () => {
  it("has the days that every asset has, all but a twentieth", () => {
    const all = marketCandles(["BTC", "ETH"], 3 * 1440);
    const places = [...Array(3 * 1440).keys()];
    const eth = all.get("ETH") as CandleSeries;
    const with1368 = places.filter((i) => i < 1440 || i >= 1440 + 72);
    const with1367 = places.filter((i) => i < 1440 || i >= 1440 + 73);
    const daysOf = (some: readonly number[]) =>
      minuteHistory(new Map(all).set("ETH", rowsOf(eth, some)))?.days.length;
    assert.equal(daysOf(places), 3);
    assert.equal(daysOf(with1368), 3);
    assert.equal(daysOf(with1367), 2);
    assert.equal(daysOf(places.slice(0, 1000)), undefined);
  });

  it("lets a minute that isn't there stand still, and takes no gap for a move", () => {
    const btc = marketCandles(["BTC"], 1440).get("BTC") as CandleSeries;
    const places = [...Array(1440).keys()].filter((i) => i !== 5 && (i < 100 || i > 165));
    const history = historyOf(new Map([["BTC", rowsOf(btc, places)]]));
    assert.deepEqual(history.minute(0, 0, 5), { open: 0, high: 0, low: 0, close: 0, volume: 0 });
    assert.equal(history.minute(0, 0, 166).open, 0);
    const open = Math.log((btc.open[6] as number) / (btc.close[4] as number));
    assert.equal(history.minute(0, 0, 6).open, open);
  });

  it("refuses candles that aren't of minutes", () => {
    const btc = marketCandles(["BTC"], 1440, { start: MONDAY + 1 }).get("BTC") as CandleSeries;
    assert.throws(() => minuteHistory(new Map([["BTC", btc]])), /candles start at minutes/);
  });
});
