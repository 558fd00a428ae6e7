import type { Account, CreateAccount } from "@tse/domain";
import type { HttpHost } from "@tse/service-kit";
import type { FastifyRequest } from "fastify";
import type { z } from "zod";
import type { Exchange } from "../../../exchange.ts";
import type { KeyRing } from "../../../keys.ts";
import { accountOf, originOf, principalOf } from "../access.ts";
import { pageOf } from "../pages.ts";
import { forbidden } from "../problems.ts";
import { renderAccount, renderKey } from "../render/accounts.ts";
import { carryOut, eventOf } from "../submission.ts";
import {
  accountChange,
  accountId,
  accountList,
  accountPage,
  accountReply,
  newAccount,
  newAccountReply,
  newSubAccount,
} from "../wire/accounts.ts";
import { refusals } from "../wire/problem.ts";
import { fromWire } from "../wire/words.ts";

interface AccountDeps {
  readonly exchange: Exchange;
  readonly keys: KeyRing;
  /** Whether anybody may open an account of their own. */
  readonly openSignup: boolean;
}

const tags = ["Accounts"];

/** Accounts and families of accounts. */
export function accountRoutes(app: HttpHost, deps: AccountDeps): void {
  openAccount(app, deps);
  listAccounts(app, deps);
  showAccount(app, deps);
  changeAccount(app, deps);
  closeAccount(app, deps);
  listSubAccounts(app, deps);
  openSubAccount(app, deps);
}

