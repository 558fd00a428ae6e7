import { parseDecimal } from "@tse/domain";

/** An order as the native API shows it. */
export interface Order {
  readonly orderId: string;
  readonly orderSeq: number;
  readonly clientOrderId: string;
  readonly status: keyof typeof RANK;
  readonly quantity: string | null;
  readonly filledQuantity: string;
  readonly filledQuote: string;
  readonly replacesOrderId: string | null;
  readonly createdAt: string;
}

/** One match as one order saw it. */
export interface Fill {
  readonly tradeId: string;
  readonly tradeSeq: number;
  readonly orderId: string;
  readonly symbol: string;
  readonly side: "BUY" | "SELL";
  readonly price: string;
  readonly quantity: string;
  readonly fee: string;
  readonly feeCurrency: string;
}

export interface OrderReply {
  readonly order: Order;
  readonly fills: readonly Fill[];
}

export interface Transfer {
  readonly transferSeq: number;
  readonly fromAccountId: string | null;
  readonly toAccountId: string | null;
  readonly asset: string;
  readonly amount: string;
  readonly externalId: string;
}

export interface LedgerEntry {
  readonly entrySeq: number;
  readonly asset: string;
  readonly change: string;
  readonly total: string;
}

export interface Balance {
  readonly asset: string;
  readonly total: string;
}

/** How far an order's life has come: it never goes back. */
const RANK = {
  PENDING: 0,
  OPEN: 1,
  PARTIAL: 2,
  FILLED: 3,
  CANCELLED: 3,
  REJECTED: 3,
  EXPIRED: 3,
} as const;

export const rankOf = ({ status }: Order): number => RANK[status];

export const isFinished = (order: Order): boolean => rankOf(order) === RANK.FILLED;

/** Minor units, 10^-8, of a decimal that may have a sign. */
export function minorOf(text: string): bigint {
  const minor = parseDecimal(text.replace("-", ""), 8);
  if (minor === undefined) throw new Error(`${text} is no decimal of 8 places`);
  return text.startsWith("-") ? -minor : minor;
}
