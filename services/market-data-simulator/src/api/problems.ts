import { type ErrorEntry, type FieldError, Problem, validationFailed } from "@tse/service-kit";
import type { SubscriberLimit } from "../fan-out/fan-out.ts";
import type { StreamRefusal } from "../streams/price-updates.ts";

interface Answer {
  readonly status: number;
  readonly title: string;
}

/** Every code of the production API, with its HTTP status. Codes go out on the wire: never rename one. */
const PROBLEMS = {
  validation_failed: { status: 400, title: "The request is not valid" },
  invalid_cursor: { status: 400, title: "The cursor isn't one that this list gave" },
  not_found: { status: 404, title: "There is nothing at this path" },
  symbol_not_found: { status: 404, title: "There is no such symbol" },
  subscription_not_found: { status: 404, title: "There is no such subscription" },
  method_not_allowed: { status: 405, title: "This path doesn't know the method" },
  payload_too_large: { status: 413, title: "The body is too large" },
  unsupported_media_type: { status: 415, title: "The body's media type is not known here" },
  upgrade_required: { status: 426, title: "This is a WebSocket" },
  rate_limited: { status: 429, title: "Too many in too short a time" },
  subscriber_limit: { status: 429, title: "There is no room for another subscriber" },
  internal: { status: 500, title: "The service failed" },
  price_unavailable: { status: 503, title: "The symbol has no price yet" },
  storage_unavailable: { status: 503, title: "Storage is not available now" },
  shutting_down: { status: 503, title: "The service is stopping" },
} as const satisfies Readonly<Record<string, Answer>>;

type Code = keyof typeof PROBLEMS;

interface Details {
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

function problem(code: Code, details: Details = {}): Problem {
  return new Problem({ ...PROBLEMS[code], code, ...details });
}

/** As GET /api/v1/errors lists them, by status. */
export const ERRORS: readonly ErrorEntry[] = Object.entries(PROBLEMS).map(([code, answer]) => ({
  code,
  ...answer,
}));

export function symbolNotFound(field = "symbol"): Problem {
  const message = "is no symbol of this world; GET /api/v1/symbols lists them";
  return problem("symbol_not_found", { errors: [{ field, rule: "symbol_not_found", message }] });
}

export function subscriptionNotFound(): Problem {
  return problem("subscription_not_found");
}

export function priceUnavailable(): Problem {
  return problem("price_unavailable", { headers: { "Retry-After": "1" } });
}

export function invalidCursor(): Problem {
  const message = "is not from this list";
  return problem("invalid_cursor", {
    errors: [{ field: "cursor", rule: "invalid_cursor", message }],
  });
}

export function rateLimited(headers: Readonly<Record<string, string>>): Problem {
  return problem("rate_limited", { headers });
}

export function subscriberLimit({ limit, symbol }: SubscriberLimit): Problem {
  const of = symbol === undefined ? "all symbols together" : symbol;
  return problem("subscriber_limit", { detail: `At most ${limit} subscribers of ${of}` });
}

const HISTORY_WAITS = "The feed goes on; this part of the history can be read when storage is back";

export function storageUnavailable(cause: unknown, detail = HISTORY_WAITS): Problem {
  return problem("storage_unavailable", {
    detail,
    headers: { "Retry-After": "1" },
    cause,
  });
}

export function upgradeRequired(): Problem {
  return problem("upgrade_required", {
    headers: { Upgrade: "websocket", Connection: "Upgrade" },
  });
}

/** Why a stream of prices wasn't opened. */
export function streamRefused(refusal: StreamRefusal): Problem {
  switch (refusal.code) {
    case "subscriber_limit":
      return subscriberLimit(refusal);
    case "symbol_not_found":
      return symbolNotFound("symbols");
    case "validation_failed": {
      const { field, message } = refusal;
      return validationFailed([{ field, rule: "range", message }]);
    }
  }
}
