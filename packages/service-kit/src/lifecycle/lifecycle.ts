import type { Logger } from "../log/logger.ts";

/** One part of a service. What starts later stops earlier. */
export interface Step {
  readonly name: string;
  readonly start?: () => Promise<void> | void;
  /** Called only when `start` succeeded, or when there is none. */
  readonly stop?: () => Promise<void> | void;
  /** Share of the shutdown's budget after which `stop` is given up, in ms; by default all that is left. */
  readonly stopWithinMs?: number;
}

export interface LifecycleOptions {
  readonly logger: Logger;
  /** For all of the shutdown. */
  readonly shutdownTimeoutMs: number;
}

/**
 * Starts a service's parts in order and stops them in the reverse order. A part that fails to stop, or
 * takes too long, is logged and doesn't keep the others from stopping.
 */
export class Lifecycle {
  readonly #options: LifecycleOptions;
  readonly #running: Step[] = [];
  #stopped: Promise<boolean> | undefined;

  constructor(options: LifecycleOptions) {
    this.#options = options;
  }

  /** Starts one part more. When that fails, what runs already is left for `stop`. */
  async start(step: Step): Promise<void> {
    await step.start?.();
    this.#running.push(step);
    this.#options.logger.debug("started", { step: step.name });
  }

  /** Stops everything that was started. Every call gets the same answer: whether all went well. */
  stop(): Promise<boolean> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  async #stopAll(): Promise<boolean> {
    const deadline = Date.now() + this.#options.shutdownTimeoutMs;
    let clean = true;
    for (const step of this.#running.reverse()) {
      const left = Math.max(0, deadline - Date.now());
      const stopped = await this.#stopOne(step, Math.min(left, step.stopWithinMs ?? left));
      clean = clean && stopped;
    }
    this.#running.length = 0;
    return clean;
  }

  async #stopOne(step: Step, withinMs: number): Promise<boolean> {
    const { logger } = this.#options;
    try {
      await within(withinMs, step);
      logger.info("stopped", { step: step.name });
      return true;
    } catch (error) {
      logger.error("failed to stop", { step: step.name, error });
      return false;
    }
  }
}

/** A part didn't stop within its time. */
class StopTimeout extends Error {
  override name = "StopTimeout";
}

async function within(ms: number, step: Step): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StopTimeout(`${step.name} didn't stop in ${ms} ms`)), ms);
  });
  try {
    await Promise.race([step.stop?.(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
