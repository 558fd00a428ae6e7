import { type AccountNumber, assert, type Command } from "@tse/domain";
import { Problem, renderProblem } from "@tse/service-kit";
import type { VenueView } from "@tse/venue";
import type { z } from "zod";
import type { Unit } from "../../exchange.ts";
import type { ReplyRenderer, RequestReply } from "../../idempotency/kept-reply.ts";
import { transferRecord } from "../../views/transfers.ts";
import { rejected } from "./problems.ts";
import { renderAccount, renderKey } from "./render/accounts.ts";
import { renderTransfer } from "./render/funds.ts";
import { type OrderReply, type OrderViews, renderOrderReply } from "./render/orders.ts";
import { eventOf } from "./submission.ts";
import type { accountReply, newAccountReply, newKeyReply } from "./wire/accounts.ts";
import type { transferReply } from "./wire/funds.ts";

/**
 * What the answers are rendered from beside the unit. Of the venue only what never changes, because it
 * may be ahead of the unit: ids, names, steps. The views stand exactly at the unit.
 */
export interface PostViews extends OrderViews {
  readonly venue: Pick<VenueView, "account" | "assetName" | "instrument">;
}

/** How a POST answers. */
interface Form {
  readonly path: string;
  readonly status: 200 | 201;
  /** Whether `apiKey.secret` is in it, sealed. */
  readonly hasSecret: boolean;
  /** @throws Problem when the venue refused the command */
  body(unit: Unit, views: PostViews): object;
}

/** By the name that goes into the journal: never rename one. */
const FORMS = {
  "orders.place": {
    path: "/api/v1/orders",
    status: 201,
    hasSecret: false,
    body: orderPlaced,
  },
  "accounts.open": {
    path: "/api/v1/accounts",
    status: 201,
    hasSecret: true,
    body: accountOpened,
  },
  "accounts.close": {
    path: "/api/v1/accounts/:accountId/close",
    status: 200,
    hasSecret: false,
    body: accountClosed,
  },
  "sub-accounts.open": {
    path: "/api/v1/accounts/:accountId/sub-accounts",
    status: 201,
    hasSecret: true,
    body: accountOpened,
  },
  "keys.issue": {
    path: "/api/v1/accounts/:accountId/keys",
    status: 201,
    hasSecret: true,
    body: keyIssued,
  },
  "transfers.make": {
    path: "/api/v1/accounts/:accountId/transfers",
    status: 201,
    hasSecret: false,
    body: transferred,
  },
} as const satisfies Readonly<Record<string, Form>>;

export type PostForm = keyof typeof FORMS;

const JSON_TYPE = "application/json; charset=utf-8";

/** The answer to a POST. Pure: the same unit and views give the same answer, byte for byte. */
export function renderPosted(unit: Unit, form: PostForm, views: PostViews): RequestReply {
  const { status, hasSecret, body } = FORMS[form];
  try {
    const text = JSON.stringify(body(unit, views));
    const sealedFor = hasSecret ? eventOf(unit, "key_created").key.keyId : "";
    return { status, contentType: JSON_TYPE, body: text, sealedFor };
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    const context = {
      method: "POST",
      path: pathOf(unit.command, FORMS[form].path, views),
      correlationId: unit.origin.correlationId,
    };
    return { ...renderProblem(problem, context, "/api/v1/errors#"), sealedFor: "" };
  }
}

/** Renders what the journal names. */
export function postedRenderer(views: PostViews): ReplyRenderer {
  return (unit, { reply }) => {
    assert(reply in FORMS, `the form of an answer is known: ${reply}`);
    return renderPosted(unit, reply as PostForm, views);
  };
}

/** @throws Problem when the venue refused the order */
export function orderPlaced(unit: Unit, views: PostViews): OrderReply {
  if (unit.rejection === undefined) {
    return renderOrderReply(eventOf(unit, "order_accepted").orderSeq, unit.sequence, views);
  }
  const { command } = unit;
  assert(command.kind === "place_order", "an order is placed by its command");
  const event = unit.events.find(({ kind }) => kind === "order_rejected");
  const orderId =
    event?.kind === "order_rejected" ? views.orders.order(event.orderSeq)?.id : undefined;
  const instrument = views.venue.instrument(command.instrument);
  throw rejected(unit.rejection, { instrument, orderId });
}

function accountOpened(unit: Unit, { venue }: PostViews): z.output<typeof newAccountReply> {
  if (unit.rejection !== undefined) throw rejected(unit.rejection);
  const { account } = eventOf(unit, "account_created");
  const { key } = eventOf(unit, "key_created");
  return {
    account: renderAccount(account, venue),
    apiKey: { ...renderKey(key, account), secret: key.sealedSecret },
  };
}

function accountClosed(unit: Unit, { venue }: PostViews): z.output<typeof accountReply> {
  if (unit.rejection !== undefined) throw rejected(unit.rejection);
  return { account: renderAccount(eventOf(unit, "account_updated").account, venue) };
}

function keyIssued(unit: Unit, { venue }: PostViews): z.output<typeof newKeyReply> {
  if (unit.rejection !== undefined) throw rejected(unit.rejection);
  const { key } = eventOf(unit, "key_created");
  const account = venue.account(key.account);
  assert(account !== undefined, "a key is an account's");
  return { apiKey: { ...renderKey(key, account), secret: key.sealedSecret } };
}

function transferred(unit: Unit, { venue }: PostViews): z.output<typeof transferReply> {
  if (unit.rejection !== undefined) throw rejected(unit.rejection);
  const done = transferRecord(eventOf(unit, "transfer_completed"), unit);
  return { transfer: renderTransfer(done, venue) };
}

/** The path as the request must have had it. */
function pathOf(command: Command, route: string, { venue }: PostViews): string {
  const number = accountInPath(command);
  const account = number === undefined ? undefined : venue.account(number);
  return route.replace(":accountId", account?.id ?? "");
}

function accountInPath(command: Command): AccountNumber | undefined {
  switch (command.kind) {
    case "close_account":
      return command.account;
    case "create_account":
      return command.parent;
    case "create_key":
      return command.key.account;
    case "transfer":
      return command.from;
    default:
      return undefined;
  }
}
