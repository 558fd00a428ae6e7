import { amount, entityId, type Timestamp, timestamp } from "@tse/domain";
import {
  type AuditEntry,
  type AuditEvent,
  type BalanceRow,
  chained,
  type ExchangeDataAdapter,
  type ExchangeRepositories,
  type Order,
  type PostedJournal,
  type TapePrint,
  type TradeRow,
} from "@tse/exchange-data-adapter";

export interface BulkResult {
  readonly commandsPerSecond: number;
  readonly rowsPerSecond: number;
  /** Part of the time that was spent waiting for the store. */
  readonly storeShare: number;
}

interface Size {
  readonly commands: number;
  readonly batch: number;
}

/** The rows of one transaction. */
interface Batch {
  readonly orders: Order[];
  readonly trades: TradeRow[];
  readonly tape: TapePrint[];
  readonly balances: BalanceRow[];
  readonly journals: PostedJournal[];
  readonly audit: AuditEntry[];
}

const ACCOUNTS = 100;
const START = 1_767_322_800_000_000;
const ONE = 100_000_000n;

const accountId = (number: number) => entityId("account", timestamp(START), number + 1);
const money = (units: bigint) => amount(units);

/** Writes what a projector would write of so many commands, and times it. */
export async function measureBulk(
  adapter: ExchangeDataAdapter,
  { commands, batch }: Size,
): Promise<BulkResult> {
  for (let i = 0; i < ACCOUNTS; i++) {
    const account = { accountId: accountId(i), userId: `user-${i}`, accountType: "SPOT" } as const;
    await adapter.accountRepository.create(account);
  }
  let last: AuditEvent | undefined;
  let rows = 0;
  let stored = 0;
  const begun = performance.now();
  for (let done = 0; done < commands; done += batch) {
    const made = batchOf(done, batch);
    const events = chained(last, made.audit);
    last = events.at(-1);
    rows += rowsIn(made) + events.length;
    const asked = performance.now();
    await adapter.transaction((within) => write(within, made, events, done, done + batch));
    stored += performance.now() - asked;
  }
  const seconds = (performance.now() - begun) / 1000;
  return {
    commandsPerSecond: commands / seconds,
    rowsPerSecond: rows / seconds,
    storeShare: stored / 1000 / seconds,
  };
}

async function write(
  within: ExchangeRepositories,
  batch: Batch,
  events: readonly AuditEvent[],
  ...[expected, last]: [number, number]
): Promise<void> {
  await within.orderRepository.saveMany(batch.orders);
  await within.tradeRepository.saveMany(batch.trades);
  await within.tapeRepository.saveMany(batch.tape);
  await within.balanceRepository.saveMany(batch.balances);
  await within.ledgerRepository.append(batch.journals);
  await within.auditRepository.append(events);
  await within.projectionRepository.advance({
    projection: "history",
    worldId: "bench",
    expected,
    last,
  });
}

/** Commands `from` on: each even one rests an order, each odd one fills it. */
function batchOf(from: number, count: number): Batch {
  const batch: Batch = { orders: [], trades: [], tape: [], balances: [], journals: [], audit: [] };
  for (let i = from; i < from + count; i++) {
    const at = timestamp(START + i * 1000);
    const order = orderOf(i, at);
    batch.orders.push(order);
    if (order.status === "FILLED") fill(batch, order, i, at);
    for (const symbol of ["BTC", "USD"]) batch.balances.push(balanceOf(order, symbol, i, at));
    for (const action of ["order.accepted", "order.filled"])
      batch.audit.push(auditOf(order, action, at));
    for (const symbol of ["BTC", "USD"]) {
      batch.audit.push({
        ...auditOf(order, "balance.changed", at),
        payload: { symbol, available: "1.00000000", locked: "0.00000000" },
      });
    }
  }
  return batch;
}

