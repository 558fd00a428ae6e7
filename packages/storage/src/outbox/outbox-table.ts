import { instant, int4, json, optional, text, uuid } from "../rows/column.ts";
import type { Table } from "../rows/table.ts";
import type { OutboxMessage } from "./outbox-message.ts";

export const outboxTable: Table<OutboxMessage> = {
  name: "outbox",
  columns: {
    outboxId: uuid(),
    destination: text(50),
    topic: text(100),
    payload: json(),
    attempts: int4(),
    nextAttemptAt: instant(),
    deliveredAt: optional(instant()),
    lastError: optional(text(500)),
    createdAt: instant(),
  },
  key: ["outboxId"],
  sorts: ["createdAt", "nextAttemptAt"],
  defaultSort: { field: "createdAt", order: "DESC" },
  finished: ({ deliveredAt }) => deliveredAt !== undefined,
};
