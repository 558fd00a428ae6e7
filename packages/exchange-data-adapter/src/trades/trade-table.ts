import { amount } from "@tse/domain";
import {
  decimal,
  instant,
  int8,
  json,
  money,
  oneOf,
  optional,
  type Table,
  text,
  uuid,
} from "@tse/storage/rows";
import { ORDER_SIDES } from "../orders/order.ts";
import { LIQUIDITIES, type Trade } from "./trade.ts";

/** One unit in the scale of quantities and prices. */
const ONE = 10n ** 8n;

export const tradeTable: Table<Trade> = {
  name: "trades",
  columns: {
    tradeId: uuid(),
    matchId: optional(uuid()),
    tradeSeq: optional(int8()),
    orderId: uuid(),
    accountId: uuid(),
    symbol: text(50),
    side: oneOf(ORDER_SIDES),
    liquidity: oneOf(LIQUIDITIES),
    quantity: decimal(1n),
    price: decimal(1n),
    quoteQuantity: money(),
    fee: money(0n),
    feeCurrency: text(10),
    executedAt: instant(),
    metadata: optional(json()),
  },
  key: ["tradeId"],
  uniques: [{ fields: ["symbol", "tradeSeq", "side"] }],
  references: [
    { field: "orderId", table: "orders" },
    { field: "accountId", table: "accounts" },
  ],
  // Rounds a half up, as the database does.
  derived: { quoteQuantity: ({ quantity, price }) => amount((quantity * price + ONE / 2n) / ONE) },
  sorts: ["executedAt", "tradeSeq", "symbol", "side", "quantity", "price", "fee"],
  defaultSort: { field: "executedAt", order: "DESC" },
  indexes: ["orderId", "accountId"],
  finished: () => true,
};
