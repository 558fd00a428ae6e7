import { type Instrument, type Ticks, textOf, ticks } from "@tse/domain";
import type { PriceListener, PriceSource } from "./price-source.ts";

/** One price of a market-data feed. */
export interface FeedPrice {
  readonly symbol: string;
  /** Decimal, above 0. */
  readonly price: string;
  /** What the reference market quotes around it; 0 where it doesn't. */
  readonly bid: number;
  readonly ask: number;
}

/**
 * Prices of a market-data service: over the wire, or from one in this process. The first prices are those of the moment, where
 * the feed has them at hand.
 */
export interface MarketFeed {
  /** Tells `listener` every price of the symbols from now on, each symbol's in order, until `stop` is called. */
  follow(symbols: readonly string[], listener: (price: FeedPrice) => void): { stop(): void };
}

/** The participants' prices from a market-data feed. */
export class FeedSource implements PriceSource {
  readonly #feed: MarketFeed;
  #following: { stop(): void } | undefined;

  constructor(feed: MarketFeed) {
    this.#feed = feed;
  }

  start(instruments: readonly Instrument[], onPrice: PriceListener): void {
    const known = new Map(instruments.map((instrument) => [instrument.symbol, instrument]));
    const hear = ({ symbol, price, bid, ask }: FeedPrice): void => {
      const instrument = known.get(symbol);
      const count = instrument === undefined ? undefined : nearestTick(price, instrument);
      if (instrument === undefined || count === undefined) return;
      const tick = tickOf(instrument);
      const isQuoted = bid > 0 && ask > bid;
      onPrice(instrument.id, count, isQuoted ? { bid: bid / tick, ask: ask / tick } : undefined);
    };
    this.#following = this.#feed.follow([...known.keys()], hear);
  }

  stop(): void {
    this.#following?.stop();
    this.#following = undefined;
  }
}

type Priced = Pick<Instrument, "tickSize">;

function tickOf({ tickSize }: Priced): number {
  return Number(textOf(ticks(1), tickSize));
}

/** A feed's price on the instrument's own grid, at least one tick; `undefined` for what is no price. */
function nearestTick(price: string, instrument: Priced): Ticks | undefined {
  const count = Math.round(Number(price) / tickOf(instrument));
  if (!Number.isSafeInteger(count) || Number(price) <= 0) return undefined;
  return ticks(Math.max(1, count));
}
