import type { Timestamp } from "@tse/domain";
import type { FlowConditions } from "@tse/market-model";
import type { ReferenceQuote } from "../agents.ts";
import type { Conditions } from "../conditions.ts";

/** Memory of the volatility that the feed shows, in microseconds. */
const MEMORY = 120_000_000;
/** Bounds of it against the usual: a feed that stands or jumps once isn't a market that froze or burns. */
const CALMEST = 0.3;
const WILDEST = 12;
const MICROSECONDS = 1_000_000;
const SECONDS_A_YEAR = 365 * 86_400;
/** Memory of what spread is usual: so many prices. */
const USUAL_PRICES = 3600;
const NARROWEST = 0.5;
const WIDEST = 50;

/**
 * What the agents of one instrument know of the world, by the feed alone: its price, how much that has been moving, and how wide the reference
 * market quotes. A market that quotes wider than it used to also offers less.
 */
export class FeedConditions implements FlowConditions {
  readonly #symbol: string;
  readonly #operator: Conditions;
  readonly #usual: number;
  #price = 0;
  #pricedAt = 0;
  /** Of a second. */
  #variance: number;
  #spread = 0;
  #usualSpread = 0;

  /** @param yearVolatility usual deviation of a year's log return */
  constructor(symbol: string, operator: Conditions, yearVolatility: number) {
    this.#symbol = symbol;
    this.#operator = operator;
    this.#usual = yearVolatility / Math.sqrt(SECONDS_A_YEAR);
    this.#variance = this.#usual ** 2;
  }

  /** @param price in ticks */
  see(price: number, at: Timestamp, quote: ReferenceQuote | undefined): void {
    const passed = at - this.#pricedAt;
    if (this.#price > 0 && passed > 0) {
      const keep = Math.exp(-passed / MEMORY);
      const move = Math.log(price / this.#price);
      this.#variance = keep * this.#variance + (1 - keep) * ((move * move * MICROSECONDS) / passed);
    }
    this.#price = price;
    this.#pricedAt = at;
    if (quote !== undefined && quote.ask > quote.bid)
      this.#seeSpread((quote.ask - quote.bid) / price);
  }

  advanceTo(): void {}

  fair(): number {
    return this.#price;
  }

  volatility(): number {
    const wildness = Math.sqrt(this.#variance) / this.#usual;
    return this.#usual * Math.min(Math.max(wildness, CALMEST), WILDEST);
  }

  activity(): number {
    return this.volatility() / this.#usual;
  }

  depth(): number {
    return this.#operator.liquidityFactor(this.#symbol) / Math.max(1, this.#widening());
  }

  spread(): number {
    return this.#operator.spreadMultiplier(this.#symbol) * this.#widening();
  }

  #widening(): number {
    if (this.#usualSpread === 0) return 1;
    return Math.min(Math.max(this.#spread / this.#usualSpread, NARROWEST), WIDEST);
  }

  #seeSpread(spread: number): void {
    this.#spread = spread;
    if (this.#usualSpread === 0) this.#usualSpread = spread;
    // What is usual changes slowly, and one wide hour doesn't become it.
    const step = Math.min(Math.max(spread, this.#usualSpread / 2), this.#usualSpread * 2);
    this.#usualSpread += (step - this.#usualSpread) / USUAL_PRICES;
  }
}
