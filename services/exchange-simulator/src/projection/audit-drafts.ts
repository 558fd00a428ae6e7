import {
  type Account,
  type AccountNumber,
  entityId,
  formatAmount,
  type Instrument,
  type OrderClosed,
  type OrderRejected,
  type OrderSeq,
  opposite,
  type Trade,
  type TransferCompleted,
  textOf,
  type VenueEvent,
} from "@tse/domain";
import type { JsonObject } from "@tse/exchange-data-adapter";
import type { VenueView } from "@tse/venue";
import type { Unit } from "../exchange.ts";
import { fillId, type OrderRecord } from "../views/order-record.ts";
import { stepsText, storedObject, storedText } from "./stored-forms.ts";

/** One line of the audit trail before it has its place in the chain. */
export interface AuditDraft {
  readonly action: string;
  readonly entityType: string;
  readonly entityId: string;
  readonly accountId: string | undefined;
  readonly payload: JsonObject;
}

/** What the drafts of a unit are made from; both as they stand right after it. */
export interface AuditSources {
  readonly venue: VenueView;
  readonly order: (orderSeq: OrderSeq) => OrderRecord | undefined;
}

type Drafts = readonly AuditDraft[];

/**
 * What the audit trail says of an event, in order; nothing of what belongs to simulated participants'
 * orders and balances, and nothing of what is no state: levels of books and prices of the feed.
 */
export function auditDrafts(event: VenueEvent, unit: Unit, sources: AuditSources): Drafts {
  switch (event.kind) {
    case "order_accepted":
    case "order_rejected":
    case "order_reduced":
    case "order_closed":
    case "trade":
      return orderDrafts(event, unit, sources);
    case "balance_changed":
      return balanceDrafts(event, sources.venue);
    case "account_created":
      return [accountDraft("account.created", event.account)];
    case "account_updated":
      return [accountDraft("account.updated", event.account)];
    case "transfer_completed":
      return event.repeated ? [] : [transferDraft(event, unit, sources.venue)];
    default:
      return otherDrafts(event, sources.venue);
  }
}

type OrderEvent = Extract<
  VenueEvent,
  { kind: "order_accepted" | "order_rejected" | "order_reduced" | "order_closed" | "trade" }
>;

function orderDrafts(event: OrderEvent, unit: Unit, sources: AuditSources): Drafts {
  if (event.kind === "trade") return tradeDrafts(event, unit, sources);
  const order = sources.order(event.orderSeq);
  if (order === undefined) return [];
  const instrument = sources.venue.instrument(order.instrument);
  const draft = (action: string, payload: JsonObject): Drafts => [
    aboutOrder(action, order, sources.venue, payload),
  ];
  switch (event.kind) {
    case "order_accepted":
      return event.replaces === 0
        ? draft("order.accepted", terms(order, instrument))
        : draft("order.amended", { ...terms(order, instrument), replaces: String(event.replaces) });
    case "order_rejected":
      return draft("order.rejected", { ...terms(order, instrument), reason: reasonOf(event) });
    case "order_reduced":
      return draft("order.amended", { quantity: stepsText(event.quantity, instrument.lotSize) });
    case "order_closed":
      return event.end === "filled" ? [] : draft(...ending(event, instrument));
  }
}

function reasonOf({ rejection }: OrderRejected): string {
  return rejection.code;
}

function ending({ end, left }: OrderClosed, instrument: Instrument): [string, JsonObject] {
  const [status, reason = ""] = end.split(":");
  const action = status === "cancelled" ? "order.cancelled" : "order.expired";
  return [action, { reason, left: textOf(left, instrument.lotSize) }];
}

function terms(order: OrderRecord, instrument: Instrument): JsonObject {
  return {
    symbol: instrument.symbol,
    side: order.side,
    type: order.type,
    quantity: stepsText(order.quantity, instrument.lotSize),
    quoteQuantity: formatAmount(order.quoteQuantity),
    price: stepsText(order.limit, instrument.tickSize),
    timeInForce: order.timeInForce,
    clientOrderId: storedText(order.clientOrderId),
  };
}

/** A line for each side that a customer has. */
function tradeDrafts(trade: Trade, { time }: Unit, { venue, order }: AuditSources): Drafts {
  const instrument = venue.instrument(trade.instrument);
  return (["taker", "maker"] as const).flatMap((liquidity) => {
    const isTaker = liquidity === "taker";
    const record = order(isTaker ? trade.takerOrder : trade.makerOrder);
    if (record === undefined) return [];
    const payload = {
      tradeId: fillId(trade.tradeSeq, liquidity, time),
      symbol: instrument.symbol,
      side: isTaker ? trade.takerSide : opposite(trade.takerSide),
      liquidity,
      quantity: textOf(trade.quantity, instrument.lotSize),
      price: textOf(trade.price, instrument.tickSize),
      fee: formatAmount(isTaker ? trade.takerFee : trade.makerFee),
    };
    return [aboutOrder("order.filled", record, venue, payload)];
  });
}

