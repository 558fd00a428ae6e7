import { assert } from "@tse/domain";
import type { Tick } from "./tick.ts";

/** The newest ticks of one symbol, found by sequence. Memory is bounded by the capacity. */
export class TickLog {
  readonly #ticks: (Tick | undefined)[];
  #newest: Tick | undefined;
  #length = 0;

  /** @param capacity 1 or more */
  constructor(capacity: number) {
    this.#ticks = new Array<Tick | undefined>(capacity).fill(undefined);
  }

  get newest(): Tick | undefined {
    return this.#newest;
  }

  get length(): number {
    return this.#length;
  }

  /** Sequence of the oldest tick held; the one that comes next when there is none. */
  get oldestSequence(): number {
    return (this.#newest?.sequence ?? 0) - this.#length + 1;
  }

  /** After ticks that were passed over, what was held before them is let go: there is never a gap inside. */
  add(tick: Tick): void {
    const before = this.#newest?.sequence ?? 0;
    assert(tick.sequence > before, "ticks of a symbol come in order");
    if (tick.sequence > before + 1) this.#length = 0;
    this.#newest = tick;
    this.#ticks[tick.sequence % this.#ticks.length] = tick;
    this.#length = Math.min(this.#length + 1, this.#ticks.length);
  }

  /** `undefined` for one that is not held any more, or not there yet. */
  at(sequence: number): Tick | undefined {
    const tick = this.#ticks[sequence % this.#ticks.length];
    return tick?.sequence === sequence ? tick : undefined;
  }

  /** Newest first. */
  *newestFirst(): Generator<Tick> {
    const oldest = this.oldestSequence;
    for (let sequence = this.#newest?.sequence ?? 0; sequence >= oldest; sequence--) {
      const tick = this.at(sequence);
      if (tick !== undefined) yield tick;
    }
  }
}
