import { type HttpHost, Problem } from "@tse/service-kit";
import type { Exchange } from "../../../exchange.ts";
import type { AuditTrail } from "../../../records/audit-trail.ts";
import type { FundRecords } from "../../../records/fund-records.ts";
import { accountOf } from "../access.ts";
import { pageOfPast } from "../pages.ts";
import type { PostAnswers } from "../post-answers.ts";
import { problems, rejected } from "../problems.ts";
import { renderAuditEvent } from "../render/audit.ts";
import { renderBalance, renderEntry, renderTransfer } from "../render/funds.ts";
import { accountId } from "../wire/accounts.ts";
import { auditList } from "../wire/audit.ts";
import {
  accountAsset,
  balanceList,
  entryList,
  newTransfer,
  pageQuery,
  transferList,
  transferReply,
} from "../wire/funds.ts";
import { refusals } from "../wire/problem.ts";

interface FundsDeps {
  readonly exchange: Exchange;
  readonly records: {
    readonly funds: Pick<FundRecords, "entries" | "transfers">;
    readonly audit: Pick<AuditTrail, "ofAccount">;
  };
  readonly answers: PostAnswers;
}

const tags = ["Funds"];

/** What accounts hold, and how it moved. */
export function fundsRoutes(app: HttpHost, deps: FundsDeps): void {
  listBalances(app, deps);
  showBalance(app, deps);
  transfer(app, deps);
  listTransfers(app, deps);
  listEntries(app, deps);
  listAuditEvents(app, deps);
}

function listBalances(app: HttpHost, { exchange }: FundsDeps): void {
  const { venue } = exchange;
  app.get(
    "/accounts/:accountId/balances",
    {
      config: { scope: "read" },
      schema: {
        tags,
        summary: "Balances of every asset the account ever touched",
        params: accountId,
        response: { 200: balanceList, ...refusals(401, 403, 404) },
      },
    },
    async (request) => {
      const { number } = accountOf(request, request.params.accountId, venue);
      const balances = venue.balances(number).map((balance) => renderBalance(balance, venue));
      await exchange.durable();
      return { balances };
    },
  );
}

function showBalance(app: HttpHost, { exchange }: FundsDeps): void {
  const { venue } = exchange;
  app.get(
    "/accounts/:accountId/balances/:asset",
    {
      config: { scope: "read" },
      schema: {
        tags,
        summary: "Balance of one asset; zero when the account never touched it",
        params: accountAsset,
        response: { 200: balanceList, ...refusals(401, 403, 404) },
      },
    },
    async (request) => {
      const { params } = request;
      const { number } = accountOf(request, params.accountId, venue);
      const balance = venue.balance(number, assetNamed(params.asset, exchange));
      const balances = [renderBalance(balance, venue)];
      await exchange.durable();
      return { balances };
    },
  );
}

function transfer(app: HttpHost, { exchange, answers }: FundsDeps): void {
  const { venue } = exchange;
  app.post(
    "/accounts/:accountId/transfers",
    {
      config: { scope: "admin", idempotencyKey: "kept" },
      schema: {
        tags,
        summary: "Move money within the family, at once and free",
        params: accountId,
        body: newTransfer,
        response: { 201: transferReply, ...refusals(401, 403, 404, 409, 422) },
      },
    },
    async (request, reply) =>
      answers.give("transfers.make", { request, reply }, (origin, answer) => {
        const { body } = request;
        const from = accountOf(request, request.params.accountId, venue);
        const to = venue.accountById(body.toAccountId);
        if (to === undefined || to.master !== from.master) throw noSuchReceiver();
        const asset = assetNamed(body.asset, exchange);
        const parties = { from: from.number, to: to.number };
        const command = { kind: "transfer", ...parties, asset, amount: body.amount } as const;
        return exchange.submit(command, origin, answer);
      }),
  );
}

/** To the key, an account of another family is none. */
function noSuchReceiver(): Problem {
  const { status, title } = problems.account_not_found;
  const errors = [{ field: "toAccountId", rule: "account_not_found", message: "is not known" }];
  return new Problem({ status, title, code: "account_not_found", errors });
}

function listTransfers(app: HttpHost, { exchange, records }: FundsDeps): void {
  const { venue } = exchange;
  app.get(
    "/accounts/:accountId/transfers",
    {
      config: { scope: "read" },
      schema: {
        tags,
        summary: "Deposits, withdrawals and transfers, newest first",
        params: accountId,
        querystring: pageQuery,
        response: { 200: transferList, ...refusals(401, 403, 404, 503) },
      },
    },
    async (request) => {
      const { number } = accountOf(request, request.params.accountId, venue);
      const page = await pageOfPast(
        "transfer",
        (window) => records.funds.transfers(number, window),
        (each) => each.transferSeq,
        request.query,
      );
      return {
        transfers: page.items.map((each) => renderTransfer(each, venue)),
        nextCursor: page.nextCursor,
      };
    },
  );
}

function listEntries(app: HttpHost, { exchange, records }: FundsDeps): void {
  const { venue } = exchange;
  app.get(
    "/accounts/:accountId/ledger",
    {
      config: { scope: "read" },
      schema: {
        tags,
        summary: "Every movement of the account's money, newest first",
        params: accountId,
        querystring: pageQuery,
        response: { 200: entryList, ...refusals(401, 403, 404, 503) },
      },
    },
    async (request) => {
      const { number } = accountOf(request, request.params.accountId, venue);
      const page = await pageOfPast(
        "entry",
        (window) => records.funds.entries(number, window),
        (each) => each.number,
        request.query,
      );
      return {
        entries: page.items.map((each) => renderEntry(each, venue)),
        nextCursor: page.nextCursor,
      };
    },
  );
}

function listAuditEvents(app: HttpHost, { exchange, records }: FundsDeps): void {
  const { venue } = exchange;
  app.get(
    "/accounts/:accountId/audit",
    {
      config: { scope: "read" },
      schema: {
        tags,
        summary: "The account's audit trail, newest first",
        description:
          "Written a little after what it tells; `completeTo` is the last command whose events are in it.",
        params: accountId,
        querystring: pageQuery,
        response: { 200: auditList, ...refusals(401, 403, 404, 503) },
      },
    },
    async (request) => {
      const { id } = accountOf(request, request.params.accountId, venue);
      const page = await pageOfPast(
        "audit",
        (window) => records.audit.ofAccount(id, window),
        (event) => event.seq,
        request.query,
      );
      return {
        events: page.items.map(renderAuditEvent),
        nextCursor: page.nextCursor,
        completeTo: page.completeTo,
      };
    },
  );
}

/** @throws Problem `asset_not_found` */
function assetNamed(name: string, { venue }: Exchange) {
  const asset = venue.assetNamed(name);
  if (asset === undefined) throw rejected({ code: "asset_not_found", field: "asset" });
  return asset;
}
