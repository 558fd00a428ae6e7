import type { Account, ApiKey } from "@tse/domain";
import { type HttpHost, validationFailed } from "@tse/service-kit";
import type { FastifyRequest } from "fastify";
import type { z } from "zod";
import type { Exchange } from "../../../exchange.ts";
import type { KeyRing } from "../../../keys.ts";
import { accountOf, originOf, principalOf, reaches } from "../access.ts";
import type { PostAnswers } from "../post-answers.ts";
import { rejected } from "../problems.ts";
import { renderKey } from "../render/accounts.ts";
import { carryOut } from "../submission.ts";
import {
  accountId,
  accountKeyId,
  keyId,
  keyList,
  keyReply,
  newKey,
  newKeyReply,
} from "../wire/accounts.ts";
import { refusals } from "../wire/problem.ts";

interface KeyDeps {
  readonly exchange: Exchange;
  readonly keys: KeyRing;
  readonly answers: PostAnswers;
}

const tags = ["Keys"];

/** API keys of an account. */
export function keyRoutes(app: HttpHost, deps: KeyDeps): void {
  listKeys(app, deps);
  issueKey(app, deps);
  revokeKey(app, deps);
}

function listKeys(app: HttpHost, { exchange }: KeyDeps): void {
  const { venue } = exchange;
  app.get(
    "/accounts/:accountId/keys",
    {
      config: { scope: "admin" },
      schema: {
        tags,
        summary: "An account's keys, without their secrets",
        params: accountId,
        response: { 200: keyList, ...refusals(401, 403, 404) },
      },
    },
    async (request) => {
      const account = accountOf(request, request.params.accountId, venue);
      const keys = venue.keysOf(account.number).map((key) => renderKey(key, account));
      await exchange.durable();
      return { keys };
    },
  );
}

function issueKey(app: HttpHost, { exchange, keys, answers }: KeyDeps): void {
  const { venue, clock } = exchange;
  app.post(
    "/accounts/:accountId/keys",
    {
      config: { scope: "admin", idempotencyKey: "kept" },
      schema: {
        tags,
        summary: "Issue a key",
        description: "The answer is the only place that ever shows the secret.",
        params: accountId,
        body: newKey,
        response: { 201: newKeyReply, ...refusals(401, 403, 404, 409, 422) },
      },
    },
    async (request, reply) =>
      answers.give("keys.issue", { request, reply }, (origin, answer) => {
        const { label = "", scopes, addresses, expiresAt } = request.body;
        const account = accountOf(request, request.params.accountId, venue);
        if (expiresAt !== undefined && expiresAt <= clock.now()) {
          const message = "must be in the future";
          throw validationFailed([{ field: "expiresAt", rule: "future", message }]);
        }
        const { command } = keys.issue({
          account: account.number,
          label,
          scopes: [...new Set(scopes)],
          ...(addresses === undefined ? {} : { addresses }),
          ...(expiresAt === undefined ? {} : { expiresAt }),
        });
        return exchange.submit(command, origin, answer);
      }),
  );
}

function revokeKey(app: HttpHost, { exchange }: KeyDeps): void {
  const described = {
    tags,
    summary: "Revoke a key",
    description: "It is refused from the next request on.",
    response: { 200: keyReply, ...refusals(401, 403, 404) },
  };
  const config = { scope: "admin" } as const;

  app.delete(
    "/keys/:keyId",
    { config, schema: { ...described, params: keyId } },
    async (request) => {
      const { key, account } = reachableKey(request, request.params.keyId, exchange);
      return await revoke(request, key, account, exchange);
    },
  );
  app.delete(
    "/accounts/:accountId/keys/:keyId",
    { config, schema: { ...described, params: accountKeyId } },
    async (request) => {
      const { key, account } = reachableKey(request, request.params.keyId, exchange);
      if (account.id !== request.params.accountId) throw keyNotFound();
      return await revoke(request, key, account, exchange);
    },
  );
}

function reachableKey(
  request: FastifyRequest,
  keyId: string,
  { venue }: Exchange,
): { key: ApiKey; account: Account } {
  const key = venue.key(keyId);
  const account = key === undefined ? undefined : venue.account(key.account);
  if (key === undefined || account === undefined || !reaches(principalOf(request), account)) {
    throw keyNotFound();
  }
  return { key, account };
}

async function revoke(
  request: FastifyRequest,
  key: ApiKey,
  account: Account,
  exchange: Exchange,
): Promise<z.output<typeof keyReply>> {
  const command = { kind: "revoke_key", account: account.number, keyId: key.keyId } as const;
  await carryOut(exchange, command, originOf(request));
  return { apiKey: renderKey(key, account) };
}

function keyNotFound(): Error {
  return rejected({ code: "key_not_found", field: "key" });
}
