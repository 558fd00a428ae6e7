import type { Random } from "@tse/domain";
import { BlockStream } from "./blocks.ts";
import type { JumpShape } from "./realistic-shape.ts";

const DAY = 86_400;
/** Common pace multiplies the rate of jumps up to this. */
const PACE_MAX = 4;

/**
 * When the market jumps, and how far: a self-exciting point process (Hawkes 1971) with sizes of a truncated
 * power law. The excited part is kept out of the multiplication with volatility, and the rate has a cap:
 * jumps that raise volatility that raises jumps would never end.
 */
export class Jumps {
  readonly #shape: JumpShape;
  readonly #stream: BlockStream;
  /** Jumps a second that earlier jumps set off. */
  #excited = 0;

  constructor(shape: JumpShape, random: Random) {
    this.#shape = shape;
    this.#stream = new BlockStream(random.fork("jumps"));
  }

  begin(block: number): void {
    this.#stream.begin(block);
  }

  /**
   * Size of the market's jump in this second as a multiple of the deviation of a minute's return, negative for
   * a fall; 0 in nearly every second. Draws three times whatever comes of it.
   *
   * @param common factor of volatility that all assets share
   * @param season pace of the time of day
   * @param factor of scenarios
   */
  draw(common: number, season: number, factor: number): number {
    const { rate, hourlyMax, offspring, memory, smallest, tail, cut, down } = this.#shape;
    const usual = (rate / DAY) * season * Math.min(common, PACE_MAX) * factor;
    const perSecond = Math.min(hourlyMax / 3600, usual + this.#excited);
    this.#excited *= Math.exp(-1 / memory);
    const comes = this.#stream.next() < perSecond;
    const sign = this.#stream.next() < down ? -1 : 1;
    const uniform = this.#stream.next() * (1 - cut);
    if (!comes) return 0;

    this.#excited += offspring / memory;
    return sign * smallest * (1 - uniform) ** (-1 / tail);
  }

  get excited(): number {
    return this.#excited;
  }

  restore(excited: number): void {
    this.#excited = excited;
  }
}
