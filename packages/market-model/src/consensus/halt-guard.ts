import { assert, type Timestamp } from "@tse/domain";

/** A move counts when it took no longer. */
const WINDOW = 60_000_000;
/** How close the sources have to be, as a share of the price, and for how long, to resume. */
const CLOSE = 0.05;
const CALM = 60_000_000;

/**
 * Halts a symbol whose price moved too far too fast, and says when it may go on.
 *
 * ```
 * live → halted   the price is more than `threshold` above the lowest, or below the highest, of the last minute
 * halted → live   the sources were within 5 % of each other for 60 s without a break, or the operator says so
 * ```
 * After a resumption earlier prices don't count. A move that isn't to halt is to be left out of the prices.
 */
export class HaltGuard {
  readonly #threshold: number;
  /** Prices of the last minute, oldest first. */
  #recent: { readonly at: number; readonly price: number }[] = [];
  #isHalted = false;
  #closeSince: Timestamp | undefined;

  /** @param threshold as a share of the price, above 0: 0.2 is 20 % */
  constructor(threshold: number) {
    assert(threshold > 0, "a halt has a threshold above 0");
    this.#threshold = threshold;
  }

  get isHalted(): boolean {
    return this.#isHalted;
  }

  /** Moves count from this price on. */
  begin(price: number, now: Timestamp): void {
    assert(!this.#isHalted, "only what is live can halt");
    this.#recent = [{ at: now, price }];
  }

  /** Takes the price of a moment while live. @returns whether this price halts */
  trips(price: number, now: Timestamp): boolean {
    assert(!this.#isHalted, "only what is live can halt");
    this.#recent = this.#recent.filter(({ at }) => at >= now - WINDOW);
    const prices = this.#recent.map((one) => one.price);
    const rise = price / Math.min(price, ...prices) - 1;
    const fall = 1 - price / Math.max(price, ...prices);
    if (Math.max(rise, fall) > this.#threshold) {
      this.#isHalted = true;
      this.#closeSince = undefined;
      return true;
    }
    this.#recent.push({ at: now, price });
    return false;
  }

  /**
   * Takes how far the sources are apart while halted, as a share; `undefined` when too few say
   * anything.
   *
   * @returns whether trading of the symbol may go on; it is live then
   */
  calms(spread: number | undefined, now: Timestamp): boolean {
    assert(this.#isHalted, "only what is halted can resume");
    if (spread === undefined || spread > CLOSE) {
      this.#closeSince = undefined;
      return false;
    }
    this.#closeSince ??= now;
    if (now - this.#closeSince < CALM) return false;
    this.resume();
    return true;
  }

  /** By the operator's word. */
  resume(): void {
    this.#isHalted = false;
    this.#recent = [];
  }
}
