import type { AuditEvent } from "@tse/exchange-data-adapter";
import { formatTime } from "@tse/service-kit";

/** A line of the audit trail, with its place in the chain. */
export function renderAuditEvent(event: AuditEvent) {
  const { seq, occurredAt, actor, action, entityType, entityId, payload } = event;
  return {
    seq,
    occurredAt: formatTime(occurredAt),
    actor,
    action,
    entityType,
    entityId,
    accountId: event.accountId ?? null,
    correlationId: event.correlationId ?? null,
    payload,
    prevHash: event.prevHash,
    hash: event.hash,
  };
}
