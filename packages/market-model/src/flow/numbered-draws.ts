import type { Random } from "@tse/domain";

const WORD = 2 ** 32;

/**
 * Chance by number instead of by turn: draw `draw` of event `event` is a pure function of the stream
 * that made this object and of those two numbers. What is not asked for is not drawn and shifts
 * nothing, so that an agent may look at the state of the market before it decides what it needs.
 *
 * Two rounds of a 32-bit finalizer (xor-shift, multiply) over the numbers and a 64-bit key. Fit for
 * simulation; not for secrets. `event` from 0 to 2^53 - 1, `draw` from 0 to 511.
 */
export class NumberedDraws {
  readonly #first: number;
  readonly #second: number;

  constructor(random: Random) {
    this.#first = random.integer(WORD) | 0;
    this.#second = random.integer(WORD) | 0;
  }

  /** Uniform in (0, 1), 32 bits; neither end is ever drawn. */
  uniform(event: number, draw: number): number {
    const high = Math.floor(event / WORD);
    let word = this.#first ^ Math.imul(event | 0, 0x9e3779b1);
    word ^= Math.imul(((high << 9) | draw) + 1, 0x85ebca77);
    word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97) ^ this.#second;
    word = Math.imul(word ^ (word >>> 15), 0x7feb352d);
    word = Math.imul(word ^ (word >>> 16), 0x846ca68b);
    return ((word ^ (word >>> 16)) >>> 0) / WORD + 0.5 / WORD;
  }

  /** Exponential of mean 1. */
  exponential(event: number, draw: number): number {
    return -Math.log(this.uniform(event, draw));
  }

  /** Standard normal, up to 6.3 deviations. */
  normal(event: number, draw: number): number {
    return normalQuantile(this.uniform(event, draw));
  }
}

/**
 * Inverse of the standard normal distribution function: P. J. Acklam's rational approximation,
 * relative error below 1.2e-9. `probability` in (0, 1).
 */
function normalQuantile(probability: number): number {
  const q = probability - 0.5;
  if (Math.abs(q) <= 0.47575) return centre(q);
  const tail = Math.min(probability, 1 - probability);
  const size = tailQuantile(Math.sqrt(-2 * Math.log(tail)));
  return q < 0 ? size : -size;
}

function centre(q: number): number {
  const r = q * q;
  const above =
    (((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r +
      138.357751867269) *
      r -
      30.66479806614716) *
      r +
      2.506628277459239) *
    q;
  const below =
    ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r +
      66.80131188771972) *
      r -
      13.28068155288572) *
      r +
    1;
  return above / below;
}

function tailQuantile(q: number): number {
  const above =
    ((((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q -
      2.549732539343734) *
      q +
      4.374664141464968) *
      q +
    2.938163982698783;
  const below =
    (((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q +
      3.754408661907416) *
      q +
    1;
  return above / below;
}
