import { duration, type Timestamp, timestamp } from "@tse/domain";
import { ScenarioBoard } from "@tse/market-model";
import { seededRandom } from "@tse/simulation";
import { Feed, type FeedOptions } from "../../src/feed/feed.ts";
import { type MarketMode, PRICED_ASSETS, STABLECOINS } from "../../src/feed/markets.ts";
import { symbolsOf } from "../../src/feed/symbol-terms.ts";
import type { Tick } from "../../src/feed/tick.ts";
import { type DatasetShelf, MemoryDatasetShelf } from "../../src/modes/dataset-shelf.ts";
import type { ModeTerms } from "../../src/modes/mode-terms.ts";
import { type MarketEvent, WorldMarket } from "../../src/modes/world-market.ts";

/** Monday, 5 January 2026. */
export const START = timestamp(1_767_571_200_000_000);
export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const DEFAULT_SYMBOLS = ["BTC/USD", "ETH/USD", "ADA/USD", "SOL/USD", "DOT/USD"];

export interface FeedChoice extends Partial<Pick<FeedOptions, "spread" | "sequences" | "held">> {
  readonly seed?: number;
  readonly mode?: MarketMode;
  /** By asset. */
  readonly modes?: Readonly<Record<string, ModeTerms>>;
  readonly datasets?: DatasetShelf;
  readonly onMarket?: (event: MarketEvent) => void;
  readonly interval?: number;
  readonly symbols?: readonly string[];
  readonly start?: Timestamp;
}

/** A feed that has not begun. */
export function newFeed(choice: FeedChoice = {}): Feed {
  const { seed = 42, mode = "gbm", symbols = DEFAULT_SYMBOLS, start = START, ...rest } = choice;
  const interval = duration(choice.interval ?? SECOND);
  const scenarios = new ScenarioBoard({
    assets: PRICED_ASSETS,
    stablecoins: STABLECOINS,
    time: start,
  });
  const random = seededRandom(seed);
  const { spread = "fixed", modes = {}, datasets = new MemoryDatasetShelf(), onMarket } = rest;
  const market = new WorldMarket({
    market: mode,
    modes,
    interval,
    start,
    random: (purpose) => (purpose === undefined ? random : random.fork(purpose)),
    scenarios,
    datasets,
    ...(onMarket && { onEvent: onMarket }),
  });
  return new Feed({
    ...rest,
    market,
    scenarios,
    symbols: symbolsOf(symbols),
    interval,
    spread,
  });
}

export const after = (length: number): Timestamp => timestamp(START + length);

/** Every tick from now on, as they come. */
export function ticksOf(feed: Feed): Tick[] {
  const ticks: Tick[] = [];
  feed.onTicks((each) => ticks.push(...each));
  return ticks;
}

/** What two paths must agree in. */
export const plain = ({ terms, ...rest }: Tick) => ({ symbol: terms.symbol, ...rest });
