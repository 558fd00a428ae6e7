import type { AccountNumber, Instrument, InstrumentId, Random } from "@tse/domain";
import type { Logger } from "@tse/service-kit";
import type { Exchange, Unit } from "../exchange.ts";
import type { Conditions } from "./conditions.ts";
import { findHouse, houseName } from "./house.ts";
import type { MakerSettings } from "./maker.ts";
import type { PriceSource } from "./price-source.ts";
import { profileOf } from "./profile.ts";
import { SimulatedMarket, type SimulatedMarketState } from "./simulated-market.ts";
import { Trader } from "./trader.ts";

export interface ParticipantsParts {
  readonly exchange: Exchange;
  readonly conditions: Conditions;
  readonly settings: MakerSettings;
  readonly log: Logger;
}

/** What the participants go by. */
export interface Market {
  readonly source: PriceSource;
  /** A stream of the participants' own. */
  readonly random: Random;
}

/**
 * The simulated makers and takers of a world: ordinary clients of the exchange with house accounts,
 * one maker and one taker account for each instrument that has a profile. They act on the world's clock
 * and on the feed; what clients do changes neither their draws nor their times.
 */
export class Participants {
  readonly #parts: ParticipantsParts;
  readonly #markets = new Map<InstrumentId, SimulatedMarket>();
  readonly #makers = new Map<AccountNumber, SimulatedMarket>();
  #source: PriceSource | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(parts: ParticipantsParts) {
    this.#parts = parts;
  }

  /** Opens every market that has its accounts. Resolves when the first quotes are in the book. */
  async start({ source, random }: Market): Promise<void> {
    const { exchange } = this.#parts;
    const house = findHouse(exchange.venue);
    const opened = exchange.venue
      .instruments()
      .filter((instrument) => this.#open(instrument, house, random));

    this.#source = source;
    this.#unsubscribe = exchange.subscribe((unit) => this.#see(unit));
    source.start(opened, (instrument, price) => this.#markets.get(instrument)?.priced(price));
    for (const market of this.#markets.values()) market.start();
    await exchange.durable();
  }

  /** No further command is sent. The orders in the book stay. */
  stop(): void {
    this.#source?.stop();
    this.#unsubscribe?.();
    for (const market of this.#markets.values()) market.stop();
  }

  /** By instrument, in order of listing. */
  states(): readonly SimulatedMarketState[] {
    return [...this.#markets.values()].map((market) => market.state());
  }

  #open(
    instrument: Instrument,
    house: ReadonlyMap<string, AccountNumber>,
    random: Random,
  ): boolean {
    const profile = profileOf(instrument);
    const maker = house.get(houseName("maker", instrument.symbol));
    const taker = house.get(houseName("taker", instrument.symbol));
    if (profile === undefined || maker === undefined || taker === undefined) return false;

    const { exchange, conditions, settings, log } = this.#parts;
    const market = new SimulatedMarket({
      exchange,
      instrument,
      profile,
      maker: new Trader(exchange, maker, log),
      taker: new Trader(exchange, taker, log),
      conditions,
      settings,
      random: random.fork(instrument.symbol),
    });
    this.#markets.set(instrument.id, market);
    this.#makers.set(maker, market);
    return true;
  }

  #see({ events }: Unit): void {
    for (const event of events) {
      if (event.kind !== "trade") continue;
      this.#makers.get(event.makerAccount)?.hit();
      this.#makers.get(event.takerAccount)?.hit();
    }
  }
}
