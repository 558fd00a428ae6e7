import process from "node:process";
import {
  createLogger,
  InvalidConfiguration,
  PortUnavailable,
  stopOnSignals,
} from "@tse/service-kit";
import type { ExchangeConfig } from "./config.ts";
import { type ExchangeReady, ExchangeSimulator } from "./service.ts";

export interface RunOptions {
  readonly config: ExchangeConfig;
  /** The world trades; a signal stops it from now on. */
  readonly onReady: (ready: ExchangeReady) => void;
  readonly onStopped?: (clean: boolean) => void;
}

/**
 * Runs the exchange as what the process is for: until a signal, with exit code 0, or a failure, with 1.
 * A log line says why.
 *
 * @throws PortUnavailable with everything taken down again
 */
export async function runExchange({ config, onReady, onStopped }: RunOptions): Promise<void> {
  const { logLevel: level, logFormat: format, service: name, version, environment } = config;
  const instance = config.instance ?? name;
  const logger = createLogger({ level, format, service: name, instance, version, environment });
  const service = new ExchangeSimulator({ config, logger, onFatal: crash });
  const stop = async () => {
    const clean = await service.stop();
    onStopped?.(clean);
    return clean;
  };
  try {
    const ready = await service.start();
    stopOnSignals({ logger, stop });
    onReady(ready);
  } catch (error) {
    await service.stop();
    throw error;
  }
}

/** Nobody catches it, so that it is logged and ends the process in order with exit code 1. */
function crash(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}

/**
 * Ends a start that the user has to mend: one line on standard error, and exit code 2 for what he asked
 * for or 1 for what his machine lacks. Throws what is no such thing.
 */
export function giveUp(program: string, error: unknown): void {
  if (error instanceof InvalidConfiguration) {
    process.stderr.write(`${program}: ${error.problems.join("; ")}\n`);
    process.exitCode = 2;
  } else if (error instanceof PortUnavailable) {
    process.stderr.write(`${program}: ${error.message}\n`);
    process.exitCode = 1;
  } else throw error;
}
