import type { ExchangeProcess } from "./exchange-process.ts";

/** One world on this machine whose process is ended and started again. */
export interface TortureWorld {
  readonly dataDir: string;
  /** Starts it with a clock that stands still, so that it can be looked at. */
  start(): Promise<ExchangeProcess>;
  /** Begins to start it, and ends it like `strike` after `delayMs`. */
  strikeAtStart(delayMs: number): Promise<void>;
  /** Ends it at once, without warning. Resolves when it can be started again. */
  strike(process: ExchangeProcess): Promise<void>;
}