function openAccount(app: HttpHost, deps: AccountDeps): void {
  app.post(
    "/accounts",
    {
      schema: {
        tags,
        summary: "Open an account",
        description:
          "Needs no key while sign-up is open. With `parentAccountId` it needs a key of that account with the scope `admin`.",
        body: newAccount,
        response: { 201: newAccountReply, ...refusals(401, 403, 404, 409, 422) },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const parent = parentOf(request, body.parentAccountId, deps);
      reply.code(201);
      return await open(request, deps, {
        userId: body.userId,
        type: fromWire(body.accountType),
        parent: parent?.number,
        name: body.name ?? "",
        metadata: body.metadata === undefined ? "" : JSON.stringify(body.metadata),
      });
    },
  );
}

/** The master that a new account shall have, if any. */
function parentOf(
  request: FastifyRequest,
  parentAccountId: string | undefined,
  { exchange, openSignup }: AccountDeps,
): Account | undefined {
  if (parentAccountId !== undefined) {
    const principal = principalOf(request);
    if (!principal.scopes.has("admin")) {
      throw forbidden("A sub-account needs a key of the master with the scope admin");
    }
    return accountOf(request, parentAccountId, exchange.venue);
  }
  if (openSignup) return undefined;
  throw forbidden("Accounts are opened by the operator here");
}

/** Opens the account with its first key. */
async function open(
  request: FastifyRequest,
  { exchange, keys }: AccountDeps,
  wanted: Omit<CreateAccount, "kind" | "role" | "feeTier" | "key">,
): Promise<z.output<typeof newAccountReply>> {
  const issued = keys.issueFirst({ label: "first key", scopes: ["read", "trade", "admin"] });
  const command = {
    kind: "create_account",
    role: "customer",
    feeTier: "standard",
    ...wanted,
    key: issued.key,
  } as const;
  const unit = await carryOut(exchange, command, originOf(request));
  const { account } = eventOf(unit, "account_created");
  const { key } = eventOf(unit, "key_created");
  return {
    account: renderAccount(account, exchange.venue),
    apiKey: { ...renderKey(key, account), secret: issued.secret },
  };
}

function listAccounts(app: HttpHost, { exchange }: AccountDeps): void {
  const { venue } = exchange;
  app.get(
    "/accounts",
    {
      config: { scope: "read" },
      schema: {
        tags,
        summary: "The key's account and its sub-accounts, newest first",
        querystring: accountPage,
        response: { 200: accountList, ...refusals(401, 403) },
      },
    },
    async (request) => {
      const { account } = principalOf(request);
      const family = [account, ...venue.subAccounts(account.number)];
      const page = pageOf("account", family, ({ number }) => number, request.query);
      const accounts = page.items.map((each) => renderAccount(each, venue));
      await exchange.durable();
      return { accounts, nextCursor: page.nextCursor };
    },
  );
}

function showAccount(app: HttpHost, { exchange }: AccountDeps): void {
  const { venue } = exchange;
  app.get(
    "/accounts/:accountId",
    {
      config: { scope: "read" },
      schema: {
        tags,
        summary: "One account",
        params: accountId,
        response: { 200: accountReply, ...refusals(401, 403, 404) },
      },
    },
    async (request) => {
      const found = accountOf(request, request.params.accountId, venue);
      const account = renderAccount(found, venue);
      await exchange.durable();
      return { account };
    },
  );
}

function changeAccount(app: HttpHost, { exchange }: AccountDeps): void {
  const { venue } = exchange;
  app.patch(
    "/accounts/:accountId",
    {
      config: { scope: "admin" },
      schema: {
        tags,
        summary: "Change an account's name or metadata",
        params: accountId,
        body: accountChange,
        response: { 200: accountReply, ...refusals(401, 403, 404, 409, 422) },
      },
    },
    async (request) => {
      const { name, metadata } = request.body;
      const { number } = accountOf(request, request.params.accountId, venue);
      const command = {
        kind: "update_account",
        account: number,
        status: undefined,
        kycStatus: undefined,
        feeTier: undefined,
        name,
        metadata: metadata === undefined ? undefined : JSON.stringify(metadata),
      } as const;
      const unit = await carryOut(exchange, command, originOf(request));
      return { account: renderAccount(eventOf(unit, "account_updated").account, venue) };
    },
  );
}

function closeAccount(app: HttpHost, { exchange }: AccountDeps): void {
  const { venue } = exchange;
  app.post(
    "/accounts/:accountId/close",
    {
      config: { scope: "admin" },
      schema: {
        tags,
        summary: "Close an account for good",
        description: "Needs zero balances and no open order.",
        params: accountId,
        response: { 200: accountReply, ...refusals(401, 403, 404, 409, 422) },
      },
    },
    async (request) => {
      const { number } = accountOf(request, request.params.accountId, venue);
      const command = { kind: "close_account", account: number } as const;
      const unit = await carryOut(exchange, command, originOf(request));
      return { account: renderAccount(eventOf(unit, "account_updated").account, venue) };
    },
  );
}

function listSubAccounts(app: HttpHost, { exchange }: AccountDeps): void {
  const { venue } = exchange;
  app.get(
    "/accounts/:accountId/sub-accounts",
    {
      config: { scope: "read" },
      schema: {
        tags,
        summary: "A master's sub-accounts, newest first",
        params: accountId,
        querystring: accountPage,
        response: { 200: accountList, ...refusals(401, 403, 404) },
      },
    },
    async (request) => {
      const master = accountOf(request, request.params.accountId, venue);
      const subAccounts = venue.subAccounts(master.number);
      const page = pageOf("account", subAccounts, ({ number }) => number, request.query);
      const accounts = page.items.map((each) => renderAccount(each, venue));
      await exchange.durable();
      return { accounts, nextCursor: page.nextCursor };
    },
  );
}

function openSubAccount(app: HttpHost, deps: AccountDeps): void {
  app.post(
    "/accounts/:accountId/sub-accounts",
    {
      config: { scope: "admin" },
      schema: {
        tags,
        summary: "Open a sub-account",
        params: accountId,
        body: newSubAccount,
        response: { 201: newAccountReply, ...refusals(401, 403, 404, 409, 422) },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const master = accountOf(request, request.params.accountId, deps.exchange.venue);
      reply.code(201);
      return await open(request, deps, {
        userId: body.userId ?? master.userId,
        type: body.accountType === undefined ? master.type : fromWire(body.accountType),
        parent: master.number,
        name: body.name ?? "",
        metadata: body.metadata === undefined ? "" : JSON.stringify(body.metadata),
      });
    },
  );
}
