/** How market orders move the price that makers quote around, and how that passes. */
export interface ImpactParameters {
  /** Y of the square-root law: impact in daily volatilities of trading a day's volume at once. */
  readonly strength: number;
  /** Standard deviation of a day's log return. */
  readonly dailyVolatility: number;
  /** Volume of a day, in units of the base asset. */
  readonly dailyVolume: number;
  /** Seconds in which the parts of the flow decay by a factor of e, and their weights. */
  readonly decaySeconds: readonly number[];
  readonly weights: readonly number[];
  /** Share of the impact that stays for ever, 0 to 1. */
  readonly permanentShare: number;
  /**
   * Share of the volume of the flow's own takers that counts, 0 to 1. Their trading is for the most
   * part how the fair price gets into the book, so that counting all of it counts news twice.
   */
  readonly ownShare: number;
}

/**
 * Log return by which past market orders displaced the price: I = Y σ sign(F) √(|F| / V), where F is
 * the weighted sum of signed volumes that decay exponentially. Equation (9) of the model.
 */
export class Impact {
  readonly #flows: Float64Array;
  readonly #rates: Float64Array;
  readonly #weights: Float64Array;
  /** Log return at a weighted flow of one lot. */
  readonly #scale: number;
  readonly #permanentShare: number;
  #at = 0;
  #transient = 0;
  #permanent = 0;

  /** @param lotsPerUnit lots in one unit of the base asset */
  constructor(parameters: ImpactParameters, lotsPerUnit: number, startUs: number) {
    const { strength, dailyVolatility, dailyVolume, decaySeconds, weights } = parameters;
    this.#flows = new Float64Array(decaySeconds.length);
    this.#rates = Float64Array.from(decaySeconds, (seconds) => -1 / (seconds * 1e6));
    this.#weights = Float64Array.from(weights);
    this.#scale = (strength * dailyVolatility) / Math.sqrt(dailyVolume * lotsPerUnit);
    this.#permanentShare = parameters.permanentShare;
    this.#at = startUs;
  }

  /** Log return as of the last `add` or `decayTo`. */
  get value(): number {
    return this.#transient * (1 - this.#permanentShare) + this.#permanent;
  }

  decayTo(timeUs: number): void {
    const passed = timeUs - this.#at;
    if (passed <= 0) return;
    this.#at = timeUs;
    for (let k = 0; k < this.#flows.length; k++) {
      this.#flows[k] = (this.#flows[k] as number) * Math.exp((this.#rates[k] as number) * passed);
    }
    this.#transient = this.#displacement();
  }

  /** @param signedLots lots that a market order traded: bought above 0, sold below */
  add(timeUs: number, signedLots: number): void {
    this.decayTo(timeUs);
    const before = this.#transient;
    for (let k = 0; k < this.#flows.length; k++) {
      this.#flows[k] = (this.#flows[k] as number) + signedLots;
    }
    this.#transient = this.#displacement();
    this.#permanent += this.#permanentShare * (this.#transient - before);
  }

  #displacement(): number {
    let flow = 0;
    for (let k = 0; k < this.#flows.length; k++) {
      flow += (this.#weights[k] as number) * (this.#flows[k] as number);
    }
    return this.#scale * Math.sign(flow) * Math.sqrt(Math.abs(flow));
  }
}
