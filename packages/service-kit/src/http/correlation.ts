import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { LogFields } from "../log/logger.ts";

const CORRELATION_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

/** The request's own correlation id when it is fit for logs and headers, else a new one. */
export function correlationIdOf(request: IncomingMessage): string {
  return correlationIdFrom(request.headers["x-correlation-id"]);
}

/** What came as a correlation id, when it is fit for logs and headers, else a new one. */
export function correlationIdFrom(given: unknown): string {
  return typeof given === "string" && CORRELATION_ID.test(given) ? given : randomUUID();
}

/** Version, trace, the caller's span, flags; a later version than 00 may have more behind it. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NOTHING = /^0+$/;

/** Where a request belongs in a distributed trace, as W3C's trace context says it. */
export class TraceContext {
  /** The same in every service that the trace goes through: 32 hex digits. */
  readonly traceId: string;
  /** This service's part of the trace: 16 hex digits, new with each request. */
  readonly spanId: string;
  /** Two hex digits; the caller's, for example whether the trace is recorded. */
  readonly #flags: string;

  private constructor(traceId: string, flags: string) {
    this.traceId = traceId;
    this.spanId = randomBytes(8).toString("hex");
    this.#flags = flags;
  }

  /** A part of the trace that `traceparent` names; of a new one, not recorded, when it names none. */
  static within(traceparent: unknown): TraceContext {
    const given = typeof traceparent === "string" ? TRACEPARENT.exec(traceparent) : null;
    const [, version, traceId = "", parent = "", flags = "", more] = given ?? [];
    const isForeign = version === "ff" || (version === "00" && more !== undefined);
    if (given === null || isForeign || NOTHING.test(traceId) || NOTHING.test(parent)) {
      return new TraceContext(randomBytes(16).toString("hex"), "00");
    }
    return new TraceContext(traceId, flags);
  }

  /** The header `traceparent` for whoever comes next. */
  toString(): string {
    return `00-${this.traceId}-${this.spanId}-${this.#flags}`;
  }
}

const contexts = new WeakMap<IncomingMessage, TraceContext>();

/** The request's trace context: the same each time that it is asked for. */
export function traceOf(request: IncomingMessage): TraceContext {
  const known = contexts.get(request);
  if (known !== undefined) return known;
  const context = TraceContext.within(request.headers.traceparent);
  contexts.set(request, context);
  return context;
}

/** What relates a log line to its request. */
export function correlationFields(id: string, request: IncomingMessage): LogFields {
  return relatedFields(id, traceOf(request));
}

/** What relates a log line to a call of any protocol. */
export function relatedFields(id: string, { traceId, spanId }: TraceContext): LogFields {
  return { correlation_id: id, trace_id: traceId, span_id: spanId };
}
