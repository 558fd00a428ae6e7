import {
  assert,
  type Clock,
  type Duration,
  type Timer,
  type Timestamp,
  timestamp,
} from "@tse/domain";
import { TimerQueue } from "./timer-queue.ts";

/** Lets everything that a timer set off, and that settles asynchronously, settle. */
export type Settle = () => Promise<void>;

/**
 * World time that moves only when told to. Deterministic: the same timers and the same advances give
 * the same order of calls at the same times, and one long advance gives what many short ones give.
 *
 * While a timer runs, `now()` is the time it was due at, so a task that schedules the next one keeps
 * an exact rhythm.
 */
export class VirtualClock implements Clock {
  readonly #timers = new TimerQueue();
  #now: Timestamp;
  #advancing = false;

  constructor(start: Timestamp) {
    this.#now = start;
  }

  now(): Timestamp {
    return this.#now;
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** When the next timer is due; `undefined` when none waits. */
  get nextDue(): Timestamp | undefined {
    return this.#timers.nextDue;
  }

  after(delay: Duration, task: () => void): Timer {
    return this.at(timestamp(this.#now + delay), task);
  }

  /** Runs `task` once at `due`, or as the next thing when that is past already. */
  at(due: Timestamp, task: () => void): Timer {
    assert(Number.isSafeInteger(due), "a timer is due at a whole microsecond");
    return this.#timers.add(timestamp(Math.max(due, this.#now)), task);
  }

  /**
   * Runs the earliest timer due at or before `limit`, at its own time. Without one the clock moves on
   * to `limit`.
   *
   * @returns whether a timer ran
   */
  step(limit: Timestamp): boolean {
    assert(limit >= this.#now, "time never goes backward");
    const due = this.#timers.nextDue;
    if (due === undefined || due > limit) {
      this.#now = limit;
      return false;
    }
    this.#now = due;
    this.#timers.take()();
    return true;
  }

  /** `advanceTo` the time `by` from now. */
  advance(by: Duration, between?: Settle): Promise<void> {
    return this.advanceTo(timestamp(this.#now + by), between);
  }

  /**
   * Moves to `time`, running on the way every timer that is due by then, those that timers add
   * included, in order of due time and then of scheduling. What `between` returns is awaited after
   * each timer. Rejects with what a timer threw; the clock then stands where that timer was due.
   */
  async advanceTo(time: Timestamp, between?: Settle): Promise<void> {
    assert(!this.#advancing, "one advance ends before the next begins");
    assert(Number.isSafeInteger(time), "time is a whole number of microseconds");
    this.#advancing = true;
    try {
      while (this.step(time)) await between?.();
    } finally {
      this.#advancing = false;
    }
  }
}
