import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { timestamp } from "@tse/domain";
import { auditHash, CHAIN_START, chained } from "../src/audit/audit-chain.ts";
import type { AuditEntry } from "../src/audit/audit-event.ts";

const entry: AuditEntry = {
  occurredAt: timestamp(1_700_000_000_000_006),
  actor: "engine",
  action: "order.filled",
  entityType: "order",
  entityId: "7",
  accountId: undefined,
  correlationId: "c",
  payload: { price: "1.50000000", count: 2, ok: true },
};

describe("the audit chain", () => {
  it("hashes the hash before, a newline and the other columns in canonical JSON", () => {
    const text =
      `${CHAIN_START}\n{"account_id":null,"action":"order.filled","actor":"engine",` +
      `"correlation_id":"c","entity_id":"7","entity_type":"order",` +
      `"occurred_at":"2023-11-14T22:13:20.000006Z",` +
      `"payload":{"count":2,"ok":true,"price":"1.50000000"},"seq":"1"}`;
    const [event] = chained(undefined, [entry]);
    assert.equal(event?.hash, createHash("sha256").update(text).digest("hex"));
  });

  it("links each event to the one before", () => {
    const events = chained({ seq: 41, hash: "ab".repeat(32) }, [entry, entry]);
    assert.deepEqual(
      events.map(({ seq }) => seq),
      [42, 43],
    );
    assert.equal(events[0]?.prevHash, "ab".repeat(32));
    assert.equal(events[1]?.prevHash, events[0]?.hash);
    assert.equal(events[1]?.hash, auditHash(events[1]!));
  });
});
