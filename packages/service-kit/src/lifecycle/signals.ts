import process from "node:process";
import type { Logger } from "../log/logger.ts";

/** What signal wiring needs of a process; `process` itself is one. */
export interface SignalSource {
  on(event: string, listener: (detail: unknown) => void): unknown;
  off(event: string, listener: (detail: unknown) => void): unknown;
  exit(code: number): void;
}

export interface SignalOptions {
  readonly logger: Logger;
  /** Stops the service; whether all went well. */
  readonly stop: () => Promise<boolean>;
  /** The running process by default. */
  readonly source?: SignalSource;
}

const SIGNALS = ["SIGINT", "SIGTERM"];
const BUGS = ["uncaughtException", "unhandledRejection"];

/**
 * Ends the process in order at SIGINT or SIGTERM: exit code 0 when everything stopped, else 1. A second
 * signal exits at once with 1. An error nobody caught is logged, then the same with exit code 1.
 *
 * @returns a function that takes the wiring away again
 */
export function stopOnSignals(options: SignalOptions): () => void {
  const source = options.source ?? (process as unknown as SignalSource);
  const { logger } = options;
  let stopping = false;
  let bugs = 0;

  const stop = async (): Promise<void> => {
    stopping = true;
    const clean = await options.stop().catch((error: unknown) => {
      logger.error("shutdown failed", { error });
      return false;
    });
    source.exit(clean && bugs === 0 ? 0 : 1);
  };
  const onSignal = (signal: unknown): void => {
    logger.info("signal received", { signal });
    if (stopping) source.exit(1);
    else void stop();
  };
  const onBug = (error: unknown): void => {
    bugs += 1;
    logger.error("uncaught error", { error });
    if (!stopping) void stop();
  };

  for (const signal of SIGNALS) source.on(signal, onSignal);
  for (const event of BUGS) source.on(event, onBug);
  return () => {
    for (const signal of SIGNALS) source.off(signal, onSignal);
    for (const event of BUGS) source.off(event, onBug);
  };
}
