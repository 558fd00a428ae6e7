/** Node's longest timer. */
const DELAY_MS_MAX = 2 ** 31 - 1;

/** One real timer that is set again and again. It never keeps the process alive. */
export class Alarm {
  readonly #ring: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** Rings once after `delayMs`, or early, never later: whoever is rung looks at the clock. */
  set(delayMs: number): void {
    this.clear();
    const delay = Math.min(Math.max(0, Math.ceil(delayMs)), DELAY_MS_MAX);
    this.#timer = setTimeout(this.#ring, delay);
    this.#timer.unref();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
