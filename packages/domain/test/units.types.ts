/** Checked by the compiler alone: each line below it is an error that must stay one. */
import {
  type AccountNumber,
  type Amount,
  amount,
  type Duration,
  duration,
  type Lots,
  lots,
  type OrderSeq,
  type RejectCode,
  type Ticks,
  type Timestamp,
  type TradeSeq,
  ticks,
  timestamp,
} from "../src/index.ts";

declare function place(limit: Ticks, quantity: Lots): void;
declare const order: OrderSeq;
declare const account: AccountNumber;

place(ticks(100), lots(5));

// @ts-expect-error a quantity is not a price, nor a price a quantity
place(lots(5), ticks(100));

// @ts-expect-error a bare number has no unit yet
place(100, 5);

// @ts-expect-error what arithmetic makes has no unit until it is given one
export const sum: Ticks = ticks(1) + lots(1);

export const next: Ticks = ticks(ticks(1) + 1);

// @ts-expect-error a length of time is not a moment
export const moment: Timestamp = duration(1);

// @ts-expect-error a moment is not a length of time
export const length: Duration = timestamp(1);

// @ts-expect-error money is a bigint of minor units
export const money: Amount = amount(1);

// @ts-expect-error money and plain numbers do not add up
export const more = amount(1n) + 1;

// @ts-expect-error a bare bigint is not money yet
export const bare: Amount = 1n;

// @ts-expect-error an order's number names no trade
export const trade: TradeSeq = order;

// @ts-expect-error an account's number names no order
export const owner: OrderSeq = account;

// @ts-expect-error only codes that are listed exist
export const code: RejectCode = "no_such_code";
