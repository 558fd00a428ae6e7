import type { AssetClass, Judgement } from "../facts/judge.ts";
import { scoreOf, verdictOf } from "../facts/verdict.ts";
import type { Tape } from "./tape.ts";
import type { TickFact } from "./tick-fact.ts";
import { TICK_FACTS, type TickFactId } from "./tick-facts.ts";
import { TICK_RANGES } from "./tick-ranges.ts";
import { tickSample } from "./tick-sample.ts";

/**
 * Judges the 19 facts of one symbol's tape without fault (`tapeFault`) against real BTC or real ETH. A fact is
 * `too_short` below the market orders that it needs.
 */
export function judgeTicks(tape: Tape, asset: AssetClass): Judgement<TickFactId> {
  const sample = tickSample(tape);
  const facts = Object.entries<TickFact>(TICK_FACTS).map(([name, fact]) => {
    const id = name as TickFactId;
    const { row, title, unit, formula, orders } = fact;
    const range = TICK_RANGES[asset][id];
    const isShort = sample.orders.times.length < orders;
    const value = isShort ? undefined : fact.measure(sample);
    const verdict = isShort ? "too_short" : verdictOf(value, range);
    return { market: asset, id, row, title, unit, formula, value, range, verdict } as const;
  });
  return { facts, score: scoreOf(facts) };
}
