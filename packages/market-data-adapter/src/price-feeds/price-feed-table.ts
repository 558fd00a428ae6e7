import { RATE_ONE } from "@tse/domain";
import {
  decimal,
  instant,
  int8,
  json,
  optional,
  rate,
  type Table,
  text,
  uuid,
} from "@tse/storage/rows";
import type { PriceFeed } from "./price-feed.ts";

export const priceFeedTable: Table<PriceFeed> = {
  name: "price_feeds",
  columns: {
    feedId: uuid(),
    symbol: text(50),
    price: decimal(1n),
    bid: optional(decimal(1n)),
    ask: optional(decimal(1n)),
    volume24h: optional(decimal(0n)),
    source: text(100),
    sequence: optional(int8(Number.MIN_SAFE_INTEGER)),
    confidence: optional(rate(4, (value) => value >= 0 && value <= RATE_ONE)),
    timestamp: instant(),
    metadata: optional(json()),
  },
  key: ["feedId"],
  checks: [({ bid, ask }) => bid === undefined || ask === undefined || bid <= ask],
  sorts: ["timestamp", "price", "symbol", "source"],
  defaultSort: { field: "timestamp", order: "DESC" },
  indexes: ["symbol"],
  finished: () => true,
};
