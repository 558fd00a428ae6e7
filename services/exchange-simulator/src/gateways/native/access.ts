import type { Account, Scope } from "@tse/domain";
import { type RateLimiter, rateLimitHeaders } from "@tse/service-kit";
import type { VenueView } from "@tse/venue";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Origin } from "../../exchange.ts";
import type { KeyRing, Principal } from "../../keys.ts";
import { forbidden, rateLimited, rejected, unauthenticated } from "./problems.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Whose request it is; set before the handler of every route that names a scope. */
    principal: Principal | undefined;
  }
  interface FastifyContextConfig {
    /** What the route's key must allow; a route without it is open to all. */
    readonly scope?: Scope;
  }
}

interface AccessOptions {
  readonly keys: Pick<KeyRing, "bearer">;
  /** `undefined`: no limit. */
  readonly limiter: Pick<RateLimiter, "take"> | undefined;
}

/**
 * Decides who may come in, before the body is read: a key that is given must be right, a route that
 * names a scope needs one, and each key, or address without a key, has so many requests a minute.
 */
export function accessHook({ keys, limiter }: AccessOptions) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { authorization } = request.headers;
    request.principal = keys.bearer(authorization, request.ip);

    if (limiter !== undefined) {
      const decision = limiter.take(request.principal?.keyId ?? request.ip);
      const headers = rateLimitHeaders(decision);
      if (!decision.allowed) throw rateLimited(headers);
      reply.headers(headers);
    }
    const { scope } = request.routeOptions.config;
    const isAnonymous = request.principal === undefined;
    if (isAnonymous && (scope !== undefined || authorization !== undefined))
      throw unauthenticated();
  };
}

/** Refuses a key that lacks the route's scope: after the request's shape, before anything else. */
export async function scopeHook(request: FastifyRequest): Promise<void> {
  const { scope } = request.routeOptions.config;
  if (scope !== undefined && !principalOf(request).scopes.has(scope)) {
    throw forbidden(`This needs a key with the scope ${scope}`);
  }
}

/** What a request knows of who sent it. */
export type Caller = Pick<FastifyRequest, "principal">;

/** Whose request it is. */
export function principalOf(request: Caller): Principal {
  if (request.principal === undefined) throw unauthenticated();
  return request.principal;
}

export function originOf(request: FastifyRequest): Origin {
  return { actor: request.principal?.keyId ?? "anonymous", correlationId: request.id };
}

/** Whether a key may see and use an account: its own, and a master's sub-accounts. */
export function reaches(principal: Principal, account: Account): boolean {
  const { account: own } = principal;
  return account.number === own.number || account.master === own.number;
}

/**
 * The account a request names, or the key's own.
 *
 * @throws Problem `account_not_found` as well when it isn't the key's to see
 */
export function reachableAccount(
  principal: Principal,
  accountId: string | undefined,
  venue: Pick<VenueView, "accountById">,
): Account {
  if (accountId === undefined) return principal.account;
  const account = venue.accountById(accountId);
  if (account === undefined || !reaches(principal, account)) {
    throw rejected({ code: "account_not_found", field: "account" });
  }
  return account;
}

/** `reachableAccount` of the request's key. */
export function accountOf(
  request: Caller,
  accountId: string | undefined,
  venue: Pick<VenueView, "accountById">,
): Account {
  return reachableAccount(principalOf(request), accountId, venue);
}
