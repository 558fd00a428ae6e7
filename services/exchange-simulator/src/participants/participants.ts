import type { AccountNumber, Instrument, InstrumentId, Random } from "@tse/domain";
import type { Logger } from "@tse/service-kit";
import type { Exchange, Unit } from "../exchange.ts";
import type { Agents } from "./agents.ts";
import type { Conditions } from "./conditions.ts";
import { FixedSpreadAgents } from "./fixed-spread/fixed-spread-agents.ts";
import type { MakerSettings } from "./fixed-spread/maker.ts";
import { profileOf } from "./fixed-spread/profile.ts";
import { findHouse, type HouseRole, houseName } from "./house.ts";
import type { PriceSource } from "./price-source.ts";
import { flowTerms } from "./realistic/flow-terms.ts";
import { RealisticAgents } from "./realistic/realistic-agents.ts";
import { SimulatedMarket, type SimulatedMarketState } from "./simulated-market.ts";
import { Trader } from "./trader.ts";

export interface ParticipantsParts {
  readonly exchange: Exchange;
  readonly conditions: Conditions;
  readonly settings: MakerSettings;
  /** The profile `realistic`; absent: `fixed-spread`. */
  readonly realistic?: {
    /** Share of a large venue's activity, above 0. */
    readonly activity: number;
  };
  readonly log: Logger;
}

/** What the participants go by. */
export interface Market {
  readonly source: PriceSource;
  /** A stream of the participants' own. */
  readonly random: Random;
}

/**
 * The simulated participants of a world: ordinary clients of the exchange with house accounts, some for each
 * instrument that has a profile. They act on the world's clock and on the feed; what clients do changes
 * neither their draws nor their times.
 */
export class Participants {
  readonly #parts: ParticipantsParts;
  readonly #markets = new Map<InstrumentId, SimulatedMarket>();
  #source: PriceSource | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(parts: ParticipantsParts) {
    this.#parts = parts;
  }

  /** Opens every market that has its accounts. Resolves when what the first prices led to is durable. */
  async start({ source, random }: Market): Promise<void> {
    const { exchange } = this.#parts;
    const house = findHouse(exchange.venue);
    const opened = exchange.venue
      .instruments()
      .filter((instrument) => this.#open(instrument, house, random));

    this.#source = source;
    this.#unsubscribe = exchange.subscribe((unit) => this.#see(unit));
    for (const market of this.#markets.values()) market.start();
    source.start(opened, (instrument, price, quote) =>
      this.#markets.get(instrument)?.priced(price, quote),
    );
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
    const { exchange, log } = this.#parts;
    const traderOf = (role: HouseRole): Trader | undefined => {
      const account = house.get(houseName(role, instrument.symbol));
      return account === undefined ? undefined : new Trader(exchange, account, log);
    };
    const agents =
      this.#parts.realistic === undefined
        ? this.#fixedSpread(instrument, traderOf, random)
        : this.#realistic(instrument, traderOf, random);
    if (agents === undefined) return false;

    const profile = this.#parts.realistic === undefined ? "fixed-spread" : "realistic";
    const market = new SimulatedMarket({ exchange, instrument, profile, agents });
    this.#markets.set(instrument.id, market);
    return true;
  }

  #fixedSpread(
    instrument: Instrument,
    traderOf: (role: HouseRole) => Trader | undefined,
    random: Random,
  ): Agents | undefined {
    const { exchange, conditions, settings } = this.#parts;
    const profile = profileOf(instrument);
    const [maker, taker] = [traderOf("maker"), traderOf("taker")];
    if (profile === undefined || maker === undefined || taker === undefined) return undefined;
    return new FixedSpreadAgents({
      exchange,
      instrument: instrument.id,
      profile,
      maker,
      taker,
      conditions,
      settings,
      random: random.fork(instrument.symbol),
    });
  }

  #realistic(
    instrument: Instrument,
    traderOf: (role: HouseRole) => Trader | undefined,
    random: Random,
  ): Agents | undefined {
    const { exchange, conditions, settings, realistic } = this.#parts;
    const parameters = flowTerms(instrument, realistic?.activity ?? 1);
    const [maker, taker, crowd] = [traderOf("maker"), traderOf("taker"), traderOf("crowd")];
    if (parameters === undefined) return undefined;
    if (maker === undefined || taker === undefined || crowd === undefined) return undefined;
    return new RealisticAgents({
      exchange,
      instrument,
      parameters,
      traders: { maker, taker, crowd },
      conditions,
      limits: settings,
      random: random.fork(instrument.symbol),
    });
  }

  #see(unit: Unit): void {
    for (const market of this.#markets.values()) market.see(unit);
  }
}
