import type { Ticks } from "@tse/domain";
import type { Unit } from "../exchange.ts";

/** How wide the reference market quotes, in ticks; not rounded. */
export interface ReferenceQuote {
  readonly bid: number;
  readonly ask: number;
}

/** Who makes the market of one instrument, by one profile. */
export interface Agents {
  start(): void;

  /** No further command is sent; the orders in the book stay. */
  stop(): void;

  /** The feed's price, unchanged or not. */
  priced(price: Ticks, quote: ReferenceQuote | undefined): void;

  /** The feed is silent: nobody knows a fair price. All quotes go, and nobody takes. */
  wentSilent(): void;

  /** A unit of the venue was shown. */
  see(unit: Unit): void;

  /** For operators. */
  state(): Readonly<Record<string, unknown>>;
}
