import { type FieldError, type Problem, validationFailed } from "@tse/service-kit";
import { fieldErrors, id } from "@tse/service-kit/schema";
import { z } from "zod";
import { newOrder } from "../gateways/native/wire/order-requests.ts";
import { clientOrderId, symbol } from "../gateways/native/wire/scalars.ts";
import { CHANNELS } from "./encoding.ts";

/** Chosen by the client, repeated in the answer. */
const requestId = z
  .custom<string | number>(
    (given) => (typeof given === "string" ? given.length <= 64 : Number.isSafeInteger(given)),
    {
      message: "must be a whole number or text of at most 64 characters",
      params: { rule: "type" },
    },
  )
  .optional();

/** Lets errors tell a missing field from one of another type. */
const REPORT_INPUT = { reportInput: true } as const;

function whole(min: number, max: number) {
  return z.number().superRefine((value, context) => {
    if (Number.isInteger(value) && value >= min && value <= max) return;
    const message = `must be a whole number from ${min} to ${max}`;
    context.addIssue({ code: "custom", message, params: { rule: "range" } });
  });
}

const channel = z
  .strictObject({
    channel: z.enum(CHANNELS),
    symbol: symbol.optional(),
    accountId: id("The key's own account when absent.").optional(),
    depth: whole(1, 1000).optional(),
    resumeAfter: whole(0, Number.MAX_SAFE_INTEGER).optional(),
  })
  .superRefine((wanted, context) => {
    for (const [field, rule, message] of contradictions(wanted)) {
      context.addIssue({ code: "custom", path: [field], message, params: { rule } });
    }
  });

export type WantedChannel = z.output<typeof channel>;

function* contradictions(wanted: {
  readonly channel: (typeof CHANNELS)[number];
  readonly symbol?: string | undefined;
  readonly accountId?: string | undefined;
  readonly depth?: number | undefined;
}): Generator<readonly [string, string, string]> {
  const { channel } = wanted;
  const isPrivate = channel === "orders" || channel === "balances";
  const needsSymbol = channel === "orderbook" || channel === "ticker";
  if (needsSymbol && wanted.symbol === undefined)
    yield ["symbol", "required", `is required for ${channel}`];
  if (isPrivate && wanted.symbol !== undefined)
    yield ["symbol", "combination", `is not for ${channel}`];
  if (!isPrivate && wanted.accountId !== undefined) {
    yield ["accountId", "combination", `is not for ${channel}`];
  }
  if (channel !== "orderbook" && wanted.depth !== undefined) {
    yield ["depth", "combination", "is for orderbook only"];
  }
}

const channels = z.array(channel).min(1).max(100);

const cancellation = z
  .strictObject({
    accountId: id("The key's own account when absent.").optional(),
    orderId: id("The order's id.").optional(),
    clientOrderId: clientOrderId.optional(),
  })
  .superRefine((order, context) => {
    if ((order.orderId === undefined) !== (order.clientOrderId === undefined)) return;
    const message = "or clientOrderId is required, not both";
    context.addIssue({ code: "custom", path: ["orderId"], message, params: { rule: "required" } });
  });

export type Cancellation = z.output<typeof cancellation>;

/** What a client may ask over its socket, by its `op`. */
const REQUESTS = {
  auth: z.strictObject({ op: z.literal("auth"), id: requestId, key: z.string().min(1).max(400) }),
  subscribe: z.strictObject({ op: z.literal("subscribe"), id: requestId, channels }),
  unsubscribe: z.strictObject({ op: z.literal("unsubscribe"), id: requestId, channels }),
  "order.place": z.strictObject({ op: z.literal("order.place"), id: requestId, params: newOrder }),
  "order.cancel": z.strictObject({
    op: z.literal("order.cancel"),
    id: requestId,
    params: cancellation,
  }),
} as const;

const OPS = ["auth", "subscribe", "unsubscribe", "order.place", "order.cancel"] as const;
const envelope = z.looseObject({ op: z.enum(OPS) });

export type SocketRequest = z.output<(typeof REQUESTS)[keyof typeof REQUESTS]>;

export type RequestId = SocketRequest["id"];

/** A message that was understood, or what is wrong with it. `id` and `op` as far as they can be read. */
export type Parsed =
  | { readonly request: SocketRequest }
  | { readonly problem: Problem; readonly id: RequestId; readonly op: string | undefined };

export function parseMessage(text: string): Parsed {
  const json = parseJson(text);
  if (json === undefined)
    return malformed([{ field: "message", rule: "json", message: "is not valid JSON" }]);

  const named = envelope.safeParse(json, REPORT_INPUT);
  const parsed = named.success ? REQUESTS[named.data.op].safeParse(json, REPORT_INPUT) : named;
  if (parsed.success) return { request: parsed.data as SocketRequest };
  return { ...malformed(fieldErrors(parsed.error.issues, "message")), ...namesIn(json) };
}

/** @returns the answer to a message that is no text */
export function binaryMessage(): Parsed {
  return malformed([{ field: "message", rule: "text", message: "must be a text message" }]);
}

function malformed(errors: readonly FieldError[]): Exclude<Parsed, { request: unknown }> {
  return { problem: validationFailed(errors), id: undefined, op: undefined };
}

function namesIn(json: unknown): { id: RequestId; op: string | undefined } {
  const { id, op } = (typeof json === "object" && json !== null ? json : {}) as Record<
    string,
    unknown
  >;
  const parsed = requestId.safeParse(id);
  return {
    id: parsed.success ? parsed.data : undefined,
    op: typeof op === "string" ? op.slice(0, 32) : undefined,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
