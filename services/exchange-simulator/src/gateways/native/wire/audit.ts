import { timeText, vocabulary } from "@tse/service-kit/schema";
import { z } from "zod";

const HASH = "64 hexadecimal digits.";

const auditEventSchema = z
  .object({
    seq: z
      .int()
      .register(vocabulary, { description: "Of the whole trail: an account's has gaps." }),
    occurredAt: timeText("When it happened."),
    actor: z
      .string()
      .register(vocabulary, { description: "A key's id, `admin`, a participant or `engine`." }),
    action: z.string().register(vocabulary, {
      description: "What happened.",
      examples: ["order.accepted", "balance.changed"],
    }),
    entityType: z.string(),
    entityId: z.string(),
    accountId: z.string().nullable(),
    correlationId: z.string().nullable(),
    payload: z
      .record(z.string(), z.unknown())
      .register(vocabulary, { description: "What it was; decimals are text." }),
    prevHash: z.string().register(vocabulary, { description: `${HASH} Of the event before.` }),
    hash: z.string().register(vocabulary, {
      description: `${HASH} SHA-256 over \`prevHash\` and this event.`,
    }),
  })
  .register(vocabulary, { id: "AuditEvent" });

export const auditList = z
  .object({
    events: z.array(auditEventSchema),
    nextCursor: z.string().nullable(),
    completeTo: z
      .int()
      .register(vocabulary, { description: "The last command whose events are in the trail." }),
  })
  .register(vocabulary, { id: "AuditPage" });
