import type { Day } from "../candles/day-statistics.ts";
import type { Feed } from "../feed/feed.ts";
import type { Tick } from "../feed/tick.ts";

/** How one symbol stands: its newest tick and the day before it. */
export interface Snapshot {
  readonly tick: Tick;
  readonly day: Day;
}

/** `undefined` before the first tick, and when there was none in 24 hours. */
export function snapshotOf(feed: Feed, symbol: string): Snapshot | undefined {
  const tick = feed.latest(symbol);
  const day = feed.candles(symbol).day();
  return tick && day && { tick, day };
}

/** Change of the last price over the day, in ticks. */
export function changeOf({ open, last }: Day): number {
  return last - open;
}

/** The same in per cent, with four digits. */
export function changePercentOf({ open, last }: Day): number {
  return Math.round(((last - open) / open) * 1_000_000) / 10_000;
}
