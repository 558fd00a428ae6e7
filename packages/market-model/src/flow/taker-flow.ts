import type { Random } from "@tse/domain";
import type { SizeLaw, TakerParameters } from "./flow-parameters.ts";
import { NumberedDraws } from "./numbered-draws.ts";

/** Market orders of one metaorder, at most. */
const LONGEST = 2000;
/** Draws of one event end here: two a child. */
const LAST_DRAW = 500;

/**
 * What takers wish, by the number of their arrival: when the next ones come, and the signs of a pool of
 * metaorders that are worked in turn. Knows no market: the pool moves on with each arrival whatever
 * becomes of it.
 */
export class TakerFlow {
  readonly #parameters: TakerParameters;
  readonly #times: NumberedDraws;
  readonly #news: NumberedDraws;
  readonly #signs: NumberedDraws;
  readonly #sizes: NumberedDraws;
  readonly #left: Int32Array;
  readonly #directions: Int8Array;
  #current = 0;

  constructor(parameters: TakerParameters, random: Random) {
    this.#parameters = parameters;
    this.#times = new NumberedDraws(random.fork("times"));
    this.#news = new NumberedDraws(random.fork("news"));
    this.#signs = new NumberedDraws(random.fork("signs"));
    this.#sizes = new NumberedDraws(random.fork("sizes"));
    this.#left = new Int32Array(parameters.metaorders);
    this.#directions = new Int8Array(parameters.metaorders);
  }

  /** Calls `child` with the delay in microseconds of each arrival that arrival `number` causes. */
  children(number: number, child: (delayUs: number) => void): void {
    let draw = 0;
    for (const { branching, seconds } of this.#parameters.kernels) {
      draw = this.#spawn(this.#times, number, { mean: branching, seconds, draw }, child);
    }
  }

  /** The same for those who come with a piece of news. @param mean how many */
  followers(news: number, mean: number, child: (delayUs: number) => void): void {
    const { newsSeconds } = this.#parameters;
    this.#spawn(this.#news, news, { mean, seconds: newsSeconds, draw: 0 }, child);
  }

  /** A Poisson number of children; returns the number of the next draw. */
  #spawn(
    draws: NumberedDraws,
    event: number,
    { mean, seconds, draw }: { mean: number; seconds: number; draw: number },
    child: (delayUs: number) => void,
  ): number {
    let next = draw + 1;
    let room = draws.exponential(event, draw);
    for (; room < mean && next < LAST_DRAW; next += 2) {
      child(Math.ceil(draws.exponential(event, next) * seconds * 1e6));
      room += draws.exponential(event, next + 1);
    }
    return next;
  }

  /** The sign of arrival `number`; call once each, in order. */
  nextSign(number: number): 1 | -1 {
    const { metaorders, samePersistence, lengthTail } = this.#parameters;
    const draws = this.#signs;
    if (draws.uniform(number, 0) >= samePersistence) {
      this.#current = Math.floor(draws.uniform(number, 1) * metaorders);
    }
    const current = this.#current;
    if (this.#left[current] === 0) {
      const length = Math.ceil(2 * draws.uniform(number, 2) ** (-1 / lengthTail));
      this.#left[current] = Math.min(length, LONGEST);
      this.#directions[current] = draws.uniform(number, 3) < 0.5 ? 1 : -1;
    }
    this.#left[current] = (this.#left[current] as number) - 1;
    return this.#directions[current] as 1 | -1;
  }

  /** Whether arrival `number` follows the fair price when that is far away. */
  isInformed(number: number): boolean {
    return this.#signs.uniform(number, 4) < this.#parameters.informedShare;
  }

  /** Units of the base asset. */
  size(number: number): number {
    const { size, largest } = this.#parameters;
    return folded(sizeOf(size, this.#sizes.normal(number, 0)), largest);
  }

  isClipped(number: number): boolean {
    return this.#sizes.uniform(number, 1) < this.#parameters.clippedShare;
  }
}

/** @param noise standard normal */
export function sizeOf({ median, deviation }: SizeLaw, noise: number): number {
  return median * Math.exp(deviation * noise);
}

/** Sizes beyond the largest come back as smaller ones: no heap of orders of the same size. */
function folded(size: number, largest: number): number {
  return size <= largest ? size : (largest * largest) / size;
}
