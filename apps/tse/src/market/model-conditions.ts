import { timestamp } from "@tse/domain";
import type { FlowConditions, MarketModel } from "@tse/market-model";
import type { MarketSymbol } from "./market-symbols.ts";

const SECONDS_A_YEAR = 365 * 86_400;
const MINOR_PER_UNIT = 100_000_000;

/** How the arrivals of market orders grow with volatility: the exponent by which a minute's volume does. */
const ACTIVITY_EXPONENT = 0.93;

/** What the price layer tells the order flow of one symbol: the fair price is the one without what will be given back. */
export class ModelConditions implements FlowConditions {
  readonly #market: MarketModel;
  readonly #symbol: MarketSymbol;
  readonly #tick: number;

  constructor(market: MarketModel, symbol: MarketSymbol) {
    this.#market = market;
    this.#symbol = symbol;
    this.#tick = Number(symbol.tickSize.minor) / MINOR_PER_UNIT;
  }

  advanceTo(timeUs: number): void {
    this.#market.advanceTo(timestamp(timeUs));
  }

  fair(): number {
    const { baseAsset, quoteAsset } = this.#symbol;
    const log = this.#market.fairLogValue(baseAsset) - this.#market.fairLogValue(quoteAsset);
    return Math.exp(log) / this.#tick;
  }

  volatility(): number {
    return this.#market.volatility(this.#symbol.baseAsset) / Math.sqrt(SECONDS_A_YEAR);
  }

  activity(): number {
    const { baseAsset } = this.#symbol;
    const usual = this.#market.usualVolatility(baseAsset);
    return (this.#market.volatility(baseAsset) / usual) ** ACTIVITY_EXPONENT;
  }

  depth(): number {
    return this.#market.depthFactor(this.#symbol.baseAsset);
  }

  spread(): number {
    return this.#market.spreadFactor(this.#symbol.baseAsset);
  }
}
