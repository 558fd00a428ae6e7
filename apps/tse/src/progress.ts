import { performance } from "node:perf_hooks";
import { countText } from "./readable.ts";

/** Where progress is shown: standard error. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface Step {
  /** What is being done: `repeating the journal`. */
  readonly doing: string;
  readonly done: number;
  readonly total: number;
}

/** Sooner than this nobody wants to hear of it. */
const SILENT_MS = 1_000;
/** A terminal's line is drawn again not more often than this. */
const EVERY_MS = 100;

/**
 * Says how far something is that takes longer than a second: on a terminal in one line that is drawn
 * again, elsewhere in one plain line for each step.
 */
export class ProgressLine {
  readonly #output: ProgressOutput;
  readonly #begin: number;
  readonly #now: () => number;
  #drawnAt = 0;
  #isDrawn = false;
  #said: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param now milliseconds, from any beginning */
  constructor(output: ProgressOutput, now: () => number = () => performance.now()) {
    this.#output = output;
    this.#now = now;
    this.#begin = now();
  }

  readonly show = (step: Step): void => {
    const now = this.#now();
    if (now - this.#begin < SILENT_MS) return;
    if (this.#output.isTTY === true) this.#draw(step, now);
    else this.#say(step);
  };

  /** Says, once it takes longer than a second, what is being done that can't tell how far it is. */
  wait(doing: string): void {
    this.#timer = setTimeout(() => {
      this.#isDrawn = this.#output.isTTY === true;
      this.#output.write(this.#isDrawn ? `\r\u001b[K  ${doing}` : `${doing}\n`);
    }, SILENT_MS);
  }

  /** Leaves an empty line for what comes next. */
  end(): void {
    clearTimeout(this.#timer);
    if (this.#isDrawn) this.#output.write("\r\u001b[K");
    this.#isDrawn = false;
  }

  #draw({ doing, done, total }: Step, now: number): void {
    if (this.#isDrawn && now - this.#drawnAt < EVERY_MS) return;
    this.#drawnAt = now;
    this.#isDrawn = true;
    const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
    const figures = `${percent} % (${countText(done)} of ${countText(total)})`;
    this.#output.write(`\r\u001b[K  ${doing}: ${figures}`);
  }

  #say({ doing }: Step): void {
    if (this.#said === doing) return;
    this.#said = doing;
    this.#output.write(`${doing}\n`);
  }
}
