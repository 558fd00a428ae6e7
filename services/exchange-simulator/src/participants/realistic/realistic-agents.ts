import {
  type Clock,
  duration,
  type Instrument,
  type Random,
  type Ticks,
  type Timer,
  type Trade,
} from "@tse/domain";
import { FlowAgents, type FlowParameters, flowSlots, makerSlots } from "@tse/market-model";
import type { Exchange, Unit } from "../../exchange.ts";
import type { Agents, ReferenceQuote } from "../agents.ts";
import type { Conditions } from "../conditions.ts";
import { Inventory } from "../inventory.ts";
import type { OrderLimits } from "../order-limit.ts";
import { type Trader, traderState } from "../trader.ts";
import { FeedConditions } from "./feed-conditions.ts";
import { VenueFlowBook } from "./venue-flow-book.ts";

/** The accounts by which the agents of one instrument trade. */
export interface FlowTraders {
  readonly maker: Trader;
  readonly crowd: Trader;
  readonly taker: Trader;
}

export interface RealisticAgentsParts {
  readonly exchange: Exchange;
  readonly instrument: Instrument;
  readonly parameters: FlowParameters;
  readonly traders: FlowTraders;
  readonly conditions: Conditions;
  readonly limits: OrderLimits;
  /** The instrument's own stream. */
  readonly random: Random;
}

/** Grid on which the agents look at the feed, in microseconds. */
const STEP = 100_000;

/**
 * One instrument's participants of the profile `realistic`: makers with latencies, takers in bursts, a crowd around them,
 * trading as clients of the venue around the feed's price and the impact of everybody's market orders, customers' included.
 *
 * The times of their acts and their draws follow from the seed and the feed; what customers do changes what becomes of an act only.
 */
export class RealisticAgents implements Agents {
  readonly #parts: RealisticAgentsParts;
  readonly #clock: Clock;
  readonly #conditions: FeedConditions;
  readonly #book: VenueFlowBook;
  readonly #house: ReadonlySet<number>;
  readonly #inventories: Readonly<Record<keyof FlowTraders, Inventory>>;
  #agents: FlowAgents | undefined;
  #timer: Timer | undefined;
  #stopped = false;

  constructor(parts: RealisticAgentsParts) {
    const { exchange, instrument, parameters, traders, limits } = parts;
    const own = ({ account }: Trader) => new Inventory(exchange.venue, account, instrument.id);
    this.#parts = parts;
    this.#clock = exchange.clock;
    this.#inventories = {
      maker: own(traders.maker),
      crowd: own(traders.crowd),
      taker: own(traders.taker),
    };
    this.#house = new Set(Object.values(traders).map(({ account }) => account));
    const { symbol } = instrument;
    this.#conditions = new FeedConditions(symbol, parts.conditions, parameters.yearVolatility);
    const { latenciesMs } = parameters.makers;
    const ofMakers = latenciesMs.length * makerSlots(parameters.makers);
    this.#book = new VenueFlowBook({
      exchange,
      instrument: instrument.id,
      resting: (slot) => (slot < ofMakers ? traders.maker : traders.crowd),
      taking: traders.taker,
      slots: flowSlots(parameters),
      limits,
      fills: { filled: (slot, lots, open) => this.#agents?.filled(slot, lots, open) },
    });
  }

  /** Orders that an earlier run of the world left in the book are nobody's now. */
  start(): void {
    this.#leave();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  priced(price: Ticks, quote: ReferenceQuote | undefined): void {
    this.#conditions.see(price, this.#clock.now(), quote);
    this.#book.isOpen = true;
    if (this.#agents === undefined) this.#begin();
  }

  wentSilent(): void {
    this.#book.isOpen = false;
    this.#leave();
  }

  see(unit: Unit): void {
    this.#book.see(unit);
    for (const event of unit.events) {
      if (event.kind === "trade") this.#traded(event);
    }
  }

  state() {
    const { instrument, traders, exchange } = this.#parts;
    const stateOf = (who: keyof FlowTraders) => ({
      ...traderState(traders[who], instrument.id, exchange.venue),
      imbalance: this.#inventories[who].imbalance(),
    });
    return {
      fair: this.#agents?.fair ?? null,
      impactBp: (this.#agents?.impact ?? 0) * 10_000,
      acts: this.#agents?.acts.count ?? 0,
      maker: stateOf("maker"),
      crowd: stateOf("crowd"),
      taker: stateOf("taker"),
    };
  }

  #traded({ instrument, takerAccount, takerSide, quantity }: Trade): void {
    if (instrument !== this.#parts.instrument.id || this.#house.has(takerAccount)) return;
    this.#agents?.tookOutside(takerSide === "buy" ? 1 : -1, quantity);
  }

  #begin(): void {
    const { parameters, random } = this.#parts;
    this.#agents = new FlowAgents({
      parameters,
      conditions: this.#conditions,
      book: this.#book,
      random,
      startUs: this.#clock.now(),
      stepUs: STEP,
    });
    // Whoever comes first meets a book.
    this.#agents.quote();
    this.#wait(this.#agents);
  }

  #wait(agents: FlowAgents): void {
    const delay = Math.max(0, agents.nextUs - this.#clock.now());
    this.#timer = this.#clock.after(duration(delay), () => {
      agents.advanceTo(this.#clock.now());
      if (!this.#stopped) this.#wait(agents);
    });
  }

  #leave(): void {
    const { traders, instrument, exchange } = this.#parts;
    for (const trader of [traders.maker, traders.crowd]) {
      const { account } = trader;
      if (exchange.venue.liveOrders(account, instrument.id).length === 0) continue;
      void trader.send({ kind: "cancel_all_orders", account, instrument: instrument.id });
    }
  }
}
