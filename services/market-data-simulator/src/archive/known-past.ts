import { MONEY_SCALE, type Timestamp, timestamp } from "@tse/domain";
import type { MarketDataAdapter } from "@tse/market-data-adapter";
import type { Logger } from "@tse/service-kit";
import { StorageError } from "@tse/storage";
import type { KnownPast } from "../feed/open-feed.ts";
import { CATALOGUE, UNIT_OF_ACCOUNT } from "../feed/symbol-terms.ts";

/** What storage knows of a path whose own record is gone: last prices and sequences. `undefined` when nothing. */
export async function knownPast(
  adapter: MarketDataAdapter,
  logger: Logger,
): Promise<(KnownPast & { readonly lastTime: Timestamp }) | undefined> {
  const prices: Record<string, number> = {};
  const sequences: Record<string, number> = {};
  let lastTime = timestamp(0);
  try {
    for (const { symbol, base, quote } of CATALOGUE) {
      const latest = await adapter.priceFeedRepository.getLatestBySymbol(symbol);
      if (latest?.sequence === undefined) continue;
      sequences[symbol] = latest.sequence;
      lastTime = timestamp(Math.max(lastTime, latest.timestamp));
      if (quote === UNIT_OF_ACCOUNT) prices[base] = Number(latest.price) / 10 ** MONEY_SCALE;
    }
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    logger.warn("storage can't be asked for an older path: a new one begins", { code: error.code });
    return undefined;
  }
  return lastTime === 0 ? undefined : { prices, sequences, lastTime };
}
