import {
  type AccountNumber,
  type InstrumentId,
  RATE_ONE,
  type Side,
  type Ticks,
} from "@tse/domain";
import type { QuoteShape } from "@tse/market-model";
import type { VenueView } from "@tse/venue";

/** The skew moves in steps of a tenth of the inventory: small trades leave the quotes alone. */
const SKEW_STEPS = 10;
/** Distance from the fair price at an inventory of nothing, or of twice the start. */
const SKEW_AT_MOST = 0.0005 * RATE_ONE;
/** Share of what it owns that a maker offers at most, so that a requote never lacks funds. */
const OFFERED = 0.9;

/**
 * What a house account owns of an instrument's two assets, against what it had when it began. Finite:
 * it changes by trades only.
 */
export class Inventory {
  readonly #venue: VenueView;
  readonly #account: AccountNumber;
  readonly #instrument: InstrumentId;
  readonly #atStart: number;

  constructor(venue: VenueView, account: AccountNumber, instrument: InstrumentId) {
    this.#venue = venue;
    this.#account = account;
    this.#instrument = instrument;
    this.#atStart = this.#total("base");
  }

  /** Base asset against the start: -1 is all gone, 0 as at the start, 1 twice as much or more. */
  imbalance(): number {
    if (this.#atStart === 0) return 0;
    return Math.min(this.#total("base") / this.#atStart - 1, 1);
  }

  /** Ticks to quote above the fair price: too little of the base asset makes it dearer. */
  skew(fair: Ticks): number {
    const stepped = Math.trunc(this.imbalance() * SKEW_STEPS) / SKEW_STEPS;
    return -Math.round((fair * SKEW_AT_MOST * stepped) / RATE_ONE);
  }

  /** Share of all its quotes that the account can pay for: 1 but for an account close to its end. */
  affordable(shape: QuoteShape, fair: Ticks): Readonly<Record<Side, number>> {
    const { minorPerLot, minorPerTickLot } = this.#venue.instrument(this.#instrument);
    const base = lotsOf(shape, "sell") * minorPerLot;
    const quote = lotsOf(shape, "buy") * fair * minorPerTickLot;
    return {
      buy: Math.min(1, (this.#total("quote") * OFFERED) / quote),
      sell: Math.min(1, (this.#total("base") * OFFERED) / base),
    };
  }

  #total(which: "base" | "quote"): number {
    const asset = this.#venue.instrument(this.#instrument)[which];
    const { available, locked } = this.#venue.balance(this.#account, asset);
    return Number(available + locked);
  }
}

/** Never less than what a full side of its quotes offers. */
function lotsOf({ levels, ...sizes }: QuoteShape, side: Side): number {
  return levels * sizes[side].furthest;
}
