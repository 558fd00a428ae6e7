import {
  instant,
  int8,
  json,
  money,
  oneOf,
  optional,
  type Table,
  text,
  uuid,
} from "@tse/storage/rows";
import { TRANSFER_KINDS, TRANSFER_STATUSES, type Transfer } from "./transfer.ts";

export const transferTable: Table<Transfer> = {
  name: "transfers",
  columns: {
    transferId: uuid(),
    transferSeq: optional(int8()),
    kind: oneOf(TRANSFER_KINDS),
    fromAccountId: optional(uuid()),
    toAccountId: optional(uuid()),
    asset: text(10),
    amount: money(1n),
    status: oneOf(TRANSFER_STATUSES),
    externalId: optional(text(100)),
    reason: optional(text(255)),
    createdAt: instant(),
    completedAt: optional(instant()),
    metadata: optional(json()),
  },
  key: ["transferId"],
  uniques: [{ fields: ["externalId"] }, { fields: ["transferSeq"] }],
  references: [
    { field: "fromAccountId", table: "accounts" },
    { field: "toAccountId", table: "accounts" },
  ],
  checks: [
    ({ kind, fromAccountId }) => (kind === "DEPOSIT") === (fromAccountId === undefined),
    ({ kind, toAccountId }) => (kind === "WITHDRAWAL") === (toAccountId === undefined),
    ({ fromAccountId, toAccountId }) => fromAccountId !== toAccountId,
  ],
  sorts: ["createdAt", "transferSeq", "asset", "amount", "status"],
  defaultSort: { field: "createdAt", order: "DESC" },
  indexes: ["fromAccountId", "toAccountId"],
  finished: ({ status }) => status !== "PENDING",
};
