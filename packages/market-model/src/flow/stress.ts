import type { Random } from "@tse/domain";
import type { Sign } from "./flow-book.ts";
import type { FlowParameters, StressParameters } from "./flow-parameters.ts";
import type { FlowView } from "./flow-view.ts";
import { NumberedDraws } from "./numbered-draws.ts";
import { sizeOf } from "./taker-flow.ts";

/** Trades at once; `worst` 0: at any price. */
export type Take = (sign: Sign, worst: number, lots: number) => void;

/**
 * Positions with a stop or liquidation price below (long) or above (short) the market. When the fair
 * price, impact included, passes it, a market order closes the position, which moves the price towards
 * the next one: a cascade. Closed positions stay closed until their place is taken by a new one.
 */
export class Positions {
  readonly #parameters: StressParameters;
  readonly #lotsPerUnit: number;
  readonly #view: FlowView;
  readonly #draws: NumberedDraws;
  readonly #take: Take;
  /** By position: the price that closes it, 0: none is open; and lots, above 0 for a long one. */
  readonly #stops: Float64Array;
  readonly #lots: Float64Array;
  #opened = 0;

  constructor(parameters: FlowParameters, view: FlowView, random: Random, take: Take) {
    this.#parameters = parameters.stress;
    this.#lotsPerUnit = 1 / parameters.lotSize;
    this.#view = view;
    this.#draws = new NumberedDraws(random);
    this.#take = take;
    this.#stops = new Float64Array(this.#parameters.positions);
    this.#lots = new Float64Array(this.#parameters.positions);
  }

  /** A position is opened at the price of the moment, in the place of the oldest. */
  open(): void {
    const number = this.#opened++;
    const place = number % this.#stops.length;
    const { positionDistance, positionDeviation, positionSize } = this.#parameters;
    const sign = this.#draws.uniform(number, 0) < 0.5 ? 1 : -1;
    const distance = positionDistance * Math.exp(positionDeviation * this.#draws.normal(number, 1));
    this.#stops[place] = this.#view.fair * Math.exp(-sign * distance);
    const size = sizeOf(positionSize, this.#draws.normal(number, 2));
    this.#lots[place] = sign * Math.max(1, Math.round(size * this.#lotsPerUnit));
  }

  /** Closes every position whose price was passed, each once: its order may pass others. */
  check(): void {
    for (let place = 0; place < this.#stops.length; place++) {
      const stop = this.#stops[place] as number;
      const lots = this.#lots[place] as number;
      if (stop === 0 || (this.#view.fair - stop) * lots > 0) continue;
      this.#stops[place] = 0;
      this.#take(lots > 0 ? -1 : 1, 0, Math.abs(lots));
    }
  }
}

/** Those who buy what rises: market orders when the fair price left its own average by so much. */
export class TrendFollowers {
  readonly #parameters: StressParameters;
  readonly #lotsPerUnit: number;
  readonly #view: FlowView;
  readonly #draws: NumberedDraws;
  readonly #take: Take;
  #average = 0;
  #at = 0;
  #looks = 0;

  constructor(parameters: FlowParameters, view: FlowView, random: Random, take: Take) {
    this.#parameters = parameters.stress;
    this.#lotsPerUnit = 1 / parameters.lotSize;
    this.#view = view;
    this.#draws = new NumberedDraws(random);
    this.#take = take;
  }

  look(): void {
    const number = this.#looks++;
    const { trendSeconds, trendThreshold, trendSize } = this.#parameters;
    const price = Math.log(this.#view.fair);
    const passed = (this.#view.nowUs - this.#at) / 1e6;
    const kept = this.#at === 0 ? 0 : Math.exp(-passed / trendSeconds);
    this.#average = price + (this.#average - price) * kept;
    this.#at = this.#view.nowUs;
    // Standard deviation of a random walk against its exponential average.
    const usual = this.#view.usualVolatility * Math.sqrt(trendSeconds / 2);
    const trend = (price - this.#average) / usual;
    if (Math.abs(trend) < trendThreshold) return;
    const size = sizeOf(trendSize, this.#draws.normal(number, 0));
    this.#take(trend > 0 ? 1 : -1, 0, Math.max(1, Math.round(size * this.#lotsPerUnit)));
  }
}
