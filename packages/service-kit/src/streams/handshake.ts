import { randomUUID } from "node:crypto";
import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

const CORRELATION_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/;

/** Who opens a WebSocket: the network address, or nothing when the client has left already. */
export function addressOf(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? "";
}

/** The correlation id that a handshake brings, or a new one. */
export function handshakeCorrelationId(request: IncomingMessage): string {
  const given = request.headers["x-correlation-id"];
  return typeof given === "string" && CORRELATION_ID.test(given) ? given : randomUUID();
}

/** Answers a handshake on the bare socket: the framework has no part in upgrades. */
export function refuseHandshake(connection: Duplex, status: number, code: string): void {
  const title = STATUS_CODES[status] ?? "";
  const body = JSON.stringify({ type: `/api/v1/errors#${code}`, title, status, code });
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    "Content-Type: application/problem+json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  connection.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
