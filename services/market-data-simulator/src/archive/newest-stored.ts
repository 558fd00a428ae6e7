import { timestamp } from "@tse/domain";
import type { MarketDataAdapter, PriceFeed } from "@tse/market-data-adapter";
import type { Tick } from "../feed/tick.ts";

/** A published price, as it is stored. */
export type StoredTick = PriceFeed & { readonly sequence: number };

type Prices = Pick<MarketDataAdapter, "priceFeedRepository">;

/** Prices of one time: a grid point's, and those that operators chose until the next. */
const AT_ONE_TIME = 100;
const PAGE = 1_000;

/** The latest stored price of a symbol, of those at one time the one with the highest sequence. @throws StorageError */
export async function newestStored(
  { priceFeedRepository }: Prices,
  symbol: string,
): Promise<StoredTick | undefined> {
  const newest = await priceFeedRepository.getBySymbol(symbol, AT_ONE_TIME);
  return highest(newest.filter(isNumbered));
}

/**
 * The last of a path's ticks that is stored, of those from `first` to `last`, which were published one after the other;
 * `undefined` when none is. Another path may have left prices of the same time, under other sequences.
 *
 * @throws StorageError
 */
export async function lastStored(
  { priceFeedRepository }: Prices,
  first: Tick,
  last: Tick,
): Promise<StoredTick | undefined> {
  const where = {
    symbol: first.terms.symbol,
    timestampFrom: first.timestamp,
    timestampTo: timestamp(last.timestamp + 1),
    limit: PAGE,
  };
  let found: StoredTick | undefined;
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await priceFeedRepository.query({
      ...where,
      ...(cursor !== undefined && { cursor }),
    });
    const own = items
      .filter(isNumbered)
      .filter(({ sequence }) => sequence >= first.sequence && sequence <= last.sequence);
    found = highest([...own, ...(found === undefined ? [] : [found])]);
    // The next page may go on with prices of the same time.
    if (found !== undefined && items.at(-1)?.timestamp !== found.timestamp) break;
    cursor = nextCursor;
  } while (cursor !== undefined);
  return found;
}

function highest(ticks: readonly StoredTick[]): StoredTick | undefined {
  const [first, ...rest] = ticks;
  return rest.reduce((best, each) => (best && best.sequence > each.sequence ? best : each), first);
}

function isNumbered(feed: PriceFeed): feed is StoredTick {
  return feed.sequence !== undefined;
}
