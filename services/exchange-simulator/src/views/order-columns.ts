import { type Columns, fromColumns, toColumns } from "./columns.ts";
import type { RecordedOrder } from "./order-fold.ts";
import type { Fill, OrderRecord } from "./order-record.ts";

/** What a fill has of its order. */
type OfOrder = "orderSeq" | "orderId" | "account" | "instrument" | "side";
type OrderRow = Omit<OrderRecord, "fills"> & { readonly fillCount: number };
type FillRow = Omit<Fill, OfOrder>;

/** Order records, for a snapshot. */
export interface OrderColumns {
  readonly orders: Columns<OrderRow>;
  /** Of all the orders, one order after the other. */
  readonly fills: Columns<FillRow>;
}

const ORDER_FIELDS = {
  orderSeq: true,
  id: true,
  account: true,
  instrument: true,
  side: true,
  type: true,
  limit: true,
  quantity: true,
  quoteQuantity: true,
  timeInForce: true,
  postOnly: true,
  selfTradePrevention: true,
  clientOrderId: true,
  status: true,
  filled: true,
  filledQuote: true,
  reason: true,
  replaces: true,
  replacesId: true,
  correlationId: true,
  createdAt: true,
  updatedAt: true,
  updatedBy: true,
  filledAt: true,
  cancelledAt: true,
  fillCount: true,
} as const;

const FILL_FIELDS = {
  tradeSeq: true,
  id: true,
  price: true,
  quantity: true,
  notional: true,
  fee: true,
  feeAsset: true,
  liquidity: true,
  executedAt: true,
} as const;

export function toOrderColumns(orders: readonly OrderRecord[]): OrderColumns {
  const rows = orders.map(({ fills, ...order }) => ({ ...order, fillCount: fills.length }));
  const fills = orders.flatMap((order) => order.fills);
  return { orders: toColumns(rows, ORDER_FIELDS), fills: toColumns<FillRow>(fills, FILL_FIELDS) };
}

/** New records, which nobody else holds. */
export function fromOrderColumns({ orders, fills }: OrderColumns): RecordedOrder[] {
  const of = fromColumns(orders);
  const fillOf = fillReader(fills);
  let nextFill = 0;
  return Array.from(of.orderSeq, (orderSeq, at): RecordedOrder => {
    const order: RecordedOrder = {
      orderSeq,
      id: of.id[at] as OrderRow["id"],
      account: of.account[at] as OrderRow["account"],
      instrument: of.instrument[at] as OrderRow["instrument"],
      side: of.side[at] as OrderRow["side"],
      type: of.type[at] as OrderRow["type"],
      limit: of.limit[at] as OrderRow["limit"],
      quantity: of.quantity[at] as OrderRow["quantity"],
      quoteQuantity: of.quoteQuantity[at] as OrderRow["quoteQuantity"],
      timeInForce: of.timeInForce[at] as OrderRow["timeInForce"],
      postOnly: of.postOnly[at] as OrderRow["postOnly"],
      selfTradePrevention: of.selfTradePrevention[at] as OrderRow["selfTradePrevention"],
      clientOrderId: of.clientOrderId[at] as OrderRow["clientOrderId"],
      status: of.status[at] as OrderRow["status"],
      filled: of.filled[at] as OrderRow["filled"],
      filledQuote: of.filledQuote[at] as OrderRow["filledQuote"],
      reason: of.reason[at] as OrderRow["reason"],
      replaces: of.replaces[at] as OrderRow["replaces"],
      replacesId: of.replacesId[at] as OrderRow["replacesId"],
      correlationId: of.correlationId[at] as OrderRow["correlationId"],
      createdAt: of.createdAt[at] as OrderRow["createdAt"],
      updatedAt: of.updatedAt[at] as OrderRow["updatedAt"],
      updatedBy: of.updatedBy[at] as OrderRow["updatedBy"],
      filledAt: of.filledAt[at],
      cancelledAt: of.cancelledAt[at],
      fills: [],
    };
    const end = nextFill + (of.fillCount[at] as number);
    for (; nextFill < end; nextFill++) order.fills.push(fillOf(nextFill, order));
    return order;
  });
}

function fillReader(fills: Columns<FillRow>): (at: number, order: OrderRecord) => Fill {
  const of = fromColumns(fills);
  return (at, { orderSeq, id: orderId, account, instrument, side }) => ({
    tradeSeq: of.tradeSeq[at] as Fill["tradeSeq"],
    id: of.id[at] as Fill["id"],
    orderSeq,
    orderId,
    account,
    instrument,
    side,
    price: of.price[at] as Fill["price"],
    quantity: of.quantity[at] as Fill["quantity"],
    notional: of.notional[at] as Fill["notional"],
    fee: of.fee[at] as Fill["fee"],
    feeAsset: of.feeAsset[at] as Fill["feeAsset"],
    liquidity: of.liquidity[at] as Fill["liquidity"],
    executedAt: of.executedAt[at] as Fill["executedAt"],
  });
}
