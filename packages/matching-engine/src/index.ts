export { ExpiryCause, MatchEvents, MatchKind } from "./match-events.ts";
export type { NewOrder } from "./new-order.ts";
export { OrderBook } from "./order-book.ts";
export { OrderPool } from "./order-pool.ts";
export { NO_ORDER, type OrderRef, slotOf } from "./order-ref.ts";
