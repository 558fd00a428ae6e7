import { type Candles, commonMinutes, windowsOf } from "../candles/candles.ts";
import { median } from "../estimators/quantile.ts";
import { ASYMMETRY_FACTS } from "./asymmetry-facts.ts";
import { BAR_FACTS } from "./bar-facts.ts";
import { CROSS_FACTS, type MinutePair } from "./cross-facts.ts";
import type { Fact, MinuteFact } from "./fact.ts";
import { minuteSample } from "./minute-sample.ts";
import { RETURN_FACTS } from "./return-facts.ts";
import { SEASON_FACTS } from "./season-facts.ts";
import { VOLATILITY_FACTS } from "./volatility-facts.ts";
import { VOLUME_FACTS } from "./volume-facts.ts";

/** Every fact of one symbol: rows 1 to 23. */
export const STYLISED_FACTS = {
  ...RETURN_FACTS,
  ...VOLATILITY_FACTS,
  ...ASYMMETRY_FACTS,
  ...VOLUME_FACTS,
  ...SEASON_FACTS,
  ...BAR_FACTS,
} as const satisfies Record<string, MinuteFact>;

export type StylisedFactId = keyof typeof STYLISED_FACTS;
export type CrossFactId = keyof typeof CROSS_FACTS;

/** A number a fact; `undefined` where the series is too short for it or has no such number. */
export type Measured<Id extends string> = Readonly<Record<Id, number | undefined>>;

/**
 * The facts of one symbol's regular candles (`regularCandles`): each as the median over its windows
 * of 7, 28 or 365 days. Windows in which a fact has no value are left out.
 */
export function stylisedFacts(candles: Candles): Measured<StylisedFactId> {
  return measureAll(STYLISED_FACTS, (days) => windowsOf(candles, days).map(minuteSample));
}

/** The facts of two symbols together, over the minutes that both cover; `a` is the one that leads. */
export function crossFacts(a: Candles, b: Candles): Measured<CrossFactId> {
  const [first, second] = commonMinutes(a, b);
  return measureAll(CROSS_FACTS, (days) => pairs(first, second, days));
}

function pairs(a: Candles, b: Candles, days: number): MinutePair[] {
  const others = windowsOf(b, days);
  return windowsOf(a, days).map((window, i) => ({
    a: minuteSample(window),
    b: minuteSample(others[i]!),
  }));
}

function measureAll<Id extends string, Sample>(
  facts: Readonly<Record<Id, Fact<Sample>>>,
  samplesOf: (days: number) => Sample[],
): Measured<Id> {
  const byDays = new Map<number, Sample[]>();
  const entries = Object.entries<Fact<Sample>>(facts).map(([id, fact]) => {
    const samples = byDays.get(fact.days) ?? samplesOf(fact.days);
    byDays.set(fact.days, samples);
    const values = samples.map(fact.measure).filter((value) => value !== undefined);
    return [id, median(values)] as const;
  });
  return Object.fromEntries(entries) as Record<Id, number | undefined>;
}
