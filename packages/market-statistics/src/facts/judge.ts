import { type Candles, commonMinutes, DAY_MINUTES } from "../candles/candles.ts";
import { CROSS_FACTS } from "./cross-facts.ts";
import type { Fact } from "./fact.ts";
import { CROSS_RANGES, STYLISED_RANGES } from "./ranges.ts";
import {
  type CrossFactId,
  crossFacts,
  type Measured,
  STYLISED_FACTS,
  type StylisedFactId,
  stylisedFacts,
} from "./stylised-facts.ts";
import { type Range, type Score, scoreOf, type Verdict, verdictOf } from "./verdict.ts";

/** The markets whose ranges are known. */
export type AssetClass = keyof typeof STYLISED_RANGES;

/** One fact of one market (or of the pair) beside what real ones show. */
export interface JudgedFact<Id extends string = StylisedFactId | CrossFactId> {
  readonly market: AssetClass | "BTC-ETH";
  readonly id: Id;
  readonly row: number;
  readonly title: string;
  readonly unit: string;
  readonly formula: string;
  readonly value: number | undefined;
  readonly range: Range;
  readonly verdict: Verdict;
}

/** Facts in the order of their rows, and the share that is in range. */
export interface Judgement<Id extends string = StylisedFactId | CrossFactId> {
  readonly facts: readonly JudgedFact<Id>[];
  readonly score: Score;
}

/** Judges one symbol's regular candles against real BTC or real ETH. */
export function judgeSymbol(candles: Candles, asset: AssetClass): Judgement {
  const facts = judged(
    asset,
    STYLISED_FACTS,
    stylisedFacts(candles),
    STYLISED_RANGES[asset],
    candles,
  );
  return { facts, score: scoreOf(facts) };
}

/** Judges two symbols, 44 facts each, and what they have in common over the same minutes, 8 facts. */
export function judge(btc: Candles, eth: Candles): Judgement {
  const [common] = commonMinutes(btc, eth);
  const facts = [
    ...judgeSymbol(btc, "BTC").facts,
    ...judgeSymbol(eth, "ETH").facts,
    ...judged("BTC-ETH", CROSS_FACTS, crossFacts(btc, eth), CROSS_RANGES, common),
  ];
  return { facts, score: scoreOf(facts) };
}

function judged<Id extends JudgedFact["id"]>(
  market: JudgedFact["market"],
  catalogue: Readonly<Record<Id, Fact<never>>>,
  values: Measured<Id>,
  ranges: Readonly<Record<Id, Range>>,
  { ts }: Candles,
): JudgedFact[] {
  return (Object.keys(catalogue) as Id[])
    .map((id) => {
      const { row, title, unit, formula, days } = catalogue[id];
      const value = values[id];
      const range = ranges[id];
      const verdict = ts.length < days * DAY_MINUTES ? "too_short" : verdictOf(value, range);
      return { market, id, row, title, unit, formula, value, range, verdict };
    })
    .sort((a, b) => a.row - b.row);
}
