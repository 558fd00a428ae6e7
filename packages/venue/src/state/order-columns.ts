import {
  type AccountNumber,
  assert,
  type InstrumentId,
  type Lots,
  type OrderSeq,
  type Ticks,
  type Timestamp,
} from "@tse/domain";
import { type MatchEvents, MatchKind, type OrderPool } from "@tse/matching-engine";
import type { Accounts } from "../accounts/accounts.ts";
import { selfTradeCode, selfTradeOf, sideCode, sideOf } from "../events/codes.ts";
import { Money } from "../ledger/money.ts";
import type { Listings } from "../listings/listings.ts";
import type { Market } from "../listings/market.ts";
import { Incoming } from "../orders/incoming.ts";
import type { LiveOrders } from "../orders/live-orders.ts";
import type { OrderColumns } from "./venue-state.ts";

const POST_ONLY = 2;
const MODE = 4;

export interface OrderParts {
  readonly accounts: Accounts;
  readonly listings: Listings;
  readonly orders: LiveOrders;
  readonly pool: OrderPool;
  readonly matches: MatchEvents;
}

export function saveOrders({ orders, pool }: OrderParts): OrderColumns {
  const orderSeq = orders.numbers();
  const columns = columnsFor(orderSeq);
  const { instrument, account, flags, limit, quantity, open, filledHigh, filledLow, createdAt } =
    columns;
  const named: number[] = [];
  const clientOrderIds: string[] = [];
  const filled = new Money();
  for (let place = 0; place < orderSeq.length; place++) {
    const slot = orders.find(orderSeq[place] as OrderSeq);
    const ref = orders.ref(slot);
    instrument[place] = pool.book(ref);
    account[place] = orders.account(slot);
    flags[place] =
      sideCode(pool.side(ref)) +
      (orders.isPostOnly(slot) ? POST_ONLY : 0) +
      selfTradeCode(orders.selfTradePrevention(slot)) * MODE;
    limit[place] = pool.price(ref);
    quantity[place] = orders.quantity(slot);
    open[place] = pool.open(ref);
    orders.readFilledQuote(slot, filled);
    filledHigh[place] = filled.high;
    filledLow[place] = filled.low;
    createdAt[place] = orders.createdAt(slot);
    const clientOrderId = orders.clientOrderId(slot);
    if (clientOrderId !== "") {
      named.push(place);
      clientOrderIds.push(clientOrderId);
    }
  }
  return { ...columns, named: Int32Array.from(named), clientOrderIds };
}

function columnsFor(orderSeq: Float64Array) {
  const { length } = orderSeq;
  return {
    orderSeq,
    instrument: new Int32Array(length),
    account: new Int32Array(length),
    flags: new Uint8Array(length),
    limit: new Float64Array(length),
    quantity: new Float64Array(length),
    open: new Float64Array(length),
    filledHigh: new Float64Array(length),
    filledLow: new Float64Array(length),
    createdAt: new Float64Array(length),
  };
}

/** Puts the orders into the books of `parts`, which are empty; their locks are in the ledger already. */
export function restoreOrders(columns: OrderColumns, parts: OrderParts): void {
  const { accounts, listings, orders, pool, matches } = parts;
  const incoming = new Incoming();
  let name = 0;
  pool.reserve(columns.orderSeq.length + accounts.count);
  orders.reserve(columns.orderSeq.length);
  for (let place = 0; place < columns.orderSeq.length; place++) {
    const isNamed = columns.named[name] === place;
    incoming.clientOrderId = isNamed ? (columns.clientOrderIds[name++] as string) : "";
    describe(incoming, columns, place, accounts);
    const market = listings.market(columns.instrument[place] as InstrumentId) as Market;

    matches.clear();
    const ref = market.book.place(incoming);
    const rests = matches.length === 1 && matches.kind(0) === MatchKind.rested;
    assert(rests, "a saved order rests without a trade");
    const createdAt = columns.createdAt[place] as Timestamp;
    orders.add(ref, incoming, columns.quantity[place] as number, createdAt);
    market.openOrders.change(incoming.owner, 1);
  }
  matches.clear();
}

/** Makes `incoming` the order as it rests: what is open of it, with what it filled before. */
function describe(
  incoming: Incoming,
  columns: OrderColumns,
  place: number,
  accounts: Accounts,
): void {
  const flags = columns.flags[place] as number;
  const owner = columns.account[place] as AccountNumber;
  incoming.orderSeq = columns.orderSeq[place] as OrderSeq;
  incoming.owner = owner;
  incoming.family = accounts.family(owner);
  incoming.side = sideOf(flags & 1);
  incoming.limit = columns.limit[place] as Ticks;
  incoming.quantity = columns.open[place] as Lots;
  incoming.postOnly = (flags & POST_ONLY) !== 0;
  incoming.selfTradePrevention = selfTradeOf(Math.floor(flags / MODE));
  incoming.filledQuote.high = columns.filledHigh[place] as number;
  incoming.filledQuote.low = columns.filledLow[place] as number;
}
