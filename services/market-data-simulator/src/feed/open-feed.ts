import { isDeepStrictEqual } from "node:util";
import { assert, type Duration, type Timestamp, timestamp } from "@tse/domain";
import { ScenarioBoard, type ScenarioEvent } from "@tse/market-model";
import type { Logger } from "@tse/service-kit";
import { seededRandom } from "@tse/simulation";
import type { DatasetShelf } from "../modes/dataset-shelf.ts";
import { datasetsOf, type ModeSet } from "../modes/mode-terms.ts";
import { type MarketEvent, WorldMarket } from "../modes/world-market.ts";
import { Feed } from "./feed.ts";
import type { FeedRecord, FeedRecorder } from "./feed-record.ts";
import { type MarketMode, PRICED_ASSETS, STABLECOINS } from "./markets.ts";
import { PathPast } from "./path-past.ts";
import type { SpreadRule } from "./quotes.ts";
import { Repetition } from "./repetition.ts";
import type { LastTick, Segment } from "./segment.ts";
import { CATALOGUE, symbolsOf } from "./symbol-terms.ts";

export interface FeedTerms {
  readonly seed: string;
  /** PRICE_MODE as it was given. */
  readonly mode: string;
  readonly interval: Duration;
  readonly spread: SpreadRule["kind"];
  /** As configured; the world's other instruments are added. */
  readonly symbols: readonly string[];
}

/** Where a new path begins that has a past, known from storage only. */
export interface KnownPast {
  readonly prices: Readonly<Record<string, number>>;
  readonly sequences: Readonly<Record<string, number>>;
}

export interface OpenFeedParts {
  readonly terms: FeedTerms;
  readonly recorder: FeedRecorder;
  readonly now: Timestamp;
  readonly logger: Logger;
  /** What `terms.mode` comes to. Needed where a path with these terms begins: `beginsAnew`. */
  readonly modes?: ModeSet | undefined;
  readonly datasets: DatasetShelf;
  /** Told what the market does by itself, as `onScenario` is. */
  readonly onMarket?: (event: MarketEvent) => void;
  /** Told what scenarios do, from where the feed is known to have run before. */
  readonly onScenario?: (event: ScenarioEvent) => void;
  /** Of a world without a record; nothing when absent. */
  readonly past?: KnownPast | undefined;
}

export interface OpenedFeed {
  readonly feed: Feed;
  /** Up to here the feed is known to have run before; `undefined` for a new world. */
  readonly lastTime: Timestamp | undefined;
  /** Where the world's prices begin; `undefined` when that isn't known, for there may be older ones. */
  readonly begin: Timestamp | undefined;
  /** Spans that began before this are made again in part only. */
  readonly wholeFrom: Timestamp;
  /** What was before this start, for what storage lacks of it; `undefined` for a new world. */
  readonly past: PathPast | undefined;
  /**
   * Makes the ticks of the last while before now, and announces those: to be called once, when listeners are there.
   * Everything before was made already, unannounced.
   */
  catchUp(): void;
}

/** A segment older than this is ended at the next start, which would take too long to make it again. */
const REBUILT_DAYS_MAX = 31;
const HOUR = 3_600_000_000;
const DAY = 24 * HOUR;

/** Candles that ended this long before the feed was last known to run may not be stored yet: they are announced again. */
export const CANDLE_OVERLAP = 600_000_000;

/** Grid points that a restart announces: as many as the feed holds. */
const ANNOUNCED = 3_600;

/**
 * The feed of a world: a new path, or the old one made again up to now. A path goes on through a restart exactly as
 * if it had never stopped, the ticks in between included, as long as its terms are the same; with other terms a new
 * segment goes on from its prices and sequences, without a jump, and with what operators did to symbols and sources.
 */
export function openFeed(parts: OpenFeedParts): OpenedFeed {
  const record = parts.recorder.read();
  return record === undefined ? newWorld(parts) : goOn(record, parts);
}

/** Whether other terms, or none so far, make a new segment begin. */
export function beginsAnew(record: FeedRecord | undefined, terms: FeedTerms): boolean {
  return (
    record === undefined || !isDeepStrictEqual(pathTerms(terms), pathOf(record.segment, terms))
  );
}

