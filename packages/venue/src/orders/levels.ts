import type { InstrumentId } from "@tse/domain";
import { type MatchEvents, MatchKind } from "@tse/matching-engine";
import { sideCode } from "../events/codes.ts";
import type { EventLog } from "../events/event-log.ts";
import type { Listings } from "../listings/listings.ts";
import type { Market } from "../listings/market.ts";

/**
 * Reports each price level that one order touched, as it is now, in order of touch. One order touches
 * a level only in one go, so the last event of each run of equal levels tells its final quantity.
 */
export function reportLevels(matches: MatchEvents, market: Market, log: EventLog): void {
  for (let i = 0; i < matches.length; i++) {
    if (!touchesLevel(matches, i)) continue;
    const isLastOfRun =
      i + 1 === matches.length || !touchesLevel(matches, i + 1) || !isSameLevel(matches, i);
    if (isLastOfRun) report(matches, i, market, log);
  }
}

/** As `reportLevels`, for cancellations of many orders, which may come back to a level. */
export function reportManyLevels(matches: MatchEvents, listings: Listings, log: EventLog): void {
  const last = new Map<string, number>();
  for (let i = 0; i < matches.length; i++) {
    last.set(`${matches.book(i)} ${matches.side(i)} ${matches.price(i)}`, i);
  }
  for (const i of last.values()) {
    report(matches, i, listings.market(matches.book(i) as InstrumentId) as Market, log);
  }
}

function touchesLevel(matches: MatchEvents, i: number): boolean {
  const kind = matches.kind(i);
  return kind !== MatchKind.expired && kind !== MatchKind.rejected;
}

/** Whether event `i` and the one after it are about the same level. */
function isSameLevel(matches: MatchEvents, i: number): boolean {
  return matches.price(i) === matches.price(i + 1) && matches.side(i) === matches.side(i + 1);
}

function report(matches: MatchEvents, i: number, market: Market, log: EventLog): void {
  const side = sideCode(matches.side(i));
  const sequence = market.nextBookSequence();
  log.levelChanged(market.id, side, matches.price(i), matches.levelQuantity(i), sequence);
}
