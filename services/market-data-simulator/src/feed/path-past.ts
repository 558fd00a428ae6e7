import { type Timestamp, timestamp } from "@tse/domain";
import type { MarketCandle } from "../candles/market-candle.ts";
import type { Feed } from "./feed.ts";
import type { Intervention } from "./intervention.ts";
import type { Segment } from "./segment.ts";

export interface PathPastParts {
  /** The path at its beginning. */
  readonly newFeed: () => Feed;
  readonly segment: Pick<Segment, "number" | "start" | "interval">;
  readonly interventions: readonly Intervention[];
  readonly end: Timestamp;
}

const DAY = 86_400_000_000;
/** Grid points of one part: some ms of work. */
const MADE_AT_ONCE = 1_000;
const SKIPPED_AT_ONCE = 5_000;

/** What a path was before this process: made once more, for what is missing of it elsewhere. */
export class PathPast {
  readonly #parts: PathPastParts;

  constructor(parts: PathPastParts) {
    this.#parts = parts;
  }

  /** Candles that end at this time or later are announced by the feed of this process. */
  get end(): Timestamp {
    return this.#parts.end;
  }

  /** Where its candles begin. */
  get start(): Timestamp {
    return this.#parts.segment.start;
  }

  /**
   * The closed candles that end behind `from` and before `end`, in order of their ends, in parts that take some ms each; a
   * part may be empty. Of those that the path didn't see from their beginning there is none, but in the world's first
   * stretch.
   */
  *candles(from: Timestamp): Generator<readonly MarketCandle[]> {
    const { newFeed, segment, interventions, end } = this.#parts;
    const madeFrom = Math.max(segment.start, Math.floor(from / DAY) * DAY);
    const wholeFrom = segment.number === 1 ? 0 : segment.start;
    const feed = newFeed();
    let part: MarketCandle[] = [];
    feed.onCandle((candle) => {
      const { startTime, endTime } = candle;
      if (endTime > from && endTime < end && startTime >= wholeFrom) part.push(candle);
    });
    const stops = interventions.filter(({ at }) => at < end);
    for (const stop of [...stops, undefined]) {
      for (const _ of passed(feed, stop?.at ?? end, { madeFrom, interval: segment.interval })) {
        yield part;
        part = [];
      }
      if (stop !== undefined) feed.apply(stop);
    }
    yield part;
  }
}

/** Moves on to a time, step by step: over what is before `madeFrom` quickly, over the rest making candles. */
function* passed(
  feed: Feed,
  time: Timestamp,
  { madeFrom, interval }: { readonly madeFrom: number; readonly interval: number },
): Generator<void> {
  while (feed.time < time) {
    const isSkipped = feed.time < madeFrom - 1;
    const step = (isSkipped ? SKIPPED_AT_ONCE : MADE_AT_ONCE) * interval;
    const limit = isSkipped ? Math.min(time, madeFrom - 1) : time;
    const next = timestamp(Math.min(feed.time + step, limit));
    if (isSkipped) feed.skipTo(next);
    else feed.passTo(next);
    yield;
  }
}
