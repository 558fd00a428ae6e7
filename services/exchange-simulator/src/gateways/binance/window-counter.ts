import type { Clock, Duration } from "@tse/domain";

/**
 * What each key used in the running window of world time. Windows are aligned, for all keys alike: a
 * minute's begins with the minute. Memory is bounded by the keys of one window.
 */
export class WindowCounter<Key> {
  readonly #clock: Clock;
  readonly #length: Duration;
  readonly #used = new Map<Key, number>();
  #window = 0;

  constructor(clock: Clock, length: Duration) {
    this.#clock = clock;
    this.#length = length;
  }

  used(key: Key): number {
    this.#turn();
    return this.#used.get(key) ?? 0;
  }

  /** @param amount may be negative; what is used never falls below 0 */
  add(key: Key, amount: number): void {
    this.#used.set(key, Math.max(0, this.used(key) + amount));
  }

  /** Whole seconds until the window ends, at least 1. */
  get secondsLeft(): number {
    const now = this.#clock.now();
    const end = (Math.floor(now / this.#length) + 1) * this.#length;
    return Math.max(1, Math.ceil((end - now) / 1_000_000));
  }

  #turn(): void {
    const window = Math.floor(this.#clock.now() / this.#length);
    if (window === this.#window) return;
    this.#window = window;
    this.#used.clear();
  }
}
