import type { Random, Ticks } from "@tse/domain";
import { OrderFlow } from "@tse/market-model";
import type { Exchange, Unit } from "../../exchange.ts";
import type { Agents } from "../agents.ts";
import type { Conditions } from "../conditions.ts";
import { Inventory } from "../inventory.ts";
import { type Trader, traderState } from "../trader.ts";
import { Maker, type MakerSettings } from "./maker.ts";
import type { Profile } from "./profile.ts";
import { Taker } from "./taker.ts";

export interface FixedSpreadParts {
  readonly exchange: Exchange;
  readonly profile: Profile;
  readonly instrument: Parameters<typeof traderState>[1];
  readonly maker: Trader;
  readonly taker: Trader;
  readonly conditions: Conditions;
  readonly settings: MakerSettings;
  /** The instrument's own stream. */
  readonly random: Random;
}

/** The profile `fixed-spread`: one maker, exactly predictable, and takers at seeded times. */
export class FixedSpreadAgents implements Agents {
  readonly #parts: FixedSpreadParts;
  readonly #maker: Maker;
  readonly #taker: Taker;
  readonly #inventories: Readonly<Record<"maker" | "taker", Inventory>>;

  constructor(parts: FixedSpreadParts) {
    const { exchange, instrument, profile, maker, taker, conditions, settings, random } = parts;
    const { venue, clock } = exchange;
    const own = (trader: Trader) => new Inventory(venue, trader.account, instrument);
    this.#parts = parts;
    this.#inventories = { maker: own(maker), taker: own(taker) };
    this.#maker = new Maker({
      venue,
      clock,
      trader: maker,
      instrument,
      shape: profile.quotes,
      inventory: this.#inventories.maker,
      conditions,
      settings,
    });
    this.#taker = new Taker({
      venue,
      clock,
      trader: taker,
      instrument,
      flow: new OrderFlow(profile.flow, random.fork("takers")),
      own: this.#inventories.taker,
      maker: this.#inventories.maker,
    });
  }

  start(): void {
    this.#taker.start();
  }

  stop(): void {
    this.#maker.stop();
    this.#taker.stop();
  }

  priced(price: Ticks): void {
    this.#taker.watch("live");
    this.#maker.follow(price);
  }

  wentSilent(): void {
    this.#taker.watch("stale");
    this.#maker.withdraw();
  }

  see({ events }: Unit): void {
    const { account } = this.#parts.maker;
    for (const event of events) {
      if (event.kind !== "trade") continue;
      if (event.makerAccount === account) this.#maker.hit();
      if (event.takerAccount === account) this.#maker.hit();
    }
  }

  state() {
    const { exchange, instrument, maker, taker } = this.#parts;
    const stateOf = (trader: Trader, inventory: Inventory) => ({
      ...traderState(trader, instrument, exchange.venue),
      imbalance: inventory.imbalance(),
    });
    return {
      maker: { ...this.#maker.state(), ...stateOf(maker, this.#inventories.maker) },
      taker: { arrivals: this.#taker.arrivals, ...stateOf(taker, this.#inventories.taker) },
    };
  }
}
