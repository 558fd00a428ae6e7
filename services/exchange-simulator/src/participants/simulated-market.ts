import {
  type Clock,
  duration,
  type Instrument,
  type Ticks,
  type Timer,
  type Timestamp,
  ticks,
} from "@tse/domain";
import { type Exchange, isUnavailable, type Unit } from "../exchange.ts";
import type { Agents, ReferenceQuote } from "./agents.ts";

export interface SimulatedMarketParts {
  readonly exchange: Exchange;
  readonly instrument: Pick<Instrument, "id" | "symbol">;
  readonly profile: string;
  readonly agents: Agents;
}

/** How one instrument's participants are, for operators. */
export interface SimulatedMarketState {
  readonly symbol: string;
  readonly profile: string;
  readonly feed: "live" | "stale";
  /** The feed's last price, and when it came. */
  readonly price: Ticks | undefined;
  readonly pricedAt: Timestamp | undefined;
  /** What its agents say of themselves. */
  readonly [more: string]: unknown;
}

/** A feed that was silent for this long is stale: the participants withdraw. */
const STALE_AFTER = duration(30_000_000);
const ORIGIN = { actor: "engine", correlationId: "" };

/** One instrument's participants and the feed they go by. */
export class SimulatedMarket {
  readonly #parts: SimulatedMarketParts;
  readonly #clock: Clock;
  #silence: Timer | undefined;
  #price: Ticks | undefined;
  #pricedAt: Timestamp | undefined;

  constructor(parts: SimulatedMarketParts) {
    this.#parts = parts;
    this.#clock = parts.exchange.clock;
  }

  start(): void {
    this.#parts.agents.start();
  }

  stop(): void {
    this.#silence?.cancel();
    this.#parts.agents.stop();
  }

  /** The feed's price, unchanged or not. */
  priced(price: Ticks, quote?: ReferenceQuote): void {
    if (price !== this.#price) this.#setReference(price);
    this.#price = price;
    this.#pricedAt = this.#clock.now();
    this.#silence?.cancel();
    this.#silence = this.#clock.after(STALE_AFTER, () => this.#wentSilent());
    this.#parts.agents.priced(price, quote);
  }

  see(unit: Unit): void {
    this.#parts.agents.see(unit);
  }

  state(): SimulatedMarketState {
    const { instrument, profile, agents } = this.#parts;
    return {
      symbol: instrument.symbol,
      profile,
      feed: this.#price === undefined ? "stale" : "live",
      price: this.#price,
      pricedAt: this.#pricedAt,
      ...agents.state(),
    };
  }

  #wentSilent(): void {
    this.#price = undefined;
    this.#setReference(ticks(0));
    this.#parts.agents.wentSilent();
  }

  #setReference(price: Ticks): void {
    const { exchange, instrument } = this.#parts;
    const command = { kind: "set_reference_price", instrument: instrument.id, price } as const;
    exchange.submit(command, ORIGIN).catch((error: unknown) => {
      // When the exchange stops the feed stops with it; anything else is a bug.
      if (!isUnavailable(error)) throw error;
    });
  }
}
