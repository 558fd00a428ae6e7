import { decimal, instant, int8, oneOf, optional, type Table, text } from "@tse/storage/rows";
import { ORDER_SIDES } from "../orders/order.ts";
import type { TapePrint } from "./tape-print.ts";

export const tapeTable: Table<TapePrint> = {
  name: "tape",
  columns: {
    symbol: text(50),
    tradeSeq: int8(),
    price: decimal(1n),
    quantity: decimal(1n),
    takerSide: oneOf(ORDER_SIDES),
    executedAt: instant(),
    takerOrderSeq: optional(int8()),
  },
  key: ["symbol", "tradeSeq"],
  sorts: ["tradeSeq", "executedAt"],
  defaultSort: { field: "tradeSeq", order: "DESC" },
  indexes: ["symbol"],
  finished: () => true,
};
