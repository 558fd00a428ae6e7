import type { Amount, Timestamp } from "@tse/domain";
import type { JsonObject, PageRequest } from "@tse/storage/rows";
import type { OrderSide } from "../orders/order.ts";

export const LIQUIDITIES = ["MAKER", "TAKER"] as const;
export type Liquidity = (typeof LIQUIDITIES)[number];

/** One customer's side of a match. Quantities and prices are in units of 10^-8. */
export interface Trade {
  /** UUID. */
  readonly tradeId: string;
  /** The same for both sides of a match. */
  readonly matchId: string | undefined;
  /** Public number, counted by symbol. */
  readonly tradeSeq: number | undefined;
  readonly orderId: string;
  readonly accountId: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly liquidity: Liquidity;
  readonly quantity: bigint;
  readonly price: bigint;
  /** quantity × price, computed by the store. */
  readonly quoteQuantity: Amount;
  /** Not negative. */
  readonly fee: Amount;
  readonly feeCurrency: string;
  readonly executedAt: Timestamp;
  readonly metadata: JsonObject | undefined;
}

type Required = "orderId" | "accountId" | "symbol" | "side" | "quantity" | "price" | "feeCurrency";

/** What `create` takes. An absent id is made, an absent time is now, an absent fee is 0. */
export type NewTrade = Pick<Trade, Required> & Partial<Omit<Trade, Required | "quoteQuantity">>;

/** What `saveMany` takes: all but what the store computes. */
export type TradeRow = Omit<Trade, "quoteQuantity">;

/** Sorted by `executedAt` (default, newest first), `tradeSeq`, `symbol`, `side`, `quantity`, `price` or `fee`. */
export interface TradeQuery extends PageRequest {
  readonly orderId?: string;
  readonly accountId?: string;
  readonly symbol?: string;
  readonly side?: OrderSide;
  /** Strictly after. */
  readonly executedAfter?: Timestamp;
  /** Strictly before. */
  readonly executedBefore?: Timestamp;
  /** Of `tradeSeq`, strictly above. */
  readonly afterSeq?: number;
  /** Of `tradeSeq`, strictly below. */
  readonly beforeSeq?: number;
}
