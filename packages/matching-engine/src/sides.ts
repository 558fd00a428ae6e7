import type { Side } from "@tse/domain";

/** A side as it is kept in columns: `BUY` 0, `SELL` 1. */
export type SideCode = 0 | 1;

export const BUY = 0;
export const SELL = 1;

export function codeOf(side: Side): SideCode {
  return side === "buy" ? BUY : SELL;
}

export function sideOf(code: SideCode): Side {
  return code === BUY ? "buy" : "sell";
}

export function opposite(code: SideCode): SideCode {
  return (1 - code) as SideCode;
}

/** Whether `price` ranks before `than` in the queue of `side`: a higher bid, a lower ask. */
export function isBetter(side: SideCode, price: number, than: number): boolean {
  return side === BUY ? price > than : price < than;
}

/** Whether an order of `side` with this limit trades at `price`. `limit` is a result of `boundOf`. */
export function reaches(side: SideCode, limit: number, price: number): boolean {
  return side === BUY ? price <= limit : price >= limit;
}

/** The worst price an order of `side` takes: its limit, or, when that is 0, any. */
export function boundOf(side: SideCode, limit: number): number {
  return limit === 0 && side === BUY ? Number.POSITIVE_INFINITY : limit;
}
