import { instant, json, oneOf, optional, type Table, text, uuid } from "@tse/storage/rows";
import {
  ACCOUNT_ROLES,
  ACCOUNT_STATUSES,
  ACCOUNT_TYPES,
  type Account,
  KYC_STATUSES,
} from "./account.ts";

export const accountTable: Table<Account> = {
  name: "accounts",
  columns: {
    accountId: uuid(),
    parentAccountId: optional(uuid()),
    userId: text(255),
    name: optional(text(100)),
    accountType: oneOf(ACCOUNT_TYPES),
    role: oneOf(ACCOUNT_ROLES),
    status: oneOf(ACCOUNT_STATUSES),
    kycStatus: oneOf(KYC_STATUSES),
    feeTier: text(20),
    createdAt: instant(),
    updatedAt: instant(),
    metadata: optional(json()),
  },
  key: ["accountId"],
  uniques: [{ fields: ["parentAccountId", "name"], where: ({ status }) => status !== "CLOSED" }],
  references: [{ field: "parentAccountId", table: "accounts" }],
  checks: [
    ({ userId }) => userId !== "",
    ({ accountId, parentAccountId }) => parentAccountId !== accountId,
  ],
  sorts: ["createdAt", "updatedAt", "userId", "accountType", "status", "kycStatus"],
  defaultSort: { field: "createdAt", order: "DESC" },
  indexes: ["userId", "parentAccountId"],
};
