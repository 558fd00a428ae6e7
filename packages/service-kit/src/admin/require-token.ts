import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyRequest, onRequestHookHandler } from "fastify";
import { Problem } from "../http/problem.ts";

const BEARER = /^Bearer +(\S{1,512})$/i;

/** Lets in who brings the token, as `Authorization: Bearer` or `X-Admin-Token`; compares in constant time. */
export function requireToken(token: string): onRequestHookHandler {
  const expected = digest(token);
  return (request, _reply, done) => {
    const given = givenToken(request);
    const isRight = given !== undefined && timingSafeEqual(digest(given), expected);
    done(isRight ? undefined : unauthenticated());
  };
}

function givenToken({ headers }: FastifyRequest): string | undefined {
  const header = headers["x-admin-token"];
  if (typeof header === "string") return header;
  return BEARER.exec(headers.authorization ?? "")?.[1];
}

function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

function unauthenticated(): Problem {
  return new Problem({
    status: 401,
    code: "unauthenticated",
    title: "The admin token is needed",
    detail: "Send Authorization: Bearer <token> or X-Admin-Token",
    headers: { "WWW-Authenticate": "Bearer" },
  });
}
