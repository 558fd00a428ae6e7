import type { FastifyReply, FastifyRequest } from "fastify";

export interface CorsOptions {
  /** Origins that browsers may call from, `https://example.org`; `*` for all. */
  readonly origins: readonly string[];
}

const METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
const EXPOSED =
  "X-Correlation-Id, traceparent, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After";
const PREFLIGHT_SECONDS = "600";

/** Adds what a browser needs to see the answer; whether the request was a preflight and is answered. */
export function allowOrigin(
  options: CorsOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): boolean {
  const { origin } = request.headers;
  const open = options.origins.includes("*");
  if (!open) reply.header("Vary", "Origin");
  if (origin === undefined || !(open || options.origins.includes(origin))) return false;

  reply.header("Access-Control-Allow-Origin", open ? "*" : origin);
  reply.header("Access-Control-Expose-Headers", EXPOSED);
  const asked = request.headers["access-control-request-method"];
  if (request.method !== "OPTIONS" || asked === undefined) return false;

  const headers = request.headers["access-control-request-headers"];
  reply.header("Access-Control-Allow-Methods", METHODS);
  if (headers !== undefined) reply.header("Access-Control-Allow-Headers", headers);
  reply.header("Access-Control-Max-Age", PREFLIGHT_SECONDS);
  reply.code(204).send();
  return true;
}
