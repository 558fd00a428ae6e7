import {
  type AccountNumber,
  type Amount,
  type AssetId,
  amount,
  assert,
  entityNumber,
  type Instrument,
  type InstrumentId,
  type Lots,
  lots,
  type OrderSeq,
  type OrderStatus,
  type SelfTradePrevention,
  type Sequence,
  type Side,
  type Ticks,
  type TimeInForce,
  type TradeSeq,
  ticks,
} from "@tse/domain";
import type {
  LedgerEntry,
  LedgerJournal,
  Order,
  TapePrint,
  Trade,
  Transfer,
} from "@tse/exchange-data-adapter";
import type { VenueView } from "@tse/venue";
import type { Fill, OrderRecord } from "../views/order-record.ts";
import type { PublicTrade } from "../views/public-trade.ts";
import type { StatementEntry } from "../views/statement.ts";
import type { TransferRecord } from "../views/transfers.ts";

/*
 * What SQL keeps, as the views have it: the way back of `projection/order-rows.ts` and
 * `reference-rows.ts`. Exact: every row was made from whole ticks and lots.
 */

/** An order without its fills. */
export function orderRecord(row: Order, venue: VenueView): Omit<OrderRecord, "fills"> {
  const instrument = instrumentOf(row.metadata, row.symbol, venue);
  return {
    orderSeq: row.orderSeq as OrderSeq,
    id: row.orderId,
    account: accountOf(row.accountId),
    instrument: instrument.id,
    side: sideOf(row.side),
    type: row.orderType === "MARKET" ? "market" : "limit",
    limit: ticks(numberIn(row.metadata, "limit") ?? limitOf(row, instrument)),
    quantity: lots(numberIn(row.metadata, "quantity") ?? sizeOf(row, instrument)),
    quoteQuantity: row.quoteQuantity ?? amount(0n),
    timeInForce: row.timeInForce.toLowerCase() as TimeInForce,
    postOnly: row.postOnly,
    selfTradePrevention: row.stpMode.toLowerCase() as SelfTradePrevention,
    clientOrderId: row.clientOrderId ?? row.orderId,
    status: row.status.toLowerCase() as OrderStatus,
    filled: lotsOf(row.filledQuantity, instrument),
    filledQuote: row.filledQuote,
    reason: row.rejectReason ?? "",
    replaces: (numberIn(row.metadata, "replaces") ?? 0) as OrderSeq,
    replacesId: row.replacesOrderId ?? "",
    correlationId: row.correlationId ?? "",
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    updatedBy: 0 as Sequence,
    filledAt: row.filledAt,
    cancelledAt: row.cancelledAt,
  };
}

export function fillRecord(row: Trade, venue: VenueView): Fill {
  const instrument = instrumentOf(row.metadata, row.symbol, venue);
  const orderSeq = entityNumber("order", row.orderId);
  assert(orderSeq !== undefined, "a stored fill names its order");
  return {
    tradeSeq: row.tradeSeq as TradeSeq,
    id: row.tradeId,
    orderSeq: orderSeq as OrderSeq,
    orderId: row.orderId,
    account: accountOf(row.accountId),
    instrument: instrument.id,
    side: sideOf(row.side),
    price: ticksOf(row.price, instrument),
    quantity: lotsOf(row.quantity, instrument),
    notional: row.quoteQuantity,
    fee: row.fee,
    feeAsset: assetOf(row.feeCurrency, venue),
    liquidity: row.liquidity === "MAKER" ? "maker" : "taker",
    executedAt: row.executedAt,
  };
}

export function transferOf(row: Transfer, venue: VenueView): TransferRecord {
  const { fromAccountId: from, toAccountId: to } = row;
  const externalId = row.metadata?.externalId;
  return {
    transferSeq: row.transferSeq as number,
    sequence: 0 as Sequence,
    id: row.transferId,
    kind: TRANSFER_KINDS[row.kind],
    from: from === undefined ? undefined : accountOf(from),
    to: to === undefined ? undefined : accountOf(to),
    asset: assetOf(row.asset, venue),
    amount: row.amount,
    externalId: typeof externalId === "string" ? externalId : "",
    reason: row.reason ?? "",
    completedAt: row.createdAt,
  };
}

