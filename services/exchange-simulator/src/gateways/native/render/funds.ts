import type { AccountNumber } from "@tse/domain";
import { amount, type Balance, formatAmount } from "@tse/domain";
import { formatTime } from "@tse/service-kit";
import type { VenueView } from "@tse/venue";
import type { z } from "zod";
import type { StatementEntry } from "../../../views/statement.ts";
import type { TransferRecord } from "../../../views/transfers.ts";
import type { balanceSchema, entrySchema, transferSchema } from "../wire/funds.ts";
import { toWire } from "../wire/words.ts";

type Names = Pick<VenueView, "account" | "assetName">;

export function renderBalance(
  balance: Balance,
  names: Pick<VenueView, "assetName">,
): z.output<typeof balanceSchema> {
  const { asset, available, locked, updatedAt } = balance;
  return {
    asset: names.assetName(asset),
    available: formatAmount(available),
    locked: formatAmount(locked),
    total: formatAmount(amount(available + locked)),
    updatedAt: updatedAt === 0 ? null : formatTime(updatedAt),
  };
}

export function renderTransfer(
  transfer: TransferRecord,
  names: Names,
): z.output<typeof transferSchema> {
  const idOf = (account: AccountNumber | undefined): string | null =>
    account === undefined ? null : (names.account(account)?.id ?? null);
  return {
    transferId: transfer.id,
    transferSeq: transfer.transferSeq,
    kind: toWire(transfer.kind),
    fromAccountId: idOf(transfer.from),
    toAccountId: idOf(transfer.to),
    asset: names.assetName(transfer.asset),
    amount: formatAmount(transfer.amount),
    externalId: transfer.externalId,
    reason: transfer.reason,
    completedAt: formatTime(transfer.completedAt),
  };
}

export function renderEntry(
  entry: StatementEntry,
  names: Pick<VenueView, "assetName">,
): z.output<typeof entrySchema> {
  return {
    entrySeq: entry.number,
    cause: toWire(entry.cause),
    reference: entry.reference,
    asset: names.assetName(entry.asset),
    change: formatAmount(entry.change),
    total: formatAmount(entry.total),
    at: formatTime(entry.at),
  };
}
