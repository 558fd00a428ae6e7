import {
  type AccountNumber,
  assert,
  type Deposit,
  type Rejection,
  type Withdraw,
} from "@tse/domain";
import type { HttpHost } from "@tse/service-kit";
import { money, text } from "@tse/service-kit/schema";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Exchange } from "../exchange.ts";
import { rejected } from "../gateways/native/problems.ts";
import { renderBalance, renderTransfer } from "../gateways/native/render/funds.ts";
import { eventOf } from "../gateways/native/submission.ts";
import { accountId } from "../gateways/native/wire/accounts.ts";
import { asset } from "../gateways/native/wire/scalars.ts";
import type { FundRecords } from "../records/fund-records.ts";
import { type TransferRecord, transferRecord } from "../views/transfers.ts";
import { adminOrigin } from "./admin-access.ts";

export interface FundingDeps {
  readonly exchange: Exchange;
  readonly records: { readonly funds: Pick<FundRecords, "transfers"> };
}

const movement = z.strictObject({
  asset,
  amount: money("At most 8 decimal places.", "1000"),
  externalId: text("Names the movement: repeating it changes nothing.", 1, 128, [
    "wire-1",
  ]).optional(),
  reason: text("Why, for the record.", 0, 255, ["starting capital"]).optional(),
});

const MOVEMENTS = { deposits: "deposit", withdrawals: "withdraw" } as const;

/** Simulated money from and to the world outside. A repeated `externalId` gets the first transfer again. */
export function fundingRoutes(app: HttpHost, deps: FundingDeps): void {
  const schema = { tags: ["Funding"], params: accountId, body: movement };
  for (const path of ["deposits", "withdrawals"] as const) {
    app.post(`/admin/accounts/:accountId/${path}`, { schema }, async (request, reply) => {
      const { params, body } = request;
      const command = { kind: MOVEMENTS[path], ...movementOf(params.accountId, body, deps) };
      reply.code(201);
      return await move(command, request, deps);
    });
  }
}

function movementOf(
  id: string,
  body: z.output<typeof movement>,
  { exchange }: FundingDeps,
): Omit<Deposit, "kind"> {
  const account = exchange.venue.accountById(id);
  if (account === undefined) throw rejected({ code: "account_not_found", field: "account" });
  const assetId = exchange.venue.assetNamed(body.asset);
  if (assetId === undefined) throw rejected({ code: "asset_not_found", field: "asset" });
  const { amount, externalId = "", reason = "" } = body;
  return { account: account.number, asset: assetId, amount, externalId, reason };
}

async function move(
  command: Deposit | Withdraw,
  request: FastifyRequest,
  { exchange, records }: FundingDeps,
) {
  const { venue } = exchange;
  const unit = await exchange.submit(command, adminOrigin(request));
  if (unit.rejection !== undefined) throw refusalOf(unit.rejection);
  const event = eventOf(unit, "transfer_completed");
  const balance = renderBalance(venue.balance(command.account, event.asset), venue);
  const transfer = event.repeated
    ? await firstOf(command.account, event.transferSeq, records)
    : transferRecord(event, unit);
  await exchange.durable();
  return { transfer: renderTransfer(transfer, venue), balance };
}

/** The transfer that was repeated: how old it is, nobody knows. */
async function firstOf(
  account: AccountNumber,
  transferSeq: number,
  { funds }: FundingDeps["records"],
): Promise<TransferRecord> {
  const window = { after: transferSeq - 1, before: transferSeq + 1 };
  const { items } = await funds.transfers(account, { ...window, from: "newest", limit: 1 });
  const [first] = items;
  assert(first !== undefined, "a transfer is kept as long as its externalId");
  return first;
}

/** Too little money is the amount's fault: a movement has nothing else to choose. */
function refusalOf(rejection: Rejection): Error {
  const isShort = rejection.code === "insufficient_balance";
  return rejected(isShort ? { ...rejection, field: "amount" } : rejection);
}
