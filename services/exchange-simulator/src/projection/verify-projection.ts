import { type AccountNumber, formatAmount, type Sequence } from "@tse/domain";
import type {
  AuditVerdict,
  ExchangeDataAdapter,
  Order,
  OrderStatus,
  Violations,
} from "@tse/exchange-data-adapter";
import type { Follower } from "./follower.ts";
import { VENUE_ACCOUNT } from "./ledger-movements.ts";
import { orderRow } from "./order-rows.ts";
import { balanceRow } from "./reference-rows.ts";

/** Whether SQL says what the commands up to its position made. */
export interface ProjectionVerdict {
  readonly holds: boolean;
  readonly position: Sequence;
  /** What differs, the first of them. */
  readonly differences: readonly string[];
  readonly audit: AuditVerdict;
  /** `undefined` where the store forgets old rows. */
  readonly violations: Violations | undefined;
}

const DIFFERENCES_MAX = 20;
const PAGE = 1_000;
const LIVE: readonly OrderStatus[] = ["PENDING", "OPEN", "PARTIAL"];

/** Compares balances and live orders, one by one, has the database check itself, and walks the audit chain. */
export async function verifyProjection(
  adapter: ExchangeDataAdapter,
  follower: Follower,
): Promise<ProjectionVerdict> {
  const differences = [
    ...(await balanceDifferences(adapter, follower)),
    ...(await orderDifferences(adapter, follower)),
  ];
  const audit = await adapter.auditRepository.verify();
  const violations = await adapter.violations();
  const isSound =
    violations === undefined || Object.values(violations).every((rows) => rows.length === 0);
  return {
    holds: differences.length === 0 && audit.status === "intact" && isSound,
    position: follower.sequence,
    differences: differences.slice(0, DIFFERENCES_MAX),
    audit,
    violations,
  };
}

async function balanceDifferences(
  { balanceRepository }: ExchangeDataAdapter,
  { venue }: Follower,
): Promise<string[]> {
  const expected = new Map<string, string>();
  const numbers = [VENUE_ACCOUNT, ...venue.accounts().map(({ number }) => number)];
  for (const number of numbers) {
    for (const { asset } of venue.balances(number as AccountNumber)) {
      const row = balanceRow(number, asset, venue);
      const text = amounts(row.availableBalance, row.lockedBalance);
      expected.set(`balance ${row.accountId} ${row.symbol}`, text);
    }
  }
  const stored = new Map<string, string>();
  for await (const row of pages((cursor) => balanceRepository.query({ limit: PAGE, ...cursor }))) {
    const text = amounts(row.availableBalance, row.lockedBalance);
    stored.set(`balance ${row.accountId} ${row.symbol}`, text);
  }
  return compared(expected, stored);
}

async function orderDifferences(
  { orderRepository }: ExchangeDataAdapter,
  { venue, order: find }: Follower,
): Promise<string[]> {
  const expected = new Map<string, string>();
  for (const { number, role } of venue.accounts()) {
    if (role !== "customer") continue;
    for (const { orderSeq } of venue.liveOrders(number)) {
      const record = find(orderSeq);
      if (record === undefined) continue;
      const row = orderRow(record, venue);
      expected.set(`order ${row.orderId}`, progress(row));
    }
  }
  const stored = new Map<string, string>();
  const query = { limit: PAGE, status: LIVE };
  for await (const row of pages((cursor) => orderRepository.query({ ...query, ...cursor }))) {
    stored.set(`order ${row.orderId}`, progress(row));
  }
  return compared(expected, stored);
}

interface PageOf<Row> {
  readonly items: readonly Row[];
  readonly nextCursor: string | undefined;
}

async function* pages<Row>(
  ask: (cursor: { cursor?: string }) => Promise<PageOf<Row>>,
): AsyncGenerator<Row> {
  let cursor: string | undefined;
  do {
    const page = await ask(cursor === undefined ? {} : { cursor });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

function compared(expected: Map<string, string>, stored: Map<string, string>): string[] {
  const names = new Set([...expected.keys(), ...stored.keys()]);
  return [...names]
    .filter((name) => expected.get(name) !== stored.get(name))
    .map(
      (name) => `${name}: ${stored.get(name) ?? "missing"}, not ${expected.get(name) ?? "there"}`,
    );
}

function amounts(available: bigint, locked: bigint): string {
  return `${formatAmount(available as never)} and ${formatAmount(locked as never)} locked`;
}

function progress({
  status,
  quantity,
  filledQuantity,
  filledQuote,
  reservedAmount,
}: Order): string {
  return `${status} ${filledQuantity} of ${quantity} for ${filledQuote}, ${reservedAmount} reserved`;
}
