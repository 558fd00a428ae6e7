import type { Account, ApiKey } from "@tse/domain";
import { formatTime } from "@tse/service-kit";
import type { VenueView } from "@tse/venue";
import type { z } from "zod";
import type { accountSchema, keySchema } from "../wire/accounts.ts";
import { toWire } from "../wire/words.ts";

export function renderAccount(
  account: Account,
  venue: Pick<VenueView, "account">,
): z.output<typeof accountSchema> {
  const parent = account.master === account.number ? undefined : venue.account(account.master);
  return {
    accountId: account.id,
    userId: account.userId,
    accountType: toWire(account.type),
    status: toWire(account.status),
    kycStatus: toWire(account.kycStatus),
    parentAccountId: parent?.id ?? null,
    name: account.name,
    feeTier: account.feeTier,
    metadata: account.metadata === "" ? {} : JSON.parse(account.metadata),
    createdAt: formatTime(account.createdAt),
    updatedAt: formatTime(account.updatedAt),
  };
}

/** A key without its secret. */
export function renderKey(key: ApiKey, account: Account): z.output<typeof keySchema> {
  return {
    keyId: key.keyId,
    accountId: account.id,
    label: key.label,
    scopes: [...key.scopes],
    addresses: [...key.addresses],
    expiresAt: key.expiresAt === 0 ? null : formatTime(key.expiresAt),
    createdAt: formatTime(key.createdAt),
  };
}
