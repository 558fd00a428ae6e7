import { timestamp } from "@tse/domain";
import type { MarketModel } from "../market-model.ts";
import type { PricedInstrument } from "../price-model.ts";
import type { FlowConditions } from "./flow-conditions.ts";

const SECONDS_A_YEAR = 365 * 86_400;
const MINOR_PER_UNIT = 100_000_000;

/** How the arrivals of market orders grow with volatility: the exponent by which a minute's volume does. */
const ACTIVITY_EXPONENT = 0.93;

/** What a price model tells the order flow of one instrument: the fair price is the one without what will be given back. */
export class ModelConditions implements FlowConditions {
  readonly #market: MarketModel;
  readonly #instrument: PricedInstrument;
  readonly #tick: number;

  constructor(market: MarketModel, instrument: PricedInstrument) {
    this.#market = market;
    this.#instrument = instrument;
    this.#tick = Number(instrument.tickSize.minor) / MINOR_PER_UNIT;
  }

  advanceTo(timeUs: number): void {
    this.#market.advanceTo(timestamp(timeUs));
  }

  fair(): number {
    const { baseAsset, quoteAsset } = this.#instrument;
    const log = this.#market.fairLogValue(baseAsset) - this.#market.fairLogValue(quoteAsset);
    return Math.exp(log) / this.#tick;
  }

  volatility(): number {
    return this.#market.volatility(this.#instrument.baseAsset) / Math.sqrt(SECONDS_A_YEAR);
  }

  activity(): number {
    const { baseAsset } = this.#instrument;
    const usual = this.#market.usualVolatility(baseAsset);
    return (this.#market.volatility(baseAsset) / usual) ** ACTIVITY_EXPONENT;
  }

  depth(): number {
    return this.#market.depthFactor(this.#instrument.baseAsset);
  }

  spread(): number {
    return this.#market.spreadFactor(this.#instrument.baseAsset);
  }
}
