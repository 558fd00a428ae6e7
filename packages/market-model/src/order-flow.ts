import {
  assert,
  type Duration,
  duration,
  type Lots,
  lots,
  type Random,
  type Side,
} from "@tse/domain";

/** How often takers come, and what they want. */
export interface FlowShape {
  /** Arrivals are Poisson-like: exponential gaps of this mean, cut at `longestGap`. */
  readonly meanGap: Duration;
  /** A promise: no gap is longer. Above 0. */
  readonly longestGap: Duration;
  /** Sizes are log-normal around `median`, cut at `smallest` and `largest`. */
  readonly median: Lots;
  /** Standard deviation of the logarithm of the size. */
  readonly deviation: number;
  readonly smallest: Lots;
  readonly largest: Lots;
}

export interface Wish {
  readonly side: Side;
  readonly quantity: Lots;
}

/** No lean makes the other side less likely than one in twenty. */
const STRONGEST_LEAN = 0.9;

/**
 * The market orders of one group of takers. Each arrival draws the same number of times from the same
 * streams whatever is asked, so that what others do never shifts a later draw.
 */
export class OrderFlow {
  readonly #shape: FlowShape;
  readonly #gaps: Random;
  readonly #sides: Random;
  readonly #sizes: Random;

  constructor(shape: FlowShape, random: Random) {
    assert(shape.meanGap > 0 && shape.longestGap > 0, "arrivals are some time apart");
    assert(shape.smallest <= shape.largest, "the smallest size is not above the largest");
    this.#shape = shape;
    this.#gaps = random.fork("gaps");
    this.#sides = random.fork("sides");
    this.#sizes = random.fork("sizes");
  }

  /** Time to the next arrival: 1 microsecond to `longestGap`. */
  gap(): Duration {
    const { meanGap, longestGap } = this.#shape;
    const drawn = Math.ceil(-meanGap * Math.log(1 - this.#gaps.next()));
    return duration(Math.min(Math.max(drawn, 1), longestGap));
  }

  /** @param lean from -1, all but only sells, over 0, even, to 1, all but only buys */
  wish(lean: number): Wish {
    const { median, deviation, smallest, largest } = this.#shape;
    const bias = Math.min(Math.max(lean, -STRONGEST_LEAN), STRONGEST_LEAN);
    const side = this.#sides.next() < (1 + bias) / 2 ? "buy" : "sell";
    const size = Math.round(median * Math.exp(deviation * this.#sizes.normal()));
    return { side, quantity: lots(Math.min(Math.max(size, smallest), largest)) };
  }
}
