import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { Problem, renderProblem } from "./problem.ts";

/** What can be wrong with a request before it is one. The path isn't known then, nor any route. */
const PROBLEMS: Readonly<Record<string, ConstructorParameters<typeof Problem>[0]>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: "headers_too_large",
    title: "The request line and headers are too large",
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: "request_timeout",
    title: "The request took too long to arrive",
  },
};

const MALFORMED = { status: 400, code: "malformed_request", title: "This is not an HTTP request" };

/** Answers on the bare socket, closes it, and returns the status; `undefined` when nobody listens. */
export function answerClientError(
  error: NodeJS.ErrnoException,
  socket: Socket,
  typeBase: string,
): number | undefined {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return undefined;
  }
  const correlationId = randomUUID();
  const problem = new Problem(PROBLEMS[error.code ?? ""] ?? MALFORMED);
  const context = { method: "", path: "", correlationId };
  const { status, contentType, body } = renderProblem(problem, context, typeBase);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${contentType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Correlation-Id: ${correlationId}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  return status;
}
