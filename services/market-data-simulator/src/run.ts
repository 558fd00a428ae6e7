import { DirectoryInUse } from "@tse/journal";
import {
  createLogger,
  PortUnavailable,
  type StartFailure,
  startFailure,
  stopOnSignals,
} from "@tse/service-kit";
import { StorageError } from "@tse/storage";
import { instanceOf, type MarketDataConfig } from "./config.ts";
import { FeedRecordCorrupt } from "./feed/feed-record.ts";
import { DatasetMissing } from "./modes/dataset-shelf.ts";
import { type MarketDataReady, MarketDataSimulator } from "./service.ts";

const ALIVE_MS = 60_000;

export interface RunOptions {
  readonly config: MarketDataConfig;
  /** Prices come; a signal stops the service from now on. */
  readonly onReady: (ready: MarketDataReady) => void;
}

/**
 * Runs the market-data simulator as what the process is for: until a signal, with exit code 0, or a failure, with 1.
 *
 * @throws PortUnavailable, and what `MarketDataSimulator.open` throws, with everything taken down again
 */
export async function runMarketData({ config, onReady }: RunOptions): Promise<void> {
  const { logLevel: level, logFormat: format, service: name, version, environment } = config;
  const instance = instanceOf(config);
  const logger = createLogger({ level, format, service: name, instance, version, environment });
  // Until listeners are open, or a failed start is taken down again, nothing else may keep the process alive to say so.
  const alive = setInterval(() => {}, ALIVE_MS);
  try {
    const service = await MarketDataSimulator.open({ config, logger });
    try {
      const ready = await service.start();
      stopOnSignals({ logger, stop: () => service.stop() });
      onReady(ready);
    } catch (error) {
      await service.stop();
      throw error;
    }
  } finally {
    clearInterval(alive);
  }
}

/** What a user can mend, by what it says: all of these name the place and the way on. */
export const MENDABLE = [
  DatasetMissing,
  DirectoryInUse,
  FeedRecordCorrupt,
  PortUnavailable,
  StorageError,
] as const;

/** Why something ended that the user has to mend; `undefined` for what is a fault of our own. */
export function failureOf(error: unknown): StartFailure | undefined {
  return startFailure(error, MENDABLE);
}
