import type { Timestamp } from "@tse/domain";
import type { ModeTerms } from "../modes/mode-terms.ts";
import type { DisturbedSource } from "../modes/source-faults.ts";
import type { MarketMode } from "./markets.ts";
import type { SpreadRule } from "./quotes.ts";
import type { Tick } from "./tick.ts";

/**
 * A stretch of the feed's path that follows from a seed: with the interventions since its start, every tick of it can
 * be made again.
 */
export interface Segment {
  /** 1, 2, 3, … in the life of a world. */
  readonly number: number;
  readonly seed: string;
  /** PRICE_MODE as it was given. */
  readonly mode: string;
  /** What assets follow that have no mode of their own; `mode` when absent. */
  readonly market?: MarketMode;
  /** By asset; none when absent. */
  readonly modes?: Readonly<Record<string, ModeTerms>>;
  /** Microseconds between two grid points. */
  readonly interval: number;
  /** Names of the symbols, in order. */
  readonly symbols: readonly string[];
  /** The grid point where the market begins. */
  readonly start: Timestamp;
  /** What each asset is worth there; assets that aren't named begin at their start price. */
  readonly prices: Readonly<Record<string, number>>;
  /** Last sequence of each symbol before it; 0 where it isn't named. */
  readonly sequences: Readonly<Record<string, number>>;
  /** The newest tick of each symbol before it, where there was one: what is shown until the next. */
  readonly last?: Readonly<Record<string, LastTick>>;
  /** Symbols that an operator had halted; none when absent. */
  readonly halted?: readonly string[];
  /** SPREAD_MODE; what is configured when absent. */
  readonly spread?: SpreadRule["kind"];
  /** By symbol, where it isn't the usual one. */
  readonly spreads?: Readonly<Record<string, SpreadRule>>;
  /** What operators did to sources; nothing when absent. */
  readonly disturbed?: readonly DisturbedSource[];
}

/** A tick whose symbol is known. */
export type LastTick = Omit<Tick, "terms">;