const TRANSFER_KINDS = {
  DEPOSIT: "deposit",
  WITHDRAWAL: "withdrawal",
  INTERNAL: "transfer",
} as const;

/** A customer's entry; `undefined` for what an account held when its history began: nothing moved then. */
export function entryOf(
  row: LedgerEntry,
  { kind, occurredAt }: LedgerJournal,
  venue: VenueView,
): StatementEntry | undefined {
  if (kind === "ADJUSTMENT") return undefined;
  const { accountId, balanceAfter, referenceId } = row;
  assert(
    accountId !== undefined && balanceAfter !== undefined && referenceId !== undefined,
    "a customer's entry names its account, what moved it and what it left",
  );
  return {
    number: row.entryId,
    at: occurredAt,
    account: accountOf(accountId),
    asset: assetOf(row.asset, venue),
    cause: row.reason === "FEE" ? "fee" : CAUSES[kind],
    reference: referenceId,
    change: row.amount,
    total: balanceAfter,
  };
}

const CAUSES = {
  TRADE: "trade",
  DEPOSIT: "deposit",
  WITHDRAWAL: "withdrawal",
  TRANSFER: "transfer",
} as const;

/** A match of the public tape; whose order the maker's was it doesn't say. */
export function publicTrade(print: TapePrint, instrument: Instrument): PublicTrade {
  const price = ticksOf(print.price, instrument);
  const quantity = lotsOf(print.quantity, instrument);
  return {
    tradeSeq: print.tradeSeq as TradeSeq,
    price,
    quantity,
    notional: notionalOf(price, quantity, instrument),
    takerSide: sideOf(print.takerSide),
    executedAt: print.executedAt,
    takerOrder: (print.takerOrderSeq ?? 0) as OrderSeq,
    makerOrder: 0 as OrderSeq,
  };
}

/** The instrument that a row was made from: by its number, as a symbol may be listed again. */
function instrumentOf(metadata: Order["metadata"], symbol: string, venue: VenueView): Instrument {
  const id = metadata?.instrument;
  const found =
    typeof id === "number" ? venue.instrument(id as InstrumentId) : venue.instrumentNamed(symbol);
  assert(found?.symbol === symbol, "a stored row is of a listed instrument");
  return found;
}

function limitOf({ price }: Order, instrument: Instrument): number {
  return price === undefined ? 0 : ticksOf(price, instrument);
}

/** An order by money has no quantity of its own: its row has what was filled. */
function sizeOf({ quantity, quoteQuantity }: Order, instrument: Instrument): number {
  return quoteQuantity === undefined ? lotsOf(quantity, instrument) : 0;
}

function accountOf(accountId: string): AccountNumber {
  const number = entityNumber("account", accountId);
  assert(number !== undefined, "a stored row names one of our accounts");
  return number as AccountNumber;
}

function assetOf(asset: string, venue: VenueView): AssetId {
  const id = venue.assetNamed(asset);
  assert(id !== undefined, "a stored row is of a listed asset");
  return id;
}

function ticksOf(price: bigint, { tickSize }: Instrument): Ticks {
  return ticks(Number(price / tickSize.minor));
}

function lotsOf(quantity: bigint, { lotSize }: Instrument): Lots {
  return lots(Number(quantity / lotSize.minor));
}

function notionalOf(price: Ticks, quantity: Lots, { minorPerTickLot }: Instrument): Amount {
  return amount(BigInt(price) * BigInt(quantity) * BigInt(minorPerTickLot));
}

function sideOf(side: "BUY" | "SELL"): Side {
  return side === "BUY" ? "buy" : "sell";
}

function numberIn(metadata: Order["metadata"], name: string): number | undefined {
  const value = metadata?.[name];
  return typeof value === "number" ? value : undefined;
}
