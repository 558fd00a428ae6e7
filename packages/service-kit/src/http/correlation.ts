import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";

const CORRELATION_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

/** The request's own correlation id when it is fit for logs and headers, else a new one. */
export function correlationIdOf(request: IncomingMessage): string {
  const given = request.headers["x-correlation-id"];
  return typeof given === "string" && CORRELATION_ID.test(given) ? given : randomUUID();
}
