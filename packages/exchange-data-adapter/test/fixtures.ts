import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type Amount, amount, type Timestamp, timestamp } from "@tse/domain";
import type { StorageCode } from "@tse/storage";
import type {
  Account,
  BalanceRow,
  Order,
  Page,
  PageRequest,
  PostedJournal,
  TradeRow,
} from "../src/index.ts";
import type { OpenStore } from "./stores.ts";

/** The largest DECIMAL(24,8): 9999999999999999.99999999. */
export const LARGEST = 10n ** 24n - 1n;

const T0 = 1_700_000_000_000_001;

export const at = (microseconds: number): Timestamp => timestamp(T0 + microseconds);

export const minor = (units: bigint): Amount => amount(units);

/** An account of a new user. */
export function anAccount({ repositories }: OpenStore): Promise<Account> {
  return repositories.accountRepository.create({ userId: randomUUID(), accountType: "SPOT" });
}

/** An open order to buy 1 at 2, as the projector would store it. */
export function orderOf(account: Account, change: Partial<Order> = {}): Order {
  return {
    orderId: randomUUID(),
    orderSeq: nextSeq(),
    prioritySeq: undefined,
    clientOrderId: undefined,
    accountId: account.accountId,
    orderListId: undefined,
    parentOrderId: undefined,
    replacesOrderId: undefined,
    symbol: "BTC/USD",
    orderType: "LIMIT",
    side: "BUY",
    quantity: 100_000_000n,
    quoteQuantity: undefined,
    price: 200_000_000n,
    stopPrice: undefined,
    triggerKind: undefined,
    trailingDeltaBps: undefined,
    displayQuantity: undefined,
    postOnly: false,
    stpMode: "EXPIRE_MAKER",
    filledQuantity: 0n,
    filledQuote: minor(0n),
    averagePrice: undefined,
    reservedAsset: "USD",
    reservedAmount: minor(200_000_000n),
    status: "OPEN",
    rejectReason: undefined,
    timeInForce: "GTC",
    expiresAt: undefined,
    createdAt: at(0),
    updatedAt: at(0),
    triggeredAt: undefined,
    filledAt: undefined,
    cancelledAt: undefined,
    correlationId: undefined,
    metadata: undefined,
    ...change,
  };
}

export function tradeOf(order: Order, change: Partial<TradeRow> = {}): TradeRow {
  return {
    tradeId: randomUUID(),
    matchId: undefined,
    tradeSeq: undefined,
    orderId: order.orderId,
    accountId: order.accountId,
    symbol: order.symbol,
    side: order.side,
    liquidity: "MAKER",
    quantity: 100_000_000n,
    price: 200_000_000n,
    fee: minor(1n),
    feeCurrency: "USD",
    executedAt: at(0),
    metadata: undefined,
    ...change,
  };
}

export function balanceOf(account: Account, change: Partial<BalanceRow> = {}): BalanceRow {
  return {
    balanceId: randomUUID(),
    accountId: account.accountId,
    symbol: "BTC",
    availableBalance: minor(0n),
    lockedBalance: minor(0n),
    lastUpdated: at(0),
    metadata: undefined,
    ...change,
  };
}

/** A journal that moves `value` from outside into an account. */
export function journalOf(
  account: Account,
  value: bigint,
  change: Partial<PostedJournal> = {},
): PostedJournal {
  const leg = {
    asset: "BTC",
    reason: "PRINCIPAL",
    balanceAfter: undefined,
    referenceId: undefined,
  } as const;
  return {
    journalId: randomUUID(),
    sequence: undefined,
    referenceType: undefined,
    referenceId: undefined,
    kind: "DEPOSIT",
    occurredAt: at(0),
    entries: [
      { ...leg, accountId: account.accountId, amount: minor(value) },
      { ...leg, accountId: undefined, amount: minor(-value) },
    ],
    ...change,
  };
}

let seq = 1000;

/** Never the same twice, nor one that a store gives by itself. */
export function nextSeq(): number {
  seq += 1;
  return seq;
}

/** The work has to be refused, with this code and, where given, these words. */
export function refused(
  code: StorageCode,
  work: () => Promise<unknown>,
  message?: string,
): Promise<void> {
  return assert.rejects(work, {
    name: "StorageError",
    code,
    ...(message !== undefined && { message }),
  });
}

/** All items of a query, page after page. */
export async function everyPage<Model, Query extends PageRequest>(
  query: (query: Query) => Promise<Page<Model>>,
  first: Query,
): Promise<{ items: Model[]; pages: number }> {
  const items: Model[] = [];
  let pages = 0;
  for (let cursor: string | undefined; ; ) {
    const page = await query({ ...first, ...(cursor !== undefined && { cursor }) });
    items.push(...page.items);
    pages += 1;
    cursor = page.nextCursor;
    if (cursor === undefined) return { items, pages };
  }
}
