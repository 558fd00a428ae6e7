import { Problem } from "@tse/service-kit";

/** An error as this dialect knows it: `%s` in the message stands for what a case fills in. */
interface FailureForm {
  readonly status: number;
  readonly code: number;
  readonly msg: string;
}

/** Every error that this dialect answers, beside those of the venue's refusals in `rejections.ts`. */
export const FAILURES = {
  unknown: {
    status: 500,
    code: -1000,
    msg: "An unknown error occurred while processing the request.",
  },
  disconnected: {
    status: 503,
    code: -1001,
    msg: "Internal error; unable to process your request. Please try again.",
  },
  too_much_weight: {
    status: 429,
    code: -1003,
    msg: "Too much request weight used; current limit is %s request weight per %s. Please use WebSocket Streams for live updates to avoid polling the API.",
  },
  too_many_requests: { status: 429, code: -1003, msg: "Too many requests queued." },
  overloaded: {
    status: 503,
    code: -1008,
    msg: "Server is currently overloaded with other requests. Please try again in a few minutes.",
  },
  self_trade_mode: {
    status: 400,
    code: -1013,
    msg: "This symbol does not allow the specified self-trade prevention mode.",
  },
  too_many_orders: {
    status: 429,
    code: -1015,
    msg: "Too many new orders; current limit is %s orders per %s.",
  },
  unsupported: { status: 400, code: -1020, msg: "This operation is not supported." },
  outside_window: {
    status: 400,
    code: -1021,
    msg: "Timestamp for this request is outside of the recvWindow.",
  },
  ahead_of_time: {
    status: 400,
    code: -1021,
    msg: "Timestamp for this request was 1000ms ahead of the server's time.",
  },
  wrong_signature: { status: 400, code: -1022, msg: "Signature for this request is not valid." },
  illegal_characters: {
    status: 400,
    code: -1100,
    msg: "Illegal characters found in parameter '%s'; legal range is '%s'.",
  },
  too_many_parameters: {
    status: 400,
    code: -1101,
    msg: "Too many parameters; expected '%s' and received '%s'.",
  },
  repeated_parameter: {
    status: 400,
    code: -1101,
    msg: "Duplicate values for a parameter detected.",
  },
  missing: {
    status: 400,
    code: -1102,
    msg: "Mandatory parameter '%s' was not sent, was empty/null, or malformed.",
  },
  missing_both: {
    status: 400,
    code: -1102,
    msg: "Param '%s' or '%s' must be sent, but both were empty/null!",
  },
  unread_parameters: {
    status: 400,
    code: -1104,
    msg: "Not all sent parameters were read; read '%s' parameter(s) but was sent '%s'.",
  },
  empty: { status: 400, code: -1105, msg: "Parameter '%s' was empty." },
  not_required: { status: 400, code: -1106, msg: "Parameter '%s' sent when not required." },
  overflow: { status: 400, code: -1108, msg: "Parameter '%s' overflowed." },
  too_precise: { status: 400, code: -1111, msg: "Parameter '%s' has too much precision." },
  time_in_force: { status: 400, code: -1115, msg: "Invalid timeInForce." },
  order_type: { status: 400, code: -1116, msg: "Invalid orderType." },
  side: { status: 400, code: -1117, msg: "Invalid side." },
  interval: { status: 400, code: -1120, msg: "Invalid interval." },
  symbol: { status: 400, code: -1121, msg: "Invalid symbol." },
  symbol_status: { status: 400, code: -1122, msg: "Invalid symbolStatus." },
  too_long_a_time: {
    status: 400,
    code: -1127,
    msg: "More than %s hours between startTime and endTime.",
  },
  combination: { status: 400, code: -1128, msg: "Combination of optional parameters invalid." },
  not_valid: { status: 400, code: -1130, msg: "Data sent for parameter '%s' is not valid." },
  receive_window: { status: 400, code: -1131, msg: "recvWindow must be less than 60000." },
  json: { status: 400, code: -1135, msg: "Invalid JSON Request" },
  ticker_type: { status: 400, code: -1139, msg: "Invalid ticker type." },
  cancel_restrictions: { status: 400, code: -1145, msg: "Invalid cancelRestrictions" },
  repeated_symbol: {
    status: 400,
    code: -1151,
    msg: "Symbol is present multiple times in the list.",
  },
  other_symbol_status: {
    status: 400,
    code: -1220,
    msg: "The symbol's status does not match the requested symbolStatus.",
  },
  iceberg: {
    status: 400,
    code: -2010,
    msg: "Iceberg orders are not supported for this symbol.",
  },
  stop_loss: {
    status: 400,
    code: -2010,
    msg: "Stop loss orders are not supported for this symbol.",
  },
  take_profit: {
    status: 400,
    code: -2010,
    msg: "Take profit orders are not supported for this symbol.",
  },
  trailing_stop: {
    status: 400,
    code: -2010,
    msg: "Trailing stop orders are not supported for this symbol.",
  },
  unknown_order: { status: 400, code: -2011, msg: "Unknown order sent." },
  restricted: {
    status: 400,
    code: -2011,
    msg: "Order was not canceled due to cancel restrictions.",
  },
  no_such_order: { status: 400, code: -2013, msg: "Order does not exist." },
  key_format: { status: 401, code: -2014, msg: "API-key format invalid." },
  key: { status: 401, code: -2015, msg: "Invalid API-key, IP, or permissions for action." },
  client_order_id: {
    status: 400,
    code: -2039,
    msg: "Client order ID is not correct for this order ID.",
  },
} as const satisfies Record<string, FailureForm>;

export type FailureName = keyof typeof FAILURES;

interface RefusedOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** An error answer on its way to the client. Thrown; the dialect's error renderer writes it out. */
export class Refused extends Problem {
  override name = "Refused";
  readonly body: { readonly code: number; readonly msg: string };

  constructor({ status, code, msg }: FailureForm, options: RefusedOptions = {}) {
    super({ status, code: `binance_${-code}`, title: msg, ...options });
    this.body = { code, msg };
  }
}

type Detail = string | number;

/** The named failure, its `%s` filled in with `details` in order. */
export function refused(name: FailureName, ...details: readonly Detail[]): Refused {
  return new Refused(filledIn(name, details));
}

/** As `refused`, for a client that may try again after `seconds`. */
export function refusedFor(
  seconds: number,
  name: FailureName,
  ...details: readonly Detail[]
): Refused {
  return new Refused(filledIn(name, details), { headers: { "Retry-After": String(seconds) } });
}

function filledIn(name: FailureName, details: readonly Detail[]): FailureForm {
  let next = 0;
  const form: FailureForm = FAILURES[name];
  return { ...form, msg: form.msg.replaceAll("%s", () => String(details[next++])) };
}
