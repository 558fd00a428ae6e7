import {
  DirectoryInUse,
  JournalCorrupt,
  JournalFull,
  JournalUnavailable,
  JournalVersionUnsupported,
} from "@tse/journal";
import {
  createLogger,
  PortUnavailable,
  type StartFailure,
  startFailure,
  stopOnSignals,
} from "@tse/service-kit";
import { StorageError } from "@tse/storage";
import type { ExchangeConfig } from "./config.ts";
import type { MarketFeed } from "./participants/feed-source.ts";
import { StateUnsupported } from "./recovery/exchange-views.ts";
import type { ReplayProgress } from "./recovery/replay.ts";
import { WorldConflict } from "./recovery/world-record.ts";
import { type ExchangeReady, ExchangeSimulator } from "./service.ts";

export interface RunOptions {
  readonly config: ExchangeConfig;
  /** The world trades; a signal stops it from now on. */
  readonly onReady: (ready: ExchangeReady) => void;
  readonly onStopped?: (clean: boolean) => void;
  /** Starts the market-data service of this world, whose prices the participants go by. */
  readonly openFeed?: (exchange: ExchangeSimulator) => Promise<RunningFeed>;
  /** Told how far a long repetition of the journal has come. */
  readonly onProgress?: (progress: ReplayProgress) => void;
}

/** A market-data service in this process. */
export interface RunningFeed extends MarketFeed {
  stop(): Promise<boolean>;
}

/**
 * Runs the exchange as what the process is for: until a signal, with exit code 0, or a failure, with 1.
 * A log line says why.
 *
 * @throws PortUnavailable, and what `ExchangeSimulator.open` throws, with everything taken down again
 */
export async function runExchange(options: RunOptions): Promise<void> {
  const { config, onReady, onStopped, onProgress, openFeed } = options;
  const { logLevel: level, logFormat: format, service: name, version, environment } = config;
  const instance = config.instance ?? name;
  const logger = createLogger({ level, format, service: name, instance, version, environment });
  let running: RunningFeed | undefined;
  const service = await ExchangeSimulator.open({
    config,
    logger,
    onFatal: crash,
    ...(onProgress && { onProgress }),
    ...(openFeed && {
      feed: async () => {
        running = await openFeed(service);
        return running;
      },
    }),
  });
  const stop = async () => {
    const isFeedClean = (await running?.stop()) ?? true;
    const clean = (await service.stop()) && isFeedClean;
    onStopped?.(clean);
    return clean;
  };
  try {
    const ready = await service.start();
    stopOnSignals({ logger, stop });
    onReady(ready);
  } catch (error) {
    await running?.stop();
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

/** What a user can mend, by what it says: all of these name the place and the way on. */
export const MENDABLE = [
  DirectoryInUse,
  JournalCorrupt,
  JournalFull,
  JournalUnavailable,
  JournalVersionUnsupported,
  PortUnavailable,
  StateUnsupported,
  StorageError,
  WorldConflict,
] as const;

/** Why something ended that the user has to mend; `undefined` for what is a fault of our own. */
export function failureOf(error: unknown): StartFailure | undefined {
  return startFailure(error, MENDABLE);
}
