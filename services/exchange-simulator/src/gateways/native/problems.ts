import {
  amount,
  formatAmount,
  type Instrument,
  type RejectCode,
  type RejectedField,
  type Rejection,
  textOf,
} from "@tse/domain";
import { type FieldError, Problem } from "@tse/service-kit";

interface Answer {
  readonly status: number;
  readonly title: string;
}

/** HTTP status and title of each rejection. A code without a row does not compile. */
export const problems = {
  symbol_not_found: { status: 404, title: "There is no such instrument" },
  instrument_halted: { status: 422, title: "The instrument takes no orders now" },
  account_not_found: { status: 404, title: "There is no such account" },
  account_suspended: { status: 422, title: "The account is suspended" },
  account_closed: { status: 422, title: "The account is closed" },
  kyc_required: { status: 422, title: "The account's owner isn't approved to trade" },
  forbidden: { status: 403, title: "The key doesn't allow it" },
  rate_limited: { status: 429, title: "Too many in too short a time" },
  price_tick: { status: 422, title: "The price isn't a multiple of the tick size" },
  lot_size: { status: 422, title: "The quantity isn't a multiple of the lot size" },
  min_size: { status: 422, title: "The quantity is below the minimum" },
  max_size: { status: 422, title: "The quantity is above the maximum" },
  min_notional: { status: 422, title: "Price × quantity is below the minimum" },
  max_notional: { status: 422, title: "Price × quantity is above the maximum" },
  max_order_size: { status: 422, title: "The order is worth more than one order may be" },
  price_range: { status: 422, title: "The price is too far from the reference price" },
  would_take: { status: 422, title: "The post-only order would trade at once" },
  max_open_orders: { status: 422, title: "The account has too many open orders" },
  duplicate_client_order_id: { status: 409, title: "An open order has this clientOrderId" },
  insufficient_liquidity: { status: 422, title: "The market has too little to trade with" },
  insufficient_balance: { status: 422, title: "The account lacks the funds" },
  order_not_found: { status: 404, title: "There is no such order" },
  order_not_open: { status: 409, title: "The order is finished" },
  asset_not_found: { status: 404, title: "There is no such asset" },
  duplicate_name: { status: 409, title: "Another sub-account has this name" },
  max_sub_accounts: { status: 422, title: "The master has as many sub-accounts as it may" },
  not_same_family: { status: 422, title: "The accounts aren't of one family" },
  account_in_use: { status: 409, title: "The account still has money or orders" },
  key_not_found: { status: 404, title: "There is no such key" },
  duplicate_key: { status: 409, title: "There is a key with this id" },
  amount_out_of_range: { status: 422, title: "The amount is too large" },
  already_listed: { status: 409, title: "It is listed already" },
  invalid_instrument: { status: 422, title: "The rules contradict each other" },
  instrument_in_use: { status: 409, title: "The instrument still has open orders" },
} as const satisfies Record<RejectCode, Answer>;

/** What this protocol calls the domain's fields. */
const FIELDS = {
  symbol: "symbol",
  instrument: "symbol",
  limit: "price",
  quantity: "quantity",
  quoteQuantity: "quoteQuantity",
  notional: "quantity",
  clientOrderId: "clientOrderId",
  orderId: "orderId",
  account: "accountId",
  asset: "asset",
  amount: "amount",
  name: "name",
  key: "keyId",
} as const satisfies Record<RejectedField, string>;

/** What a request was about, for the sentence that refuses it. */
interface RejectionContext {
  readonly instrument?: Instrument | undefined;
  /** The rejected order that was kept. */
  readonly orderId?: string | undefined;
}

/** A refusal of the venue as this protocol's answer. */
export function rejected(rejection: Rejection, context: RejectionContext = {}): Problem {
  const { status, title } = problems[rejection.code];
  const error = fieldError(rejection, context.instrument);
  const orderId = context.orderId;
  return new Problem({
    status,
    code: rejection.code,
    title,
    detail: explain(rejection, context.instrument),
    ...(error === undefined ? {} : { errors: [error] }),
    ...(orderId === undefined ? {} : { extra: { orderId } }),
  });
}

