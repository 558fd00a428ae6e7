import { type FieldError, type Problem, validationFailed } from "@tse/service-kit";
import { z } from "zod";
import { fieldErrors } from "../gateways/native/field-errors.ts";
import { newOrder } from "../gateways/native/wire/order-requests.ts";
import { clientOrderId, id, symbol } from "../gateways/native/wire/scalars.ts";
import { CHANNELS } from "./encoding.ts";

/** Chosen by the client, repeated in the answer. */
const requestId = z.union([z.string().max(64), z.int()]).optional();

const channel = z
  .strictObject({
    channel: z.enum(CHANNELS),
    symbol: symbol.optional(),
    accountId: id("The key's own account when absent.").optional(),
    depth: z.int().min(1).max(1000).optional(),
    resumeAfter: z.int().min(0).optional(),
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

const request = z.discriminatedUnion("op", [
  z.strictObject({ op: z.literal("auth"), id: requestId, key: z.string().min(1).max(400) }),
  z.strictObject({ op: z.literal("subscribe"), id: requestId, channels }),
  z.strictObject({ op: z.literal("unsubscribe"), id: requestId, channels }),
  z.strictObject({ op: z.literal("order.place"), id: requestId, params: newOrder }),
  z.strictObject({ op: z.literal("order.cancel"), id: requestId, params: cancellation }),
]);

/** What a client may ask over its socket. */
export type SocketRequest = z.output<typeof request>;

export type RequestId = SocketRequest["id"];

/** A message that was understood, or what is wrong with it. `id` and `op` as far as they can be read. */
export type Parsed =
  | { readonly request: SocketRequest }
  | { readonly problem: Problem; readonly id: RequestId; readonly op: string | undefined };

export function parseMessage(text: string): Parsed {
  const json = parseJson(text);
  if (json === undefined)
    return malformed([{ field: "message", rule: "json", message: "is not valid JSON" }]);

  const parsed = request.safeParse(json);
  if (parsed.success) return { request: parsed.data };
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
