import type { Random } from "@tse/domain";
import { BlockStream } from "./blocks.ts";
import type { ActivityShape } from "./realistic-shape.ts";

/** Seconds between two values. */
const PERIOD = 60;

/**
 * How busy the market is beyond what its volatility says: a slow factor of the rate of moves. Markets with equal volatility
 * differ in how many moves make it, from day to day.
 */
export class Activity {
  readonly #shape: ActivityShape;
  readonly #stream: BlockStream;
  readonly #keep: number;
  #factor: number;

  constructor(shape: ActivityShape, random: Random) {
    this.#shape = shape;
    this.#stream = new BlockStream(random.fork("activity"));
    this.#keep = Math.exp(-PERIOD / shape.memory);
    this.#factor = random.fork("first activity").normal();
  }

  /** Log of the slow factor. */
  get log(): number {
    return this.#shape.deviation * this.#factor;
  }

  begin(block: number): void {
    this.#stream.begin(block);
  }

  advance(second: number): void {
    if (second % PERIOD !== 0) return;
    const spread = Math.sqrt(1 - this.#keep ** 2);
    this.#factor = this.#keep * this.#factor + spread * this.#stream.normal();
  }

  /** Moves of the market a second. @param pace log of the market's pace */
  rate(pace: number): number {
    return Math.max(this.#shape.lowest, this.#shape.rate * Math.exp(this.log + pace));
  }

  state(): number {
    return this.#factor;
  }

  restore(factor: number): void {
    this.#factor = factor;
  }
}
