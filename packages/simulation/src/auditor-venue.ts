import type { AccountNumber, Instrument, LiveOrder, Side } from "@tse/domain";
import type { Level, VenueView } from "@tse/venue";
import { AuditReport, type Violation } from "./auditor-report.ts";

const VENUE_ACCOUNT = 0 as AccountNumber;
const EVERY_LEVEL = Number.MAX_SAFE_INTEGER;

/**
 * Checks every rule that can be told from a venue's state alone, at any time, without its history.
 * Takes time in proportion to accounts and live orders.
 */
export function auditVenue(view: VenueView): readonly Violation[] {
  const report = new AuditReport();
  const locks = new Map<string, bigint>();
  for (const instrument of view.instruments()) {
    checkCross(view, instrument, report);
    for (const side of ["buy", "sell"] as const) {
      const queue = auditSide(view, instrument, side, report);
      for (const order of queue) addLock(order, instrument, locks);
    }
  }
  checkBalances(view, locks, report);
  return report.take();
}

/**
 * Checks one side of a book as the venue shows it: the queue's order and open quantities, the depth that
 * follows from it, and that its owners may have orders.
 *
 * @returns the queue
 */
export function auditSide(
  view: VenueView,
  { id, symbol }: Instrument,
  side: Side,
  report: AuditReport,
): readonly LiveOrder[] {
  const queue = view.queue(id, side);
  checkQueue(queue, `the ${side} queue of ${symbol}`, report);
  checkDepth(queue, view.depth(id, side, EVERY_LEVEL), `${side} depth of ${symbol}`, report);
  checkOwners(queue, view, report);
  return queue;
}

function addLock(order: LiveOrder, instrument: Instrument, locks: Map<string, bigint>): void {
  const { side, limit, open, account } = order;
  const isBuy = side === "buy";
  const key = `${account} ${isBuy ? instrument.quote : instrument.base}`;
  const each = isBuy
    ? BigInt(limit) * BigInt(instrument.minorPerTickLot)
    : BigInt(instrument.minorPerLot);
  locks.set(key, (locks.get(key) ?? 0n) + BigInt(open) * each);
}

function checkCross(view: VenueView, { id, symbol }: Instrument, report: AuditReport): void {
  const bid = view.bestBid(id);
  const ask = view.bestAsk(id);
  const isCrossed = bid !== 0 && ask !== 0 && bid >= ask;
  report.check(!isCrossed, "crossed_book", () => `${symbol} has bid ${bid} and ask ${ask}`);
}

function checkQueue(queue: readonly LiveOrder[], name: string, report: AuditReport): void {
  for (let place = 0; place < queue.length; place++) {
    const order = queue[place] as LiveOrder;
    const isOpen = order.open > 0 && order.open <= order.quantity;
    report.check(
      isOpen,
      "order_life_cycle",
      () => `order ${order.orderSeq} has ${order.open} of ${order.quantity} open`,
    );
    const before = queue[place - 1];
    const isInTurn = before === undefined || comesBefore(before, order);
    report.check(
      isInTurn,
      "priority",
      () => `${name} has ${before?.orderSeq} before ${order.orderSeq}`,
    );
  }
}

/** Better price first, then older: order numbers are given in order of arrival. */
function comesBefore(first: LiveOrder, second: LiveOrder): boolean {
  if (first.limit === second.limit) return first.orderSeq < second.orderSeq;
  return first.side === "buy" ? first.limit > second.limit : first.limit < second.limit;
}

function checkDepth(
  queue: readonly LiveOrder[],
  levels: readonly Level[],
  name: string,
  report: AuditReport,
): void {
  const expected = new Map<number, number>();
  for (const { limit, open } of queue) expected.set(limit, (expected.get(limit) ?? 0) + open);
  const isComplete = levels.length === expected.size;
  const isRight = levels.every(({ price, quantity }) => expected.get(price) === quantity);
  report.check(isComplete && isRight, "view", () => `the ${name} isn't what its orders add up to`);
}

function checkOwners(queue: readonly LiveOrder[], view: VenueView, report: AuditReport): void {
  for (const { account, orderSeq } of queue) {
    const status = view.account(account)?.status;
    report.check(
      status === "active",
      "closed_account",
      () => `order ${orderSeq} lives, its account is ${status}`,
    );
  }
}

function checkBalances(
  view: VenueView,
  locks: ReadonlyMap<string, bigint>,
  report: AuditReport,
): void {
  const sums = new Map<number, bigint>();
  const accounts = [VENUE_ACCOUNT, ...view.accounts().map(({ number }) => number)];
  for (const account of accounts) {
    for (const { asset, available, locked } of view.balances(account)) {
      const name = `balance ${account}/${view.assetName(asset)}`;
      sums.set(asset, (sums.get(asset) ?? 0n) + available + locked);
      report.check(
        available >= 0n && locked >= 0n,
        "negative_balance",
        () => `${name} is ${available}+${locked}`,
      );
      const needed = locks.get(`${account} ${asset}`) ?? 0n;
      report.check(
        locked === needed,
        "locked",
        () => `${name} locks ${locked}, its orders need ${needed}`,
      );
    }
  }
  for (const { id, asset } of view.assets()) {
    const sum = sums.get(id) ?? 0n;
    const supply = view.supply(id);
    report.check(
      sum === supply,
      "conservation",
      () => `accounts hold ${sum} of ${asset}, ${supply} came in`,
    );
  }
}
