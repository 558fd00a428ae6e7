import {
  type Clock,
  duration,
  type Instrument,
  type Random,
  type Ticks,
  type Timer,
  type Timestamp,
  ticks,
} from "@tse/domain";
import { OrderFlow } from "@tse/market-model";
import { type Exchange, isUnavailable } from "../exchange.ts";
import type { Conditions } from "./conditions.ts";
import { Inventory } from "./inventory.ts";
import { Maker, type MakerSettings, type MakerState } from "./maker.ts";
import type { Profile } from "./profile.ts";
import { Taker } from "./taker.ts";
import type { Trader } from "./trader.ts";

export interface SimulatedMarketParts {
  readonly exchange: Exchange;
  readonly instrument: Instrument;
  readonly profile: Profile;
  readonly maker: Trader;
  readonly taker: Trader;
  readonly conditions: Conditions;
  readonly settings: MakerSettings;
  /** The instrument's own stream. */
  readonly random: Random;
}

/** How one instrument's participants are, for operators. */
export interface SimulatedMarketState {
  readonly symbol: string;
  readonly feed: "live" | "stale";
  /** The feed's last price, and when it came. */
  readonly price: Ticks | undefined;
  readonly pricedAt: Timestamp | undefined;
  readonly maker: MakerState & TraderState;
  readonly taker: TraderState & { readonly arrivals: number };
}

interface TraderState {
  readonly account: string;
  readonly liveOrders: number;
  /** Base asset against the start: -1 is all gone, 0 as at the start. */
  readonly imbalance: number;
  readonly sent: number;
  readonly refusals: Readonly<Record<string, number>>;
}

/** A feed that was silent for this long is stale: the makers withdraw. */
const STALE_AFTER = duration(30_000_000);
const ORIGIN = { actor: "engine", correlationId: "" };

/** One instrument's participants and the feed they go by. */
export class SimulatedMarket {
  readonly #parts: SimulatedMarketParts;
  readonly #clock: Clock;
  readonly #maker: Maker;
  readonly #taker: Taker;
  readonly #inventories: Readonly<Record<"maker" | "taker", Inventory>>;
  #silence: Timer | undefined;
  #price: Ticks | undefined;
  #pricedAt: Timestamp | undefined;

  constructor(parts: SimulatedMarketParts) {
    const { exchange, instrument, profile, maker, taker, conditions, settings, random } = parts;
    const { venue, clock } = exchange;
    const own = (trader: Trader) => new Inventory(venue, trader.account, instrument.id);
    this.#parts = parts;
    this.#clock = clock;
    this.#inventories = { maker: own(maker), taker: own(taker) };
    this.#maker = new Maker({
      venue,
      clock,
      trader: maker,
      instrument: instrument.id,
      shape: profile.quotes,
      inventory: this.#inventories.maker,
      conditions,
      settings,
    });
    this.#taker = new Taker({
      venue,
      clock,
      trader: taker,
      instrument: instrument.id,
      flow: new OrderFlow(profile.flow, random.fork("takers")),
      own: this.#inventories.taker,
      maker: this.#inventories.maker,
    });
  }

  start(): void {
    this.#taker.start();
  }

  stop(): void {
    this.#silence?.cancel();
    this.#maker.stop();
    this.#taker.stop();
  }

  /** The feed's price, unchanged or not. */
  priced(price: Ticks): void {
    if (price !== this.#price) this.#setReference(price);
    this.#price = price;
    this.#pricedAt = this.#clock.now();
    this.#silence?.cancel();
    this.#silence = this.#clock.after(STALE_AFTER, () => this.#wentSilent());
    this.#taker.watch("live");
    this.#maker.follow(price);
  }

  /** An order of the maker traded. */
  hit(): void {
    this.#maker.hit();
  }

  state(): SimulatedMarketState {
    const { instrument, maker, taker } = this.#parts;
    return {
      symbol: instrument.symbol,
      feed: this.#price === undefined ? "stale" : "live",
      price: this.#price,
      pricedAt: this.#pricedAt,
      maker: { ...this.#maker.state(), ...this.#stateOf(maker, "maker") },
      taker: { arrivals: this.#taker.arrivals, ...this.#stateOf(taker, "taker") },
    };
  }

  #wentSilent(): void {
    this.#price = undefined;
    this.#setReference(ticks(0));
    this.#taker.watch("stale");
    this.#maker.withdraw();
  }

  #setReference(price: Ticks): void {
    const { exchange, instrument } = this.#parts;
    const command = { kind: "set_reference_price", instrument: instrument.id, price } as const;
    exchange.submit(command, ORIGIN).catch((error: unknown) => {
      // When the exchange stops the feed stops with it; anything else is a bug.
      if (!isUnavailable(error)) throw error;
    });
  }

  #stateOf(trader: Trader, role: "maker" | "taker"): TraderState {
    const { exchange, instrument } = this.#parts;
    return {
      account: exchange.venue.account(trader.account)?.id ?? "",
      liveOrders: exchange.venue.liveOrders(trader.account, instrument.id).length,
      imbalance: this.#inventories[role].imbalance(),
      sent: trader.sent,
      refusals: trader.refusals,
    };
  }
}
