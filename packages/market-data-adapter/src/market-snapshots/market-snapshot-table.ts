import { RATE_ONE } from "@tse/domain";
import {
  decimal,
  instant,
  json,
  optional,
  rate,
  type Table,
  text,
  uuid,
  type View,
} from "@tse/storage/rows";
import type { MarketSnapshot, Ticker } from "./market-snapshot.ts";

const symbol = text(50);
const lastPrice = decimal(1n);
const amount = optional(decimal());
/** DECIMAL(10,4): below a million per cent either way. */
const percent = optional(rate(4, (value) => Math.abs(value) < 1_000_000 * RATE_ONE));

export const marketSnapshotTable: Table<MarketSnapshot> = {
  name: "market_snapshots",
  columns: {
    snapshotId: uuid(),
    symbol,
    lastPrice,
    bid: amount,
    ask: amount,
    spread: optional(decimal(0n)),
    volume24h: amount,
    priceChange24h: amount,
    priceChangePercent24h: percent,
    timestamp: instant(),
    metadata: optional(json()),
  },
  key: ["snapshotId"],
  sorts: ["timestamp", "lastPrice", "symbol"],
  defaultSort: { field: "timestamp", order: "DESC" },
  indexes: ["symbol"],
  finished: () => true,
};

export const tickerView: View<Ticker, MarketSnapshot> = {
  name: "tickers",
  columns: {
    symbol,
    lastPrice,
    bid: amount,
    ask: amount,
    change24h: amount,
    changePercent24h: percent,
    volume: amount,
    timestamp: instant(),
  },
  key: ["symbol"],
  sorts: ["symbol"],
  defaultSort: { field: "symbol", order: "ASC" },
  source: marketSnapshotTable,
  derive: (snapshots) => newestOfEach(snapshots).map(tickerOf),
};

function newestOfEach(snapshots: Iterable<MarketSnapshot>): MarketSnapshot[] {
  const newest = new Map<string, MarketSnapshot>();
  for (const snapshot of snapshots) {
    const other = newest.get(snapshot.symbol);
    if (other === undefined || isNewer(snapshot, other)) newest.set(snapshot.symbol, snapshot);
  }
  return [...newest.values()];
}

function isNewer(one: MarketSnapshot, other: MarketSnapshot): boolean {
  if (one.timestamp !== other.timestamp) return one.timestamp > other.timestamp;
  return one.snapshotId > other.snapshotId;
}

function tickerOf(snapshot: MarketSnapshot): Ticker {
  const { symbol, lastPrice, bid, ask, timestamp } = snapshot;
  return {
    symbol,
    lastPrice,
    bid,
    ask,
    change24h: snapshot.priceChange24h,
    changePercent24h: snapshot.priceChangePercent24h,
    volume: snapshot.volume24h,
    timestamp,
  };
}
