import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration } from "@tse/domain";
import { DiffusionMarket, type Effect, type ScenarioBoard } from "@tse/market-model";
import { seededRandom } from "@tse/simulation";
import { after, definition, HOUR, recorded, SECOND, START, starting } from "./worlds.ts";

const NAMES = ["BTC", "ETH", "ADA", "DOT", "USDT"];
const CORRELATIONS: Readonly<Record<string, number>> = { "BTC ETH": 0.845, "ADA DOT": 0.79 };
const STEP = 5 * SECOND;

function market(overlay?: ScenarioBoard): DiffusionMarket {
  return new DiffusionMarket({
    unitOfAccount: "USD",
    assets: NAMES.map((asset) => ({
      asset,
      start: 100,
      lowest: 1,
      highest: 10_000,
      path: { mode: "gbm", volatility: 0.7 },
      dailyVolume: 1,
    })),
    correlation: (a, b) => {
      if (a === "USDT" || b === "USDT") return 0;
      return CORRELATIONS[`${a} ${b}`] ?? CORRELATIONS[`${b} ${a}`] ?? 0.74;
    },
    step: duration(STEP),
    start: START,
    random: seededRandom(11),
    ...(overlay && { overlay }),
  });
}

type LoadingEffect = Extract<Effect, { readonly on: "loading" }>;

const loading = (more: Partial<LoadingEffect>): LoadingEffect => ({
  on: "loading",
  assets: ["BTC", "ETH", "ADA", "DOT"],
  rule: "correlation",
  value: 0,
  transition: 0,
  ...more,
});

/** Under this scenario from the first hour to the third. */
function under(effect: LoadingEffect): DiffusionMarket {
  const { board, perform } = recorded();
  const moves = market(board);
  moves.advanceTo(after(HOUR));
  const during = definition([effect], { duration: 2 * HOUR, release: 0 });
  perform(starting(during, { at: after(HOUR) }));
  return moves;
}

/** Returns of each asset in the hours from one to another, by steps. */
function returns(moves: DiffusionMarket, from: number, to: number): Map<string, number[]> {
  moves.advanceTo(after(from * HOUR));
  const series = new Map(NAMES.map((name) => [name, [] as number[]]));
  const last = new Map(NAMES.map((name) => [name, moves.logValue(name)]));
  for (let at = from * HOUR + STEP; at <= to * HOUR; at += STEP) {
    moves.advanceTo(after(at));
    for (const [name, each] of series) {
      const value = moves.logValue(name);
      each.push(value - (last.get(name) as number));
      last.set(name, value);
    }
  }
  return series;
}

const sumOfProducts = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);

function correlation(series: Map<string, number[]>, one: string, other: string): number {
  const [a, b] = [series.get(one) as number[], series.get(other) as number[]];
  return sumOfProducts(a, b) / Math.sqrt(sumOfProducts(a, a) * sumOfProducts(b, b));
}

const near = (observed: number, expected: number, within: number, what: string) =>
  assert.ok(Math.abs(observed - expected) <= within, `${what}: ${observed}, not ${expected}`);

const PAIRS = [
  ["BTC", "ETH"],
  ["BTC", "ADA"],
  ["ETH", "DOT"],
  ["ADA", "DOT"],
] as const;

describe("A scenario's loadings in the mode gbm", () => {
  it("break correlations to nothing, and give them back at the end", () => {
    const moves = under(loading({}));
    const before = returns(market(), 0, 1);
    const broken = returns(moves, 1, 3);
    const again = returns(moves, 3, 5);
    for (const [one, other] of PAIRS) {
      const usual = CORRELATIONS[`${one} ${other}`] ?? 0.74;
      near(correlation(before, one, other), usual, 0.08, `${one} ${other} before`);
      near(correlation(broken, one, other), 0, 0.09, `${one} ${other} broken`);
      near(correlation(again, one, other), usual, 0.06, `${one} ${other} again`);
    }
  });

  it("move every pair by the correlation asked for, below and above the usual one", () => {
    for (const value of [0.3, 0.95]) {
      const series = returns(under(loading({ value })), 1, 3);
      for (const [one, other] of PAIRS) {
        near(correlation(series, one, other), value, 0.08, `${one} ${other}`);
      }
    }
  });

  it("turn one asset against all others, which keep to each other", () => {
    const series = returns(under(loading({ assets: ["ETH"], rule: "multiple", value: -1 })), 1, 3);
    near(correlation(series, "BTC", "ETH"), -0.845, 0.04, "BTC ETH");
    near(correlation(series, "ADA", "ETH"), -0.74, 0.06, "ADA ETH");
    near(correlation(series, "ADA", "DOT"), 0.79, 0.05, "ADA DOT");
  });

  it("leave volatilities as they are", () => {
    const calm = returns(market(), 1, 3);
    for (const value of [0, 0.95]) {
      const series = returns(under(loading({ value })), 1, 3);
      for (const name of NAMES) {
        const [a, b] = [series.get(name) as number[], calm.get(name) as number[]];
        near(Math.sqrt(sumOfProducts(a, a) / sumOfProducts(b, b)), 1, 0.1, name);
      }
    }
  });

  it("change no bit of the path while they are neutral, and the same path in steps of any length", () => {
    const calm = market();
    const { board, perform } = recorded();
    const neutral = market(board);
    perform(starting(definition([loading({ value: 0.95 })], { duration: HOUR }), { intensity: 0 }));
    const wild = { on: "depth", assets: "*", course: { course: "constant", times: 2 } } as const;
    perform(starting(definition([wild]), { id: "two" }));
    const [once, often] = [under(loading({})), under(loading({}))];
    for (let at = 0; at <= 4 * HOUR; at += 977 * SECOND) often.advanceTo(after(at));
    for (const each of [calm, neutral, once, often]) each.advanceTo(after(4 * HOUR));
    for (const name of NAMES) {
      assert.equal(neutral.logValue(name), calm.logValue(name));
      assert.equal(often.logValue(name), once.logValue(name));
      // A stablecoin follows nothing: it is as it would have been.
      assert.equal(once.logValue(name) === calm.logValue(name), name === "USDT", name);
    }
  });
});
