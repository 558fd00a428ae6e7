import { instant, int4, json, optional, sha256, type Table, text, uuid } from "@tse/storage/rows";
import type { IdempotencyRecord } from "./idempotency-record.ts";

export const idempotencyTable: Table<IdempotencyRecord> = {
  name: "idempotency_keys",
  columns: {
    accountId: uuid(),
    idemKey: text(255),
    requestHash: sha256(),
    httpStatus: optional(int4()),
    response: optional(json()),
    createdAt: instant(),
    expiresAt: instant(),
  },
  key: ["accountId", "idemKey"],
  references: [{ field: "accountId", table: "accounts" }],
  sorts: ["createdAt", "expiresAt"],
  defaultSort: { field: "createdAt", order: "DESC" },
  indexes: ["accountId"],
};
