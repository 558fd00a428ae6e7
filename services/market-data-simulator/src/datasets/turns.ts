import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";

/** Longest that a long piece of work goes on before others have their turn. */
const TURN_MS = 8;
/** Steps of a few microseconds between two looks at the clock. */
const STEPS = 64;

/** Says when work of many small steps, none of which waits for anything, has to give way to the rest of the process. */
export class Turns {
  #steps = 0;
  #since = performance.now();

  /** Asked once a step. */
  get isDue(): boolean {
    this.#steps += 1;
    return this.#steps % STEPS === 0 && performance.now() - this.#since >= TURN_MS;
  }

  async next(): Promise<void> {
    await nextTurn();
    this.#since = performance.now();
  }
}
