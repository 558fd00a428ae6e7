import type { Timestamp } from "@tse/domain";

/** What one source says a symbol is worth. */
export interface SourceQuote {
  readonly source: string;
  /** Quote units for one base unit. */
  readonly price: number;
  /** Base units traded in the source's own window, from 0; absent when the source doesn't say. */
  readonly volume?: number;
  /** When the source had this price, by the world's time. */
  readonly at: Timestamp;
  /** Log return of the price that isn't to halt the symbol, since any moment that all quotes share; 0 when absent. */
  readonly exempt?: number;
}

/** A source that takes part in a consensus. */
export interface ConsensusSource {
  /** No two have the same. */
  readonly name: string;
  /** From 1, the most trusted: a source weighs 1/priority. */
  readonly priority: number;
}
