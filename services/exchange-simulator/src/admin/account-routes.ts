import type { Account, Command, KycStatus, UpdateAccount } from "@tse/domain";
import type { HttpHost } from "@tse/service-kit";
import { text } from "@tse/service-kit/schema";
import { z } from "zod";
import type { Exchange } from "../exchange.ts";
import { pageOf } from "../gateways/native/pages.ts";
import { rejected } from "../gateways/native/problems.ts";
import { renderAccount, renderKey } from "../gateways/native/render/accounts.ts";
import { carryOut, eventOf } from "../gateways/native/submission.ts";
import { accountId, accountPage, newAccount } from "../gateways/native/wire/accounts.ts";
import { fromWire, KYC_STATUSES, toWire } from "../gateways/native/wire/words.ts";
import type { KeyRing } from "../keys.ts";
import { adminOrigin } from "./admin-access.ts";

export interface AccountDeps {
  readonly exchange: Exchange;
  readonly keys: Pick<KeyRing, "issueFirst">;
}

const tags = ["Accounts"];
const feeTier = text("Name of a fee tier.", 0, 20, ["vip"]);

const openedAccount = z.strictObject({ ...newAccount.shape, feeTier: feeTier.optional() });

const accountChange = z
  .strictObject({
    status: z.enum(["ACTIVE", "SUSPENDED", "CLOSED"]).optional(),
    kycStatus: z.enum(KYC_STATUSES).optional(),
    feeTier: feeTier.optional(),
  })
  .superRefine((change, context) => {
    const given = Object.values(change).filter((value) => value !== undefined);
    const fault = (rule: string, message: string) =>
      context.addIssue({ code: "custom", path: ["status"], message, params: { rule } });
    if (given.length === 0) fault("required", "or kycStatus or feeTier is required");
    if (change.status === "CLOSED" && given.length > 1) fault("combination", "CLOSED stands alone");
  });

type AccountChange = z.output<typeof accountChange>;

/** Every account of the venue: opened with a key, listed, and changed in what its owner may not change. */
export function accountRoutes(app: HttpHost, deps: AccountDeps): void {
  openAccount(app, deps);
  listAccounts(app, deps);
  changeAccount(app, deps);
}

function openAccount(app: HttpHost, { exchange, keys }: AccountDeps): void {
  app.post("/admin/accounts", { schema: { tags, body: openedAccount } }, async (request, reply) => {
    const { body } = request;
    const parent =
      body.parentAccountId === undefined ? undefined : accountOf(body.parentAccountId, exchange);
    const issued = keys.issueFirst({ label: "first key", scopes: ["read", "trade", "admin"] });
    const command: Command = {
      kind: "create_account",
      userId: body.userId,
      type: fromWire(body.accountType),
      role: "customer",
      parent: parent?.number,
      name: body.name ?? "",
      feeTier: body.feeTier ?? "standard",
      metadata: body.metadata === undefined ? "" : JSON.stringify(body.metadata),
      key: issued.key,
    };
    const unit = await carryOut(exchange, command, adminOrigin(request));
    const { account } = eventOf(unit, "account_created");
    const { key } = eventOf(unit, "key_created");
    reply.code(201);
    return {
      account: render(account, exchange),
      apiKey: { ...renderKey(key, account), secret: issued.secret },
    };
  });
}

function listAccounts(app: HttpHost, { exchange }: AccountDeps): void {
  app.get("/admin/accounts", { schema: { tags, querystring: accountPage } }, async ({ query }) => {
    const page = pageOf("account", exchange.venue.accounts(), ({ number }) => number, query);
    const accounts = page.items.map((account) => render(account, exchange));
    await exchange.durable();
    return { accounts, nextCursor: page.nextCursor };
  });
}

function changeAccount(app: HttpHost, { exchange }: AccountDeps): void {
  app.patch(
    "/admin/accounts/:accountId",
    { schema: { tags, params: accountId, body: accountChange } },
    async (request) => {
      const { number } = accountOf(request.params.accountId, exchange);
      const command = changeOf(number, request.body);
      const unit = await carryOut(exchange, command, adminOrigin(request));
      return { account: render(eventOf(unit, "account_updated").account, exchange) };
    },
  );
}

function changeOf(account: Account["number"], change: AccountChange): Command {
  if (change.status === "CLOSED") return { kind: "close_account", account };
  const status: UpdateAccount["status"] =
    change.status === undefined ? undefined : fromWire(change.status);
  const kycStatus: KycStatus | undefined =
    change.kycStatus === undefined ? undefined : fromWire(change.kycStatus);
  const { feeTier } = change;
  const kept = { name: undefined, metadata: undefined };
  return { kind: "update_account", account, status, kycStatus, feeTier, ...kept };
}

function render(account: Account, { venue }: Exchange) {
  return { ...renderAccount(account, venue), role: toWire(account.role) };
}

function accountOf(id: string, { venue }: Exchange): Account {
  const account = venue.accountById(id);
  if (account === undefined) throw rejected({ code: "account_not_found", field: "account" });
  return account;
}
