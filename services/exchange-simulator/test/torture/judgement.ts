import { isDeepStrictEqual } from "node:util";
import type { AccountRecord } from "./account-record.ts";
import type { Attempt } from "./attempt.ts";
import type { Reply } from "./connection.ts";
import { goesOnFrom } from "./order-life.ts";
import type { Fill, Order, OrderReply, Transfer } from "./wire.ts";

/** Answers that a well-formed command of a client may get: done, or refused by the venue. */
const STATUSES = [200, 201, 409, 422];

/** Whether what an attempt would make is there. */
export function isPresent({ action, name }: Attempt, record: AccountRecord): boolean {
  if (action === "place") return record.originals(name).length > 0;
  return transfersOf(name, record).length > 0;
}

/** What of an attempt, by its answers, isn't as it has to be in the service as it is now. */
export function judge(attempt: Attempt, record: AccountRecord): string[] {
  const { action, name, request, replies } = attempt;
  const sent = `${name}: ${request.method} ${request.path}`;
  const strange = replies.filter(({ status }) => !STATUSES.includes(status));
  if (strange.length > 0) return [`${sent} was answered ${told(strange[0] as Reply)}`];
  if (isTurnedAway(attempt) && isPresent(attempt, record)) {
    return [`${sent} was answered that nothing was taken, and is there`];
  }
  return [...differences(attempt), ...CHECKS[action](attempt, record)].map(
    (fault) => `${sent}: ${fault}`,
  );
}

/** Whether every answer says that nothing was taken. */
function isTurnedAway({ replies, pending, turnedAway }: Attempt): boolean {
  return turnedAway > 0 && pending === 0 && replies.length === 0;
}

const CHECKS: Readonly<
  Record<Attempt["action"], (attempt: Attempt, record: AccountRecord) => string[]>
> = {
  place: judgePlaced,
  cancel: judgeChanged,
  amend: judgeChanged,
  cancel_all: judgeCancelled,
  deposit: judgeMoved,
  transfer: judgeMoved,
};

/** A request that acts once is always answered the same: byte for byte with a key, by its transfer without. */
function differences({ action, replies }: Attempt): string[] {
  const [first, ...others] = replies;
  if (first === undefined) return [];
  const isSame = (other: Reply) =>
    other.status === first.status &&
    (action === "deposit"
      ? isDeepStrictEqual(transferIn(other), transferIn(first))
      : other.text === first.text);
  return others
    .filter((other) => !isSame(other))
    .map((other) => `was answered ${told(first)} and ${told(other)}`);
}

function judgePlaced({ name, replies }: Attempt, record: AccountRecord): string[] {
  const found = record.originals(name);
  if (found.length > 1) return [`is there ${found.length} times`];
  const [first] = replies;
  if (first === undefined) return [];
  if (first.status === 201) return judgeShown(JSON.parse(first.text), record);
  const { orderId }: { orderId?: string } = JSON.parse(first.text);
  const [kept] = found;
  if (kept?.orderId !== orderId) return [`was refused with ${told(first)}; there is ${text(kept)}`];
  if (kept !== undefined && kept.status !== "REJECTED") return [`was refused and is ${text(kept)}`];
  return [];
}

function judgeChanged({ replies }: Attempt, record: AccountRecord): string[] {
  return replies
    .filter(({ status }) => status === 200)
    .flatMap(({ text: body }) => judgeShown(JSON.parse(body), record));
}

function judgeCancelled({ replies }: Attempt, record: AccountRecord): string[] {
  const done = replies.filter(({ status }) => status === 200);
  return done.flatMap(({ text: body }) => {
    const { orders }: { orders: readonly Order[] } = JSON.parse(body);
    return orders.flatMap((order) => judgeOrder(order, record));
  });
}

function judgeShown({ order, fills }: OrderReply, record: AccountRecord): string[] {
  const known = (fill: Fill) => isDeepStrictEqual(record.fills.get(fill.tradeId), fill);
  // An amended order shows its older fills as well, which were compared in their own cycle.
  const isNew = ({ tradeSeq }: Fill) => tradeSeq >= record.firstFill;
  const lost = fills.filter((fill) => isNew(fill) && !known(fill));
  return [
    ...judgeOrder(order, record),
    ...lost.map((fill) => `its fill ${JSON.stringify(fill)} isn't there`),
  ];
}

function judgeOrder(order: Order, record: AccountRecord): string[] {
  const now = record.orders.get(order.orderId);
  if (now === undefined) return [`order ${text(order)} isn't there`];
  return goesOnFrom(order, now);
}

function judgeMoved({ name, replies }: Attempt, record: AccountRecord): string[] {
  const found = transfersOf(name, record);
  if (found.length > 1) return [`moved ${found.length} times`];
  const [first] = replies;
  if (first === undefined) return [];
  if (first.status !== 201) {
    return found.length === 0 ? [] : [`was refused with ${told(first)} and moved`];
  }
  const acknowledged = transferIn(first);
  return isDeepStrictEqual(found[0], acknowledged)
    ? []
    : [`was answered ${text(acknowledged)}; there is ${text(found[0])}`];
}

function transfersOf(name: string, record: AccountRecord): readonly Transfer[] {
  return record.funds.transfers.filter(
    ({ externalId, amount }) => externalId === name || (externalId === "" && amount === name),
  );
}

function transferIn({ text: body }: Reply): Transfer | undefined {
  return JSON.parse(body).transfer;
}

function told({ status, text: body }: Reply): string {
  return `${status} ${body}`;
}

function text(thing: object | undefined): string {
  return thing === undefined ? "nothing" : JSON.stringify(thing);
}