function orderOf(i: number, at: Timestamp): Order {
  const number = Math.floor(i / 2) + 1;
  const filled = i % 2 === 1;
  const placed = timestamp(START + (number - 1) * 2000);
  return {
    orderId: entityId("order", placed, number),
    orderSeq: number,
    prioritySeq: number,
    clientOrderId: `bench-${number}`,
    accountId: accountId(number % ACCOUNTS),
    orderListId: undefined,
    parentOrderId: undefined,
    replacesOrderId: undefined,
    symbol: "BTC/USD",
    orderType: "LIMIT",
    side: number % 3 === 0 ? "BUY" : "SELL",
    quantity: ONE,
    quoteQuantity: undefined,
    price: 6_425_010_000_000n,
    stopPrice: undefined,
    triggerKind: undefined,
    trailingDeltaBps: undefined,
    displayQuantity: undefined,
    postOnly: false,
    stpMode: "EXPIRE_MAKER",
    filledQuantity: filled ? ONE : 0n,
    filledQuote: money(filled ? 6_425_010_000_000n : 0n),
    averagePrice: filled ? 6_425_010_000_000n : undefined,
    reservedAsset: "USD",
    reservedAmount: money(filled ? 0n : 6_425_010_000_000n),
    status: filled ? "FILLED" : "OPEN",
    rejectReason: undefined,
    timeInForce: "GTC",
    expiresAt: undefined,
    createdAt: placed,
    updatedAt: at,
    triggeredAt: undefined,
    filledAt: filled ? at : undefined,
    cancelledAt: undefined,
    correlationId: `corr-${i}`,
    metadata: undefined,
  };
}

function fill(batch: Batch, order: Order, i: number, at: Timestamp): void {
  const { orderId, symbol, side, quantity } = order;
  const price = order.price ?? 0n;
  const match = { symbol, tradeSeq: i, quantity, price, executedAt: at };
  const tradeId = entityId("trade", at, i);
  batch.tape.push({ ...match, takerSide: side, takerOrderSeq: undefined });
  batch.trades.push({
    ...match,
    tradeId,
    matchId: undefined,
    orderId,
    accountId: order.accountId,
    side,
    liquidity: "MAKER",
    fee: money(64_250n),
    feeCurrency: "USD",
    metadata: undefined,
  });
  const leg = (account: number, asset: string, value: bigint) => ({
    accountId: accountId(account),
    asset,
    amount: money(value),
    reason: "PRINCIPAL" as const,
    balanceAfter: money(ONE),
    referenceId: undefined,
  });
  batch.journals.push({
    journalId: entityId("transfer", at, i),
    sequence: i,
    referenceType: "TRADE",
    referenceId: tradeId,
    kind: "TRADE",
    occurredAt: at,
    entries: [
      leg(1, "BTC", 5n),
      leg(2, "BTC", -5n),
      leg(1, "USD", -9n),
      leg(2, "USD", 8n),
      leg(3, "USD", 1n),
    ],
  });
}

function balanceOf(order: Order, symbol: string, i: number, at: Timestamp): BalanceRow {
  return {
    balanceId: entityId("transfer", at, i * 2 + (symbol === "BTC" ? 0 : 1)),
    accountId: order.accountId,
    symbol,
    availableBalance: money(BigInt(i) * ONE),
    lockedBalance: money(0n),
    lastUpdated: at,
    metadata: undefined,
  };
}

function auditOf(order: Order, action: string, at: Timestamp): AuditEntry {
  return {
    occurredAt: at,
    actor: "key-0123456789abcdef",
    action,
    entityType: "order",
    entityId: order.orderId,
    accountId: order.accountId,
    correlationId: order.correlationId,
    payload: { status: order.status, quantity: "1.00000000", price: "64250.10000000" },
  };
}

function rowsIn({ orders, trades, tape, balances, journals }: Batch): number {
  const entries = journals.reduce((sum, journal) => sum + 1 + journal.entries.length, 0);
  return orders.length + trades.length + tape.length + balances.length + entries;
}
