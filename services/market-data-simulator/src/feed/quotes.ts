import type { Timestamp } from "@tse/domain";

/** How the distance of bid and ask is made. */
export interface SpreadRule {
  /** `fixed` keeps it; `dynamic` widens it with volatility, scenarios and the time of day. */
  readonly kind: "fixed" | "dynamic";
  /** Of the price, above 0. */
  readonly bps: number;
}

export interface SpreadConditions {
  readonly volatility: number;
  readonly usualVolatility: number;
  /** What scenarios make of it; 1 is normal. */
  readonly factor: number;
  readonly time: Timestamp;
}

const HALVES = 20_000;
/** As wide as the price: bid and ask are half of it away. */
const BPS_MAX = 10_000;
const HOUR = 3_600_000_000;

/** The spread in force, in basis points. Scenarios widen a fixed one too. */
export function spreadBps(rule: SpreadRule, conditions: SpreadConditions): number {
  const { volatility, usualVolatility, factor, time } = conditions;
  if (rule.kind === "fixed") return Math.min(rule.bps * factor, BPS_MAX);
  const ratio = usualVolatility > 0 ? volatility / usualVolatility : 1;
  const widened = Math.min(Math.max(1 + 0.5 * (ratio - 1), 0.5), 5);
  return Math.min(rule.bps * widened * factor * hourFactor(time), BPS_MAX);
}

/** Narrowest while Europe and America trade, widest in the hours between America and Asia (UTC). */
function hourFactor(time: Timestamp): number {
  const hour = Math.floor(time / HOUR) % 24;
  if (hour >= 13 && hour < 17) return 0.9;
  return hour >= 21 || hour < 1 ? 1.15 : 1;
}

/** Bid and ask around a price, rounded outward to whole ticks, at least one tick each. */
export function quotesAround(
  price: number,
  bps: number,
): { readonly bid: number; readonly ask: number } {
  const bid = Math.floor((price * (HALVES - bps)) / HALVES);
  return { bid: Math.max(1, bid), ask: Math.ceil((price * (HALVES + bps)) / HALVES) };
}
