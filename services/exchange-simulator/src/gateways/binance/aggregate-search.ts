import type { InstrumentId } from "@tse/domain";
import type { TapeFilter, TapeRecords } from "../../records/tape-records.ts";
import type { PublicTrade } from "../../views/public-trade.ts";
import { type AggregateTrade, aggregate } from "./aggregate-trades.ts";

type Trades = Pick<TapeRecords, "trades">;

/** Trades that are read at once. */
const RUN = 1_000;

/** The first `limit` aggregates that begin with the trade `fromId` or a later one, oldest first. */
export async function aggregatesFrom(
  fromId: number,
  instrument: InstrumentId,
  limit: number,
  tape: Trades,
): Promise<readonly AggregateTrade[]> {
  // What the trade before belongs to doesn't begin here.
  const window = { after: -1, before: fromId, from: "newest", limit: 1 } as const;
  const { items: before } = await tape.trades({ instrument }, window);
  return oldest({ instrument }, before, limit, tape);
}

/** The first `limit` aggregates of a time, oldest first. */
export function oldestAggregates(
  filter: TapeFilter,
  limit: number,
  tape: Trades,
): Promise<readonly AggregateTrade[]> {
  return oldest(filter, [], limit, tape);
}

/** The last `limit` aggregates of a time, oldest first. */
export async function newestAggregates(
  filter: TapeFilter,
  limit: number,
  tape: Trades,
): Promise<readonly AggregateTrade[]> {
  let trades: readonly PublicTrade[] = [];
  for (;;) {
    const before = trades[0]?.tradeSeq ?? Number.POSITIVE_INFINITY;
    const window = { after: -1, before, from: "newest", limit: RUN } as const;
    const { items, more } = await tape.trades(filter, window);
    trades = [...items.toReversed(), ...trades];
    const aggregates = aggregate(trades);
    // One more than wanted: the first may have begun earlier.
    if (!more || aggregates.length > limit) return aggregates.slice(-limit);
  }
}

/** @param before the trade that the search begins behind, if any */
async function oldest(
  filter: TapeFilter,
  before: readonly PublicTrade[],
  limit: number,
  tape: Trades,
): Promise<readonly AggregateTrade[]> {
  const [previous] = before;
  const trades = [...before];
  for (;;) {
    const after = trades.at(-1)?.tradeSeq ?? -1;
    const window = {
      after,
      before: Number.POSITIVE_INFINITY,
      from: "oldest",
      limit: RUN,
    } as const;
    const { items, more } = await tape.trades(filter, window);
    trades.push(...items);
    const all = aggregate(trades);
    const aggregates = previous === undefined ? all : all.slice(1);
    // One more than wanted: the last may go on.
    if (!more || aggregates.length > limit) return aggregates.slice(0, limit);
  }
}
