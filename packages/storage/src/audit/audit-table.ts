import { instant, int8, json, optional, sha256, text, uuid } from "../rows/column.ts";
import type { Table } from "../rows/table.ts";
import type { AuditEvent } from "./audit-event.ts";

export const auditTable: Table<AuditEvent> = {
  name: "audit_events",
  columns: {
    seq: int8(1),
    occurredAt: instant(),
    actor: text(255),
    action: text(100),
    entityType: text(50),
    entityId: text(100),
    accountId: optional(uuid()),
    correlationId: optional(text(64)),
    payload: json(),
    prevHash: sha256(),
    hash: sha256(),
  },
  key: ["seq"],
  uniques: [{ fields: ["hash"] }],
  sorts: ["seq"],
  defaultSort: { field: "seq", order: "DESC" },
  indexes: ["accountId"],
  finished: () => true,
};
