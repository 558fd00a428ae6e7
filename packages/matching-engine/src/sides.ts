import type { Side } from "@tse/domain";

const SIDES: readonly Side[] = ["buy", "sell"];

/** A side as it is kept in columns: `BUY` 0, `SELL` 1. */
export type SideCode = 0 | 1;

export const BUY = 0;
export const SELL = 1;

export function codeOf(side: Side): SideCode {
  return Number(side === "sell") as SideCode;
}

export function sideOf(code: SideCode): Side {
  return SIDES[code] as Side;
}

export function opposite(code: SideCode): SideCode {
  return (1 - code) as SideCode;
}

// Which side an order is on is as good as a coin toss, which a processor can't foretell: what depends
// on it is looked up or counted here rather than branched on.

/** Whether `price` ranks before `than` in the queue of `side`: a higher bid, a lower ask. */
export function isBetter(side: SideCode, price: number, than: number): boolean {
  return (price - than) * (1 - 2 * side) > 0;
}

/** Whether an order of `side` with this limit trades at `price`. `limit` is a result of `boundOf`. */
export function reaches(side: SideCode, limit: number, price: number): boolean {
  return (limit - price) * (1 - 2 * side) >= 0;
}

/** The worst price an order of `side` takes: its limit, or, when that is 0, any. */
export function boundOf(side: SideCode, limit: number): number {
  return limit === 0 && side === BUY ? Number.MAX_SAFE_INTEGER : limit;
}
