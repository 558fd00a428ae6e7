import type { PlaceOrder, RejectCode, Rejection, Timestamp } from "@tse/domain";
import type { Accounts } from "../accounts/accounts.ts";
import type { Market } from "../listings/market.ts";
import type { LiveOrders } from "./live-orders.ts";
import type { RateLimiter } from "./rate-limiter.ts";

/** Refusals that are answered and forgotten; every other leaves an `order_rejected`. */
const WITHOUT_ROW: ReadonlySet<RejectCode> = new Set([
  "symbol_not_found",
  "account_not_found",
  "forbidden",
  "rate_limited",
  "duplicate_client_order_id",
]);

export function leavesRow(code: RejectCode): boolean {
  return !WITHOUT_ROW.has(code);
}

const RATE_LIMITED: Rejection = { code: "rate_limited" };

/**
 * Every check of a new order but the last, its funds, in the order of precedence of the codes. A check
 * relies on those before it. Nothing is changed, but that the rate limiter counts what reaches it.
 */
export class OrderChecks {
  readonly #accounts: Accounts;
  readonly #orders: LiveOrders;
  readonly #limiter: RateLimiter | undefined;

  constructor(accounts: Accounts, orders: LiveOrders, limiter: RateLimiter | undefined) {
    this.#accounts = accounts;
    this.#orders = orders;
    this.#limiter = limiter;
  }

  ofNew(order: PlaceOrder, market: Market, at: Timestamp): Rejection | undefined {
    return this.ofReplacement(order, market, at) ?? this.#room(order, market);
  }

  /** Of an order that takes the place and the clientOrderId of a live one of its account. */
  ofReplacement(order: PlaceOrder, market: Market, at: Timestamp): Rejection | undefined {
    return (
      this.ofReduction(order, market, at) ??
      worth(order, market) ??
      (order.type === "limit" ? priceRange(order, market) : undefined) ??
      (order.postOnly ? wouldTake(order, market) : undefined)
    );
  }

  /** Of a live order that shall be `order`, smaller: where the market went since then is no matter. */
  ofReduction(order: PlaceOrder, market: Market, at: Timestamp): Rejection | undefined {
    return this.#standing(order, market, at) ?? shape(order) ?? size(order, market);
  }

  #standing(order: PlaceOrder, market: Market, at: Timestamp): Rejection | undefined {
    const { status } = market.instrument;
    if (status !== "trading") return { code: "instrument_halted", field: "symbol" };
    const bar = this.#accounts.tradingBar(order.account);
    if (bar !== undefined) return { code: bar, field: "account" };
    const isLimited = this.#limiter !== undefined && this.#accounts.isCustomer(order.account);
    return isLimited && !this.#limiter.take(order.account, at) ? RATE_LIMITED : undefined;
  }

  #room(order: PlaceOrder, market: Market): Rejection | undefined {
    const { maxOpenOrders } = market.instrument;
    const mayRest = order.type === "limit" && order.timeInForce === "gtc";
    if (mayRest && market.openOrders.of(order.account) >= maxOpenOrders) {
      return { code: "max_open_orders", high: BigInt(maxOpenOrders) };
    }
    if (order.clientOrderId === "") return undefined;
    const isTaken = this.#orders.findNamed(order.account, order.clientOrderId) !== 0;
    return isTaken ? { code: "duplicate_client_order_id", field: "clientOrderId" } : undefined;
  }
}

/** Whether price and quantity are whole steps and go with the order's type. */
function shape(order: PlaceOrder): Rejection | undefined {
  const { type, limit, quantity } = order;
  const isPriced = type === "limit" ? limit > 0 && Number.isSafeInteger(limit) : limit === 0;
  if (!isPriced) return { code: "price_tick", field: "limit" };
  if (quantity < 0 || !Number.isSafeInteger(quantity))
    return { code: "lot_size", field: "quantity" };
  const isSizedTwice = type === "market" && quantity > 0 && order.quoteQuantity !== 0n;
  return isSizedTwice ? { code: "lot_size", field: "quoteQuantity" } : undefined;
}

/** Quantity and notional against the instrument's rules. */
function size(order: PlaceOrder, market: Market): Rejection | undefined {
  if (isByQuote(order)) return quoteNotional(order, market);

  const { minQuantity, maxQuantity } = market.instrument;
  const { type, limit, quantity } = order;
  if (quantity < minQuantity) return { code: "min_size", field: "quantity", low: minQuantity };
  if (quantity > maxQuantity) return { code: "max_size", field: "quantity", high: maxQuantity };
  // Above 2^53 a product is rounded, but every bound is below that: the comparison stays right.
  return notional((type === "limit" ? limit : market.reference) * quantity, market);
}

function isByQuote({ type, quantity, quoteQuantity }: PlaceOrder): boolean {
  return type === "market" && quantity === 0 && quoteQuantity !== 0n;
}

function notional(tickLots: number, market: Market): Rejection | undefined {
  const { minNotional: low, maxNotional: high } = market.instrument;
  if (tickLots < market.minTickLots) return { code: "min_notional", field: "notional", low };
  if (tickLots > market.maxTickLots) return { code: "max_notional", field: "notional", high };
  return undefined;
}

function quoteNotional({ quoteQuantity }: PlaceOrder, market: Market): Rejection | undefined {
  const { minNotional, maxNotional: high, minorPerTickLot } = market.instrument;
  const least = BigInt(minorPerTickLot);
  const low = minNotional > least ? minNotional : least;
  const field = "quoteQuantity";
  if (quoteQuantity < low) return { code: "min_notional", field, low };
  return quoteQuantity > high ? { code: "max_notional", field, high } : undefined;
}

/** What the order is worth at the reference price, against the venue's largest order. */
function worth(order: PlaceOrder, market: Market): Rejection | undefined {
  const tickLots = isByQuote(order)
    ? Number(order.quoteQuantity / BigInt(market.instrument.minorPerTickLot))
    : market.reference * order.quantity;
  return tickLots > market.capTickLots ? { code: "max_order_size", field: "quantity" } : undefined;
}

function priceRange({ limit }: PlaceOrder, market: Market): Rejection | undefined {
  const { low, high } = market.limitRange;
  if (limit >= low && limit <= high) return undefined;
  return { code: "price_range", field: "limit", low, high };
}

function wouldTake({ side, type, limit }: PlaceOrder, market: Market): Rejection | undefined {
  const bound = type === "market" ? market.worstPrice(side) : limit;
  return market.book.wouldTake(side, bound) ? { code: "would_take", field: "limit" } : undefined;
}
