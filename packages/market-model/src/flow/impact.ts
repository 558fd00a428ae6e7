/** How market orders move the price that makers quote around, and how that passes. */
export interface ImpactParameters {
  /** Y of the square-root law: impact, in daily volatilities, of trading a day's volume at once. */
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
   * Share of the volume of the flow's own takers that counts, 0 to 1. Much of their trading is how the
   * fair price gets into the book: counting all of it counts news twice.
   */
  readonly ownShare: number;
  /** The impact of the own takers is linear in flows well below this, in units of the base asset. */
  readonly ownKnee: number;
}

/**
 * Signed volume with a memory: the weighted sum of parts that decay exponentially, and the log return by
 * which it displaces the price, Y σ F / √(V (|F| + knee)): the square-root law, with a slope at 0.
 */
class DecayingFlow {
  readonly #parts: Float64Array;
  readonly #weights: Float64Array;
  /** Log return at a weighted flow of one lot, without a knee. */
  readonly #scale: number;
  readonly #knee: number;
  displacement = 0;

  /** @param knee in lots */
  constructor(weights: readonly number[], scale: number, knee: number) {
    this.#parts = new Float64Array(weights.length);
    this.#weights = Float64Array.from(weights);
    this.#scale = scale;
    this.#knee = knee;
  }

  /** @param kept by part: what is left of it */
  decay(kept: Float64Array): void {
    const parts = this.#parts;
    for (let k = 0; k < parts.length; k++) {
      parts[k] = (parts[k] as number) * (kept[k] as number);
    }
    this.#displace();
  }

  add(signedLots: number): void {
    const parts = this.#parts;
    for (let k = 0; k < parts.length; k++) parts[k] = (parts[k] as number) + signedLots;
    this.#displace();
  }

  #displace(): void {
    let flow = 0;
    for (let k = 0; k < this.#parts.length; k++) {
      flow += (this.#weights[k] as number) * (this.#parts[k] as number);
    }
    const under = Math.abs(flow) + this.#knee;
    this.displacement = under === 0 ? 0 : (this.#scale * flow) / Math.sqrt(under);
  }
}

/**
 * Log return by which past market orders displace the price: equation (9) of the model.
 *
 * The flow of the own takers and that of everybody else are counted apart. The square-root law holds for
 * the order that one trader works, whatever others do at the time; under one root the noise of the own
 * flow would drown a client's order and leave it a linear, far too small impact.
 */
export class Impact {
  readonly #own: DecayingFlow;
  readonly #outside: DecayingFlow;
  readonly #ownShare: number;
  readonly #permanentShare: number;
  /** By part: logarithm of what is left after a microsecond, and what is left of the parts in hand. */
  readonly #rates: Float64Array;
  readonly #kept: Float64Array;
  #atUs: number;
  #permanent = 0;

  constructor(parameters: ImpactParameters, lotsPerUnit: number, startUs: number) {
    const { strength, dailyVolatility, dailyVolume, decaySeconds, weights } = parameters;
    const scale = (strength * dailyVolatility) / Math.sqrt(dailyVolume * lotsPerUnit);
    this.#own = new DecayingFlow(weights, scale, parameters.ownKnee * lotsPerUnit);
    this.#outside = new DecayingFlow(weights, scale, 0);
    this.#ownShare = parameters.ownShare;
    this.#permanentShare = parameters.permanentShare;
    this.#rates = Float64Array.from(decaySeconds, (seconds) => -1 / (seconds * 1e6));
    this.#kept = new Float64Array(decaySeconds.length);
    this.#atUs = startUs;
  }

  /** As of the last `decayTo`, `addOwn` or `addOutside`. */
  get value(): number {
    return this.#transient() * (1 - this.#permanentShare) + this.#permanent;
  }

  decayTo(timeUs: number): void {
    const passed = timeUs - this.#atUs;
    if (passed <= 0) return;
    this.#atUs = timeUs;
    for (let k = 0; k < this.#kept.length; k++) {
      this.#kept[k] = Math.exp((this.#rates[k] as number) * passed);
    }
    this.#own.decay(this.#kept);
    this.#outside.decay(this.#kept);
  }

  /** @param signedLots that an own taker traded: bought above 0, sold below */
  addOwn(timeUs: number, signedLots: number): void {
    this.#add(this.#own, timeUs, signedLots * this.#ownShare);
  }

  /** @param signedLots that somebody else's order traded on arrival */
  addOutside(timeUs: number, signedLots: number): void {
    this.#add(this.#outside, timeUs, signedLots);
  }

  #add(to: DecayingFlow, timeUs: number, signedLots: number): void {
    this.decayTo(timeUs);
    const before = this.#transient();
    to.add(signedLots);
    this.#permanent += this.#permanentShare * (this.#transient() - before);
  }

  #transient(): number {
    return this.#own.displacement + this.#outside.displacement;
  }
}
