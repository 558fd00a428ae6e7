import { isDeepStrictEqual } from "node:util";
import { isFinished, minorOf, type Order, rankOf } from "./wire.ts";

/** Of an order that is still open, what a later look may show otherwise. */
const CHANGING: readonly string[] = [
  "status",
  "quantity",
  "filledQuantity",
  "filledQuote",
  "averagePrice",
  "rejectReason",
  "updatedAt",
  "filledAt",
  "cancelledAt",
];

/**
 * What is wrong with an order as it is shown now, given how it was shown before: a finished one stays as
 * it was to the last letter, an open one only goes forward.
 */
export function goesOnFrom(before: Order, now: Order): string[] {
  const { orderId } = before;
  const was = JSON.stringify(before);
  if (isFinished(before)) {
    return isDeepStrictEqual(before, now)
      ? []
      : [`order ${orderId} was finished as ${was} and is ${JSON.stringify(now)}`];
  }
  const isSame = isDeepStrictEqual(fixed(before), fixed(now));
  const isForward =
    rankOf(now) >= rankOf(before) &&
    minorOf(now.filledQuantity) >= minorOf(before.filledQuantity) &&
    minorOf(now.filledQuote) >= minorOf(before.filledQuote) &&
    minorOf(now.quantity ?? "0") <= minorOf(before.quantity ?? "0");
  return isSame && isForward
    ? []
    : [`order ${orderId} was ${was} and went back to ${JSON.stringify(now)}`];
}

function fixed(order: Order): object {
  return Object.fromEntries(Object.entries(order).filter(([name]) => !CHANGING.includes(name)));
}
