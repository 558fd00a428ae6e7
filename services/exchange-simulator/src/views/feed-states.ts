import type { InstrumentId, Ticks } from "@tse/domain";
import type { VenueView } from "@tse/venue";
import type { Unit } from "../exchange.ts";

interface Feed {
  readonly price: Ticks;
  readonly stale: boolean;
}

/** For a snapshot. */
export interface FeedStatesState {
  readonly feeds: readonly (readonly [InstrumentId, Feed])[];
}

const NEVER_PRICED: Feed = { price: 0 as Ticks, stale: false };

/**
 * Whether the market-data feed of each instrument was stale, folded from released units. The venue knows
 * it as well, but may be ahead of the unit that is shown; this stands exactly at it, live as in a replay.
 */
export class FeedStates implements Pick<VenueView, "feedStale"> {
  readonly #feeds = new Map<InstrumentId, Feed>();

  /** Subscribe this to the exchange before anything that reads. */
  readonly record = (unit: Unit): void => {
    for (const event of unit.events) {
      if (event.kind === "reference_price_changed") this.#changed(event.instrument, event.price);
    }
  };

  /** Whether the feed has withdrawn its price since it last gave one. */
  feedStale(instrument: InstrumentId): boolean {
    return this.#feed(instrument).stale;
  }

  save(): FeedStatesState {
    return { feeds: [...this.#feeds] };
  }

  /** Into a view that has recorded nothing. */
  restore({ feeds }: FeedStatesState): void {
    for (const [instrument, feed] of feeds) this.#feeds.set(instrument, feed);
  }

  #changed(instrument: InstrumentId, price: Ticks): void {
    const before = this.#feed(instrument);
    const stale = price === 0 && (before.stale || before.price !== 0);
    this.#feeds.set(instrument, { price, stale });
  }

  #feed(instrument: InstrumentId): Feed {
    return this.#feeds.get(instrument) ?? NEVER_PRICED;
  }
}
