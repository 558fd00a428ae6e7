import type { Random } from "@tse/domain";
import { BlockStream } from "./blocks.ts";
import type { MovingAsset, RealisticShape } from "./realistic-shape.ts";

/** What drives one step. Rates and lengths in seconds. */
export interface Pulse {
  readonly length: number;
  /** Moves of the market a second. */
  readonly rate: number;
  /** Share of the moves that come in this step; the size of those that come is not changed. */
  readonly eagerness: number;
}

/** How one asset moves with the others at this moment. */
export interface Loadings {
  readonly market: number;
  readonly sector: number;
}

/**
 * Shocks of assets that move together: each is a sum of the market's, a sector's and the asset's own, of unit variance
 * a second. Each part moves now and then and stands between, the quieter the market the longer: that, and
 * not a move every second, is what makes the inside of a minute look real.
 *
 * Draws the same number of times in every step, so that nothing that happens shifts a later draw.
 */
export class Shocks {
  readonly #shape: RealisticShape;
  readonly #gates: Float64Array;
  readonly #market: BlockStream;
  readonly #sector: BlockStream;
  readonly #own: readonly BlockStream[];
  #ofMarket = 0;
  #ofSector = 0;
  readonly #ofAsset: Float64Array;

  constructor(shape: RealisticShape, assets: readonly MovingAsset[], random: Random) {
    this.#shape = shape;
    this.#gates = Float64Array.from(assets, ({ gate }) => gate);
    this.#market = new BlockStream(random.fork("market shocks"));
    this.#sector = new BlockStream(random.fork("sector shocks"));
    this.#own = assets.map(({ asset }) => new BlockStream(random.fork(asset).fork("shocks")));
    this.#ofAsset = new Float64Array(assets.length);
  }

  begin(block: number): void {
    this.#market.begin(block);
    this.#sector.begin(block);
    for (const stream of this.#own) stream.begin(block);
  }

  draw(pulse: Pulse): void {
    const { rate } = pulse;
    const { sector } = this.#shape.activity;
    this.#ofMarket = gated(this.#market, rate, pulse);
    this.#ofSector = gated(this.#sector, rate * sector, pulse);
    for (let i = 0; i < this.#own.length; i++) {
      const own = rate * (this.#gates[i] as number);
      this.#ofAsset[i] = gated(this.#own[i] as BlockStream, own, pulse);
    }
  }

  /** The market's part. */
  get market(): number {
    return this.#ofMarket;
  }

  /** What the asset has in common with others. */
  common({ market, sector }: Loadings): number {
    return market * this.#ofMarket + sector * this.#ofSector;
  }

  /** The asset's own part. */
  own(asset: number, { market, sector }: Loadings): number {
    const share = Math.sqrt(Math.max(0, 1 - market * market - sector * sector));
    return share * (this.#ofAsset[asset] as number);
  }
}

/** A shock over a step: mostly none, else the larger. Together the steps have the variance of their lengths. */
function gated(stream: BlockStream, rate: number, { length, eagerness }: Pulse): number {
  const probability = Math.min(1, rate * length);
  const moves = stream.next() < probability * eagerness;
  const normal = stream.normal();
  return moves ? normal * Math.sqrt(length / probability) : 0;
}
