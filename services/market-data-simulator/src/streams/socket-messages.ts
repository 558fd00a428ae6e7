import { type FieldError, type Problem, validationFailed } from "@tse/service-kit";
import { fieldErrors } from "@tse/service-kit/schema";
import { z } from "zod";
import { bufferSize, candleInterval, pace, symbol } from "../api/wire.ts";

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

const resumeAfter = z.int().min(0).optional();

const channel = z.discriminatedUnion("channel", [
  z.strictObject({
    channel: z.literal("price"),
    symbol,
    interval: pace.optional(),
    resumeAfter,
  }),
  z.strictObject({ channel: z.literal("candle"), symbol, interval: candleInterval }),
  z.strictObject({ channel: z.literal("depth"), symbol }),
  z.strictObject({ channel: z.literal("snapshot"), symbol }),
]);

export type WantedChannel = z.output<typeof channel>;

const channels = z.array(channel).min(1).max(200);

/** What a client may ask over its socket, by its `op`. */
const REQUESTS = {
  subscribe: z.strictObject({
    op: z.literal("subscribe"),
    id: requestId,
    channels,
    /** Rather be cut off than miss a tick. */
    everyTick: z.boolean().optional(),
    bufferSize: bufferSize.optional(),
  }),
  unsubscribe: z.strictObject({ op: z.literal("unsubscribe"), id: requestId, channels }),
} as const;

const OPS = ["subscribe", "unsubscribe"] as const;
const envelope = z.looseObject({ op: z.enum(OPS) });

export type SocketRequest = z.output<(typeof REQUESTS)[keyof typeof REQUESTS]>;

export type RequestId = SocketRequest["id"];

/** A message that was understood, or what is wrong with it. `id` and `op` as far as they can be read. */
export type Parsed =
  | { readonly request: SocketRequest }
  | { readonly problem: Problem; readonly id: RequestId; readonly op: string | undefined };

/** @param text `undefined` for a binary message */
export function parseMessage(text: string | undefined): Parsed {
  if (text === undefined) return malformed("text", "must be a text message");
  const json = parseJson(text);
  if (json === undefined) return malformed("json", "is not valid JSON");

  const named = envelope.safeParse(json, { reportInput: true });
  const parsed = named.success
    ? REQUESTS[named.data.op].safeParse(json, { reportInput: true })
    : named;
  if (parsed.success) return { request: parsed.data as SocketRequest };
  return { problem: validationFailed(fieldErrors(parsed.error.issues, "message")), ...idIn(json) };
}

function malformed(rule: string, message: string): Parsed {
  const error: FieldError = { field: "message", rule, message };
  return { problem: validationFailed([error]), id: undefined, op: undefined };
}

function idIn(json: unknown): { id: RequestId; op: string | undefined } {
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