function newWorld(parts: OpenFeedParts): OpenedFeed {
  const { terms, now, recorder, past } = parts;
  const segment: Segment = {
    number: 1,
    ...pathTerms(terms),
    ...given(parts.modes),
    start: gridPoint(now, terms.interval),
    prices: past?.prices ?? {},
    sequences: past?.sequences ?? {},
  };
  recorder.begin(segment);
  const feed = feedOf(segment, terms, parts);
  const catchUp = () => feed.begin();
  const begin = beginOf(segment);
  return { feed, lastTime: undefined, begin, wholeFrom: timestamp(0), past: undefined, catchUp };
}

function goOn(record: FeedRecord, parts: OpenFeedParts): OpenedFeed {
  const { terms, recorder, logger } = parts;
  const { segment, interventions, lastTime } = record;
  // The clock of a world that this one is part of may know less of what was published than its record.
  const now = timestamp(Math.max(parts.now, lastTime));
  const feed = feedOf(segment, terms, {
    datasets: parts.datasets,
    onScenario(event) {
      if (event.time > lastTime) parts.onScenario?.(event);
    },
    onMarket(event) {
      if (event.at > lastTime) parts.onMarket?.(event);
    },
  });
  const isSame = !beginsAnew(record, terms);
  const isYoung = now - segment.start <= REBUILT_DAYS_MAX * DAY;
  const announcedFrom = timestamp(now - ANNOUNCED * segment.interval);
  const madeFrom = candlesFrom(segment, now, lastTime);
  const repetition = new Repetition(record, feed, logger);
  repetition.upTo(announcedFrom, (time) => passTo(feed, time, madeFrom));
  const repeat = () => {
    if (announcedFrom < segment.start) feed.begin();
    repetition.upTo(now, (time) => feed.advanceTo(time));
  };
  const wholeFrom = segment.number === 1 && madeFrom <= segment.start ? timestamp(0) : madeFrom;
  const newFeed = () => feedOf(segment, terms, { datasets: parts.datasets });
  const made = { newFeed, segment, interventions };
  const begin = beginOf(segment);
  if (isSame && isYoung) {
    const past = new PathPast({ ...made, end: timestamp(lastTime - CANDLE_OVERLAP) });
    return { feed, lastTime, begin, wholeFrom, past, catchUp: repeat };
  }

  // The old terms' path is made to its end; the new one takes its place from there.
  repeat();
  const modes = isSame ? feed.market.modes : given(parts.modes);
  const next = { ...nextSegment(segment, feed, terms), ...modes };
  recorder.begin(next);
  parts.datasets.keepOnly(Object.values(modes.modes).flatMap(datasetsOf));
  logger.info("a new segment of the path begins", { number: next.number, isSame, isYoung });
  const following = feedOf(next, terms, { ...parts, predecessor: feed });
  const past = new PathPast({ ...made, end: timestamp(feed.time + 1) });
  return { feed: following, lastTime, begin, wholeFrom, past, catchUp: () => {} };
}

/** The first stretch of a path has nothing before it, unless it goes on from what storage knew. */
function beginOf({ number, start, sequences }: Segment): Timestamp | undefined {
  return number === 1 && Object.keys(sequences).length === 0 ? start : undefined;
}

/** Over what nobody asks for any more quickly, over the rest making candles. */
function passTo(feed: Feed, time: Timestamp, madeFrom: Timestamp): void {
  if (feed.time < madeFrom) feed.skipTo(timestamp(Math.min(time, madeFrom - 1)));
  if (time >= madeFrom) feed.passTo(time);
}

/** Candles are made from a day's beginning on that has the last 24 hours behind it, and what may not be stored yet. */
function candlesFrom(segment: Segment, now: Timestamp, lastTime: Timestamp): Timestamp {
  const wanted = Math.min(now - DAY, lastTime - HOUR);
  return timestamp(Math.max(segment.start, Math.floor(wanted / DAY) * DAY));
}

