import type { ExchangeProcess } from "./exchange-process.ts";

/** One world on this machine whose process is ended and started again. */
export interface TortureWorld {
  readonly dataDir: string;
  /** Starts it with a clock that runs, or one that stands still: then it can be looked at. */
  start(clock: "real" | "virtual"): Promise<ExchangeProcess>;
  /** Begins to start it, its clock still, and ends it like `strike` after `delayMs`. */
  strikeAtStart(delayMs: number): Promise<void>;
  /** Ends it at once, without warning. Resolves when it can be started again. */
  strike(process: ExchangeProcess): Promise<void>;
}
