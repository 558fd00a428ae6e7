import { hash as digest } from "node:crypto";
import { timestampText } from "../sql/value-parsers.ts";
import type { AuditEntry, AuditEvent } from "./audit-event.ts";
import { canonicalJson } from "./canonical-json.ts";

/** `prevHash` of the first event. */
export const CHAIN_START = "0".repeat(64);

/**
 * SHA-256, in hex, of the hash before, a newline and the canonical JSON of the other columns:
 *
 * ```
 * {"account_id":…,"action":…,"actor":…,"correlation_id":…,"entity_id":…,"entity_type":…,
 *  "occurred_at":"2026-01-02T03:04:05.000006Z","payload":{…},"seq":"1"}
 * ```
 *
 * Absent values are `null`. The same row gives the same hash everywhere.
 */
export function auditHash(event: Omit<AuditEvent, "hash">): string {
  const columns = canonicalJson({
    account_id: event.accountId ?? null,
    action: event.action,
    actor: event.actor,
    correlation_id: event.correlationId ?? null,
    entity_id: event.entityId,
    entity_type: event.entityType,
    occurred_at: timestampText(event.occurredAt),
    payload: event.payload,
    seq: event.seq.toString(),
  });
  return digest("sha256", `${event.prevHash}\n${columns}`, "hex");
}

/**
 * Links entries to a chain, in order.
 *
 * @param last the chain's last event; absent when it is empty
 */
export function chained(
  last: Pick<AuditEvent, "seq" | "hash"> | undefined,
  entries: readonly AuditEntry[],
): AuditEvent[] {
  let { seq, hash } = last ?? { seq: 0, hash: CHAIN_START };
  return entries.map((entry) => {
    seq += 1;
    const unsealed = { ...entry, seq, prevHash: hash };
    hash = auditHash(unsealed);
    return { ...unsealed, hash };
  });
}
