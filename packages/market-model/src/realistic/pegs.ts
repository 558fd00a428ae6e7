import type { Random } from "@tse/domain";
import { BlockStream } from "./blocks.ts";
import type { PeggedAsset } from "./realistic-shape.ts";

/** Assets that are pulled back to their start prices: exact Ornstein-Uhlenbeck processes, and noise that leaves no trace. */
export class Pegs {
  readonly #assets: readonly PeggedAsset[];
  readonly #length: number;
  readonly #keep: Float64Array;
  readonly #streams: readonly BlockStream[];
  readonly #level: Float64Array;
  readonly #noise: Float64Array;
  readonly #sigma: Float64Array;

  /** @param length of a step in seconds */
  constructor(assets: readonly PeggedAsset[], length: number, random: Random) {
    this.#assets = assets;
    this.#keep = Float64Array.from(assets, ({ halfLife }) => 2 ** (-length / halfLife));
    this.#streams = assets.map(({ asset }) => new BlockStream(random.fork(asset).fork("peg")));
    const first = ({ asset, deviation }: PeggedAsset) =>
      deviation * random.fork(asset).fork("first peg").normal();
    this.#level = Float64Array.from(assets, first);
    this.#noise = new Float64Array(assets.length);
    this.#sigma = new Float64Array(assets.length);
    this.#length = length;
  }

  beginBlock(block: number): void {
    for (const stream of this.#streams) stream.begin(block);
  }

  /** Returns the log return of the level. @param volatility factor of scenarios */
  move(index: number, volatility: number): number {
    const { deviation, noise } = this.#assets[index] as PeggedAsset;
    const keep = this.#keep[index] as number;
    const stream = this.#streams[index] as BlockStream;
    const before = this.#level[index] as number;
    const spread = deviation * volatility * Math.sqrt(1 - keep * keep);
    this.#sigma[index] = spread / Math.sqrt(this.#length);
    this.#level[index] = keep * before + spread * stream.normal();
    this.#noise[index] = noise * volatility * stream.normal();
    return (this.#level[index] as number) - before;
  }

  /** Deviation of a second's log return. */
  sigma(index: number): number {
    return this.#sigma[index] as number;
  }

  /** Log distance from the start price, without and with the noise. */
  level(index: number): number {
    return this.#level[index] as number;
  }

  shown(index: number): number {
    return (this.#level[index] as number) + (this.#noise[index] as number);
  }

  /** Puts the level elsewhere, from where it is pulled back. */
  place(index: number, level: number): void {
    this.#level[index] = level;
    this.#noise[index] = 0;
  }

  state(): number[] {
    return [...this.#level];
  }

  restore(state: readonly number[]): void {
    this.#level.set(state);
  }
}