/** Symbols that this stretch doesn't have are as an earlier one left them, for when they come back. */
function nextSegment(segment: Segment, feed: Feed, terms: FeedTerms): Segment {
  const names = feed.symbols.map(({ symbol }) => symbol);
  const others = CATALOGUE.map(({ symbol }) => symbol).filter((symbol) => !names.includes(symbol));
  const { halted = [], spreads = {}, last, sequences } = segment;
  return {
    number: segment.number + 1,
    ...pathTerms(terms),
    start: gridPoint(feed.time, terms.interval),
    prices: Object.fromEntries(feed.worths(PRICED_ASSETS)),
    sequences: {
      ...sequences,
      ...Object.fromEntries(names.map((symbol) => [symbol, feed.sequence(symbol)])),
    },
    last: { ...last, ...lastTicks(feed) },
    halted: [
      ...halted.filter((symbol) => others.includes(symbol)),
      ...names.filter((symbol) => feed.symbolNamed(symbol)?.isHalted === true),
    ],
    spreads: {
      ...Object.fromEntries(Object.entries(spreads).filter(([symbol]) => others.includes(symbol))),
      ...Object.fromEntries(
        names.flatMap((symbol) => {
          const spread = feed.ownSpread(symbol);
          return spread === undefined ? [] : [[symbol, spread] as const];
        }),
      ),
    },
    disturbed: feed.market.disturbed,
  };
}

function lastTicks(feed: Feed): Record<string, LastTick> {
  const entries = feed.symbols.flatMap(({ symbol }) => {
    const newest = feed.latest(symbol);
    if (newest === undefined) return [];
    const { terms: _, ...last } = newest;
    return [[symbol, last] as const];
  });
  return Object.fromEntries(entries);
}

function given(modes: ModeSet | undefined): ModeSet {
  assert(modes !== undefined, "who begins a path has its modes");
  return modes;
}

interface FeedLinks extends Pick<OpenFeedParts, "datasets" | "onScenario" | "onMarket"> {
  readonly predecessor?: Feed;
}

/** A new segment begins in calm: scenarios end with the old one, and what they did to prices stays. */
function feedOf(segment: Segment, terms: FeedTerms, links: FeedLinks): Feed {
  const { number, seed, start, modes = {}, disturbed = [], halted = [] } = segment;
  const { datasets, onScenario, onMarket, predecessor } = links;
  const scenarios = new ScenarioBoard({
    assets: PRICED_ASSETS,
    stablecoins: STABLECOINS,
    time: start,
    ...(onScenario && { onEvent: onScenario }),
  });
  const interval = segment.interval as Duration;
  const stream = number === 1 ? "prices" : `prices ${number}`;
  const market = new WorldMarket({
    market: segment.market ?? (segment.mode as MarketMode),
    modes,
    interval,
    start,
    random: (purpose) =>
      seededRandom(seed).fork(purpose === undefined ? stream : `prices ${number} ${purpose}`),
    prices: new Map(Object.entries(segment.prices)),
    disturbed,
    scenarios,
    datasets,
    ...(onMarket && { onEvent: onMarket }),
  });
  return new Feed({
    market,
    scenarios,
    symbols: CATALOGUE.filter(({ symbol }) => segment.symbols.includes(symbol)),
    interval,
    spread: segment.spread ?? terms.spread,
    halted,
    spreads: segment.spreads ?? {},
    last: segment.last ?? {},
    sequences: new Map(Object.entries(segment.sequences)),
    goesOn: number > 1,
    ...(predecessor && { predecessor }),
  });
}

function pathTerms({ seed, mode, interval, spread, symbols }: FeedTerms) {
  return { seed, mode, interval, spread, symbols: symbolsOf(symbols).map(({ symbol }) => symbol) };
}

function pathOf({ seed, mode, interval, spread, symbols }: Segment, terms: FeedTerms) {
  return { seed, mode, interval, spread: spread ?? terms.spread, symbols };
}

function gridPoint(time: Timestamp, interval: Duration): Timestamp {
  return timestamp(Math.floor(time / interval) * interval);
}