/** A refusal as one sentence. */
export function explain(rejection: Rejection, instrument: Instrument | undefined): string {
  const error = fieldError(rejection, instrument);
  if (error !== undefined) return `${error.field} ${error.message}`;
  const { title } = problems[rejection.code];
  if (rejection.name !== undefined) return `${title}: ${rejection.name}`;
  return rejection.high === undefined ? title : `${title}: at most ${rejection.high}`;
}

function fieldError(
  rejection: Rejection,
  instrument: Instrument | undefined,
): FieldError | undefined {
  const { code, field } = rejection;
  if (field === undefined) return undefined;
  return { field: FIELDS[field], rule: code, message: sentence(rejection, instrument) };
}

/** The rest of a sentence that begins with the field. */
function sentence(
  { code, field, low, high }: Rejection,
  instrument: Instrument | undefined,
): string {
  if (instrument !== undefined) {
    if (code === "price_tick") return `is not a multiple of ${textOf(1, instrument.tickSize)}`;
    if (code === "lot_size") return `is not a multiple of ${textOf(1, instrument.lotSize)}`;
  }
  const least = bound(low, field, instrument);
  const most = bound(high, field, instrument);
  const subject = field === "notional" ? "× price " : "";
  if (least !== undefined && most !== undefined)
    return `${subject}must be from ${least} to ${most}`;
  if (least !== undefined) return `${subject}must be at least ${least}`;
  if (most !== undefined) return `${subject}must be at most ${most}`;
  return `is refused: ${problems[code].title}`;
}

/** A bound in the unit of its field. */
function bound(
  value: number | bigint | undefined,
  field: RejectedField | undefined,
  instrument: Instrument | undefined,
): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "bigint") return formatAmount(amount(value));
  if (instrument === undefined) return String(value);
  return textOf(value, field === "limit" ? instrument.tickSize : instrument.lotSize);
}

/** There is none, or it is not the key's to see. */
export function orderNotFound(): Problem {
  return rejected({ code: "order_not_found", field: "orderId" });
}

/** No key, an unknown one, or one that may not be used from here, now. */
export function unauthenticated(): Problem {
  return new Problem({
    status: 401,
    code: "unauthenticated",
    title: "A valid key is needed",
    detail: "Send Authorization: Bearer <keyId>.<secret>",
    headers: { "WWW-Authenticate": "Bearer" },
  });
}

export function forbidden(detail: string): Problem {
  return new Problem({ ...problems.forbidden, code: "forbidden", detail });
}

/** The client's key names another request of the last 24 hours. */
export function idempotencyKeyConflict(): Problem {
  const code = "idempotency_key_conflict";
  return new Problem({
    ...OTHERS[code],
    code,
    detail: "The same Idempotency-Key came with another path or body",
  });
}

export function rateLimited(headers: Readonly<Record<string, string>>): Problem {
  return new Problem({ ...problems.rate_limited, code: "rate_limited", headers });
}

export function invalidCursor(): Problem {
  return new Problem({
    status: 400,
    code: "invalid_cursor",
    title: "The cursor isn't one that this list gave",
    errors: [{ field: "cursor", rule: "invalid_cursor", message: "is not from this list" }],
  });
}

/** Codes that don't come from the venue, as GET /api/v1/errors lists them. */
const OTHERS = {
  validation_failed: { status: 400, title: "The request is not valid" },
  invalid_cursor: { status: 400, title: "The cursor isn't one that this list gave" },
  unauthenticated: { status: 401, title: "A valid key is needed" },
  not_found: { status: 404, title: "There is nothing at this path" },
  idempotency_key_conflict: { status: 409, title: "The key was used for another request" },
  method_not_allowed: { status: 405, title: "This path doesn't know the method" },
  payload_too_large: { status: 413, title: "The body is too large" },
  unsupported_media_type: { status: 415, title: "The body's media type is not known here" },
  internal: { status: 500, title: "The service failed" },
  exchange_maintenance: { status: 503, title: "The exchange is down for maintenance" },
  storage_unavailable: { status: 503, title: "Storage is not available now" },
  shutting_down: { status: 503, title: "The service is stopping" },
} as const satisfies Readonly<Record<string, Answer>>;

/** Every code that this protocol answers with, by status. */
export function errorCatalogue(): readonly { code: string; status: number; title: string }[] {
  return Object.entries({ ...OTHERS, ...problems })
    .map(([code, { status, title }]) => ({ code, status, title }))
    .sort((one, other) => one.status - other.status || one.code.localeCompare(other.code));
}
