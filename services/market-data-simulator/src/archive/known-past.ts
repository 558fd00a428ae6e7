import { type Clock, MONEY_SCALE, type Timestamp, timestamp } from "@tse/domain";
import type { MarketDataAdapter } from "@tse/market-data-adapter";
import type { Logger } from "@tse/service-kit";
import { StorageError } from "@tse/storage";
import type { KnownPast } from "../feed/open-feed.ts";
import { CATALOGUE, UNIT_OF_ACCOUNT } from "../feed/symbol-terms.ts";
import { newestStored } from "./newest-stored.ts";

/** A past of which the end may be known. */
export interface StoredPast extends KnownPast {
  /** `undefined` when storage couldn't be asked. */
  readonly lastTime: Timestamp | undefined;
}

export interface KnownPastParts {
  readonly adapter: MarketDataAdapter;
  /** The machine's own, whatever the world's clock says. */
  readonly realClock: Pick<Clock, "now">;
  readonly logger: Logger;
}

/** More ticks of a symbol than can have been published and not stored. */
const UNSTORED_MAX = 1_000_000;
/** No feed's grid is finer. */
const LEAST_INTERVAL = 100_000;

/**
 * What storage knows of a path whose own record is gone: last prices and sequences. `undefined` when it has none.
 *
 * The path may have published more than was stored, under sequences that nobody knows. A new one must use none of them
 * again, so its sequences begin beyond all that the old one can have come to: subscribers see a gap that is announced. Also
 * where storage can't be asked at all.
 */
export async function knownPast(parts: KnownPastParts): Promise<StoredPast | undefined> {
  const { adapter, realClock, logger } = parts;
  const prices: Record<string, number> = {};
  const unused = Math.floor(realClock.now() / LEAST_INTERVAL);
  const sequences: Record<string, number> = Object.fromEntries(
    CATALOGUE.map(({ symbol }) => [symbol, unused]),
  );
  let lastTime = timestamp(0);
  try {
    for (const { symbol, base, quote } of CATALOGUE) {
      const latest = await newestStored(adapter, symbol);
      if (latest === undefined) continue;
      sequences[symbol] = Math.max(unused, latest.sequence + UNSTORED_MAX);
      lastTime = timestamp(Math.max(lastTime, latest.timestamp));
      if (quote === UNIT_OF_ACCOUNT) prices[base] = Number(latest.price) / 10 ** MONEY_SCALE;
    }
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    const { code } = error;
    logger.warn("storage can't be asked for an older path: a new one begins", { code, unused });
    return { prices: {}, sequences, lastTime: undefined };
  }
  return lastTime === 0 ? undefined : { prices, sequences, lastTime };
}
