import { assert } from "@tse/domain";

/**
 * Events to come, earliest first: a binary heap of (time, kind, detail) in typed arrays. Events of one
 * time come out by kind, then by detail, so that the order never depends on when they were put in.
 *
 * `kind` from 0 to 31, `detail` from 0 to 2^26 - 1; times are integer microseconds.
 */
export class EventQueue {
  #times: Float64Array;
  #codes: Int32Array;
  #length = 0;

  constructor(initialCapacity = 1024) {
    this.#times = new Float64Array(initialCapacity);
    this.#codes = new Int32Array(initialCapacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Time of the earliest event; infinite when there is none. */
  get nextTime(): number {
    return this.#length === 0 ? Number.POSITIVE_INFINITY : (this.#times[0] as number);
  }

  get nextKind(): number {
    return (this.#codes[0] as number) >>> 26;
  }

  get nextDetail(): number {
    return (this.#codes[0] as number) & 0x3ffffff;
  }

  add(time: number, kind: number, detail: number): void {
    if (this.#length === this.#times.length) this.#grow();
    this.#rise(this.#length++, time, (kind << 26) | detail);
  }

  /** Removes the earliest event. */
  drop(): void {
    assert(this.#length > 0, "only an event that is there can be dropped");
    const last = --this.#length;
    if (last > 0) this.#sink(this.#times[last] as number, this.#codes[last] as number);
  }

  /** Removes the earliest event and adds another: cheaper than `drop` and `add`. */
  replaceNext(time: number, kind: number, detail: number): void {
    this.#sink(time, (kind << 26) | detail);
  }

  #rise(from: number, time: number, code: number): void {
    const times = this.#times;
    const codes = this.#codes;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(time, code, parent)) break;
      times[at] = times[parent] as number;
      codes[at] = codes[parent] as number;
      at = parent;
    }
    times[at] = time;
    codes[at] = code;
  }

  #sink(time: number, code: number): void {
    const times = this.#times;
    const codes = this.#codes;
    const length = this.#length;
    let at = 0;
    for (let child = 1; child < length; child = 2 * at + 1) {
      const other = child + 1;
      if (other < length && this.#isBefore(times[other] as number, codes[other] as number, child)) {
        child = other;
      }
      if (this.#isBefore(time, code, child)) break;
      times[at] = times[child] as number;
      codes[at] = codes[child] as number;
      at = child;
    }
    times[at] = time;
    codes[at] = code;
  }

  #isBefore(time: number, code: number, other: number): boolean {
    const otherTime = this.#times[other] as number;
    return time < otherTime || (time === otherTime && code < (this.#codes[other] as number));
  }

  #grow(): void {
    const times = new Float64Array(this.#times.length * 2);
    const codes = new Int32Array(times.length);
    times.set(this.#times);
    codes.set(this.#codes);
    this.#times = times;
    this.#codes = codes;
  }
}
