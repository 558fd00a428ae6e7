import type { CreateAccount } from "@tse/domain";
import type { HttpHost } from "@tse/service-kit";
import type { FastifyRequest } from "fastify";
import type { Exchange } from "../../../exchange.ts";
import type { KeyRing } from "../../../keys.ts";
import { accountOf, originOf, principalOf } from "../access.ts";
import { pageOf } from "../pages.ts";
import type { PostAnswers } from "../post-answers.ts";
import { forbidden } from "../problems.ts";
import { renderAccount } from "../render/accounts.ts";
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
  readonly answers: PostAnswers;
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
  const { exchange, answers } = deps;
  const { venue } = exchange;
  app.post(
    "/accounts",
    {
      config: { idempotencyKey: "kept" },
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
      const { userId, accountType, parentAccountId, name = "", metadata } = request.body;
      const isSubAccount = parentAccountId !== undefined;
      mayOpen(request, isSubAccount, deps);
      return answers.give("accounts.open", { request, reply }, (origin, answer) => {
        const parent = isSubAccount ? accountOf(request, parentAccountId, venue).number : undefined;
        const type = fromWire(accountType);
        const wanted = { userId, type, parent, name, metadata: textOf(metadata) };
        return exchange.submit(opening(wanted, deps), origin, answer);
      });
    },
  );
}

/** @throws Problem `unauthenticated` or `forbidden` */
function mayOpen(
  request: FastifyRequest,
  isSubAccount: boolean,
  { openSignup }: AccountDeps,
): void {
  if (isSubAccount) {
    if (principalOf(request).scopes.has("admin")) return;
    throw forbidden("A sub-account needs a key of the master with the scope admin");
  }
  if (!openSignup) throw forbidden("Accounts are opened by the operator here");
}

/** The command that opens an account with its first key. */
function opening(
  wanted: Omit<CreateAccount, "kind" | "role" | "feeTier" | "key">,
  { keys }: AccountDeps,
): CreateAccount {
  const issued = keys.issueFirst({ label: "first key", scopes: ["read", "trade", "admin"] });
  return {
    kind: "create_account",
    role: "customer",
    feeTier: "standard",
    ...wanted,
    key: issued.key,
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
        metadata: metadata === undefined ? undefined : textOf(metadata),
      } as const;
      const unit = await carryOut(exchange, command, originOf(request));
      return { account: renderAccount(eventOf(unit, "account_updated").account, venue) };
    },
  );
}

function closeAccount(app: HttpHost, { exchange, answers }: AccountDeps): void {
  const { venue } = exchange;
  app.post(
    "/accounts/:accountId/close",
    {
      config: { scope: "admin", idempotencyKey: "kept" },
      schema: {
        tags,
        summary: "Close an account for good",
        description: "Needs zero balances and no open order.",
        params: accountId,
        response: { 200: accountReply, ...refusals(401, 403, 404, 409, 422) },
      },
    },
    async (request, reply) =>
      answers.give("accounts.close", { request, reply }, (origin, answer) => {
        const { number } = accountOf(request, request.params.accountId, venue);
        return exchange.submit({ kind: "close_account", account: number }, origin, answer);
      }),
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
  const { exchange, answers } = deps;
  app.post(
    "/accounts/:accountId/sub-accounts",
    {
      config: { scope: "admin", idempotencyKey: "kept" },
      schema: {
        tags,
        summary: "Open a sub-account",
        params: accountId,
        body: newSubAccount,
        response: { 201: newAccountReply, ...refusals(401, 403, 404, 409, 422) },
      },
    },
    async (request, reply) =>
      answers.give("sub-accounts.open", { request, reply }, (origin, answer) => {
        const { userId, accountType, name = "", metadata } = request.body;
        const master = accountOf(request, request.params.accountId, exchange.venue);
        const wanted = {
          userId: userId ?? master.userId,
          type: accountType === undefined ? master.type : fromWire(accountType),
          parent: master.number,
          name,
          metadata: textOf(metadata),
        };
        return exchange.submit(opening(wanted, deps), origin, answer);
      }),
  );
}

/** Metadata as the venue keeps it. */
function textOf(metadata: Readonly<Record<string, unknown>> | undefined): string {
  return metadata === undefined ? "" : JSON.stringify(metadata);
}
