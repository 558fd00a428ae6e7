import { formatDecimal, MONEY_SCALE } from "@tse/domain";
import {
  type Column,
  decimal,
  instant,
  int4,
  int8,
  json,
  optional,
  type Table,
  text,
  uuid,
} from "@tse/storage/rows";
import type { BookLevel, OrderBook } from "./order-book.ts";

type StoredLevels = readonly (readonly [price: string, quantity: string])[];

const number = decimal();
const isNumber = (value: bigint) => value >= 0n && number.fits(value);

/** JSONB, `[["price","quantity"], …]`: decimals as text, all digits of them. */
const levels: Column<readonly BookLevel[]> = {
  ...(json() as unknown as Column<readonly BookLevel[]>),
  encode: (value) =>
    JSON.stringify(
      value.map(({ price, quantity }) => [
        formatDecimal(price, MONEY_SCALE),
        formatDecimal(quantity, MONEY_SCALE),
      ]),
    ),
  decode: (stored) =>
    (stored as StoredLevels).map(([price, quantity]) => ({
      price: number.decode(price),
      quantity: number.decode(quantity),
    })),
  fits: (value) => value.every(({ price, quantity }) => isNumber(price) && isNumber(quantity)),
};

export const orderBookTable: Table<OrderBook> = {
  name: "order_books",
  columns: {
    bookId: uuid(),
    symbol: text(50),
    sequence: optional(int8(Number.MIN_SAFE_INTEGER)),
    depth: int4(1),
    bids: levels,
    asks: levels,
    timestamp: instant(),
    metadata: optional(json()),
  },
  key: ["bookId"],
  sorts: ["timestamp"],
  defaultSort: { field: "timestamp", order: "DESC" },
  indexes: ["symbol"],
  finished: () => true,
};