function aboutOrder(
  action: string,
  order: OrderRecord,
  venue: VenueView,
  payload: JsonObject,
): AuditDraft {
  const accountId = idOf(order.account, venue);
  return { action, entityType: "order", entityId: order.id, accountId, payload };
}

function balanceDrafts(
  { account, asset, available, locked }: Extract<VenueEvent, { kind: "balance_changed" }>,
  venue: VenueView,
): Drafts {
  if (venue.account(account)?.role !== "customer") return [];
  const accountId = idOf(account, venue);
  const name = venue.assetName(asset);
  const payload = { asset: name, available: formatAmount(available), locked: formatAmount(locked) };
  return [
    {
      action: "balance.changed",
      entityType: "balance",
      entityId: `${accountId}:${name}`,
      accountId,
      payload,
    },
  ];
}

function accountDraft(action: string, account: Account): AuditDraft {
  const { id, userId, type, role, status, kycStatus, name, feeTier } = account;
  const names = {
    userId: storedText(userId),
    name: storedText(name),
    feeTier: storedText(feeTier),
  };
  const payload = { ...names, type, role, status, kycStatus };
  return { action, entityType: "account", entityId: id, accountId: id, payload };
}

function transferDraft(event: TransferCompleted, { time }: Unit, venue: VenueView): AuditDraft {
  const { transferSeq, from, to, asset, amount } = event;
  return {
    action: "transfer.completed",
    entityType: "transfer",
    entityId: entityId("transfer", time, transferSeq),
    accountId: idOf((to ?? from) as AccountNumber, venue),
    payload: {
      from: from === undefined ? "" : idOf(from, venue),
      to: to === undefined ? "" : idOf(to, venue),
      asset: venue.assetName(asset),
      amount: formatAmount(amount),
      externalId: storedText(event.externalId),
      reason: storedText(event.reason),
    },
  };
}

function otherDrafts(event: VenueEvent, venue: VenueView): Drafts {
  switch (event.kind) {
    case "key_created": {
      const { keyId, account, label, scopes } = event.key;
      const payload = { label: storedText(label), scopes };
      return [keyDraft("key.created", keyId, idOf(account, venue), payload)];
    }
    case "key_revoked":
      return [keyDraft("key.revoked", event.keyId, idOf(event.account, venue), {})];
    case "asset_listed":
      return [venueDraft("asset", event.asset, {})];
    case "instrument_listed":
    case "instrument_updated":
      return [venueDraft("instrument", event.instrument.symbol, rulesOf(event.instrument))];
    case "fees_set":
      return [feesDraft(event, venue)];
    case "venue_configured": {
      const { kycRequired, maxSubAccounts, orderRate, maxOrderNotional } = event.rules;
      const { perSecond = 0, burst = 0 } = orderRate ?? {};
      const largest = formatAmount(maxOrderNotional);
      const payload = { kycRequired, maxSubAccounts, perSecond, burst, maxOrderNotional: largest };
      return [venueDraft("venue", "rules", payload)];
    }
    case "fact_recorded": {
      const { action, entityType, account, details } = event;
      const accountId = account === undefined ? undefined : idOf(account, venue);
      const payload = storedObject(details) ?? {};
      return [{ action, entityType, entityId: event.entityId, accountId, payload }];
    }
    default:
      return [];
  }
}

function keyDraft(
  action: string,
  keyId: string,
  accountId: string,
  payload: JsonObject,
): AuditDraft {
  return { action, entityType: "key", entityId: keyId, accountId, payload };
}

function venueDraft(entityType: string, entityIdText: string, payload: JsonObject): AuditDraft {
  const action = "instrument.changed";
  return { action, entityType, entityId: entityIdText, accountId: undefined, payload };
}

function feesDraft(
  { tier, instrument, maker, taker }: Extract<VenueEvent, { kind: "fees_set" }>,
  venue: VenueView,
): AuditDraft {
  const symbol = instrument === undefined ? "*" : venue.instrument(instrument).symbol;
  const name = storedText(tier);
  return venueDraft("fee_tier", `${name} ${symbol}`, { tier: name, symbol, maker, taker });
}

/** Rates are in parts of 10^8. */
function rulesOf(instrument: Instrument): JsonObject {
  const { status, tickSize, lotSize, minQuantity, maxQuantity } = instrument;
  const { priceBand, priceMultiplierDown, priceMultiplierUp, maxSpread } = instrument;
  return {
    status,
    tickSize: textOf(1, tickSize),
    lotSize: textOf(1, lotSize),
    minSize: textOf(minQuantity, lotSize),
    maxSize: textOf(maxQuantity, lotSize),
    minNotional: formatAmount(instrument.minNotional),
    maxNotional: formatAmount(instrument.maxNotional),
    priceBand,
    priceMultiplierDown,
    priceMultiplierUp,
    maxOpenOrders: instrument.maxOpenOrders,
    maxSpread,
    makerFee: instrument.makerFee,
    takerFee: instrument.takerFee,
  };
}

function idOf(account: AccountNumber, venue: VenueView): string {
  return (venue.account(account) as Account).id;
}
