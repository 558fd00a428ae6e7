import assert from "node:assert/strict";
import { it } from "node:test";
import { duration, timestamp } from "@tse/domain";
import { type AuditEntry, auditHash, chained } from "@tse/storage/adapter";
import { type Implementation, NOON } from "./implementations.ts";
import { refused } from "./refused.ts";
import { storeSuite } from "./store-suite.ts";

const entry = (i: number): AuditEntry => ({
  occurredAt: timestamp(NOON + i),
  actor: i % 2 === 0 ? "admin" : "engine",
  action: "scenario.phase",
  entityType: "scenario",
  entityId: `s-${i % 3}`,
  accountId: undefined,
  correlationId: i === 4 ? "c-4" : undefined,
  payload: { phase: i, price: "45000.00000000" },
});

/** What the audit trail and the outbox promise, whatever they are made of. */
export function auditAndOutboxContract(implementation: Implementation): void {
  storeSuite("the audit trail and the outbox", implementation, (store) => {
    it("appends a chain that verifies, and refuses what does not continue it", async () => {
      const trail = store().repositories.auditRepository;
      const events = chained(undefined, [0, 1, 2, 3, 4, 5].map(entry));
      await trail.append(events.slice(0, 4));
      await trail.append(events.slice(4));

      const { hash: lastHash } = events[5] as (typeof events)[number];
      assert.deepEqual(await trail.verify(), { status: "intact", events: 6, lastSeq: 6, lastHash });
      assert.deepEqual(await trail.last(), events[5]);
      await refused("storage_conflict", trail.append(events.slice(5)));
      await refused("storage_conflict", trail.append(chained(events[3], [entry(9)])));
      const stored = (await trail.query({ sortOrder: "ASC" })).items;
      assert.deepEqual(stored, events);
      assert.ok(stored.every((event) => auditHash(event) === event.hash));
    });

    it("filters the trail", async () => {
      const trail = store().repositories.auditRepository;
      const found = async (query: Parameters<typeof trail.query>[0]) =>
        (await trail.query(query)).items.map(({ seq }) => seq);

      assert.deepEqual(await found({ actor: "engine" }), [6, 4, 2]);
      assert.deepEqual(await found({ entityType: "scenario", entityId: "s-1" }), [5, 2]);
      assert.deepEqual(await found({ correlationId: "c-4" }), [5]);
      const between = { occurredAfter: NOON, occurredBefore: timestamp(NOON + 3) };
      assert.deepEqual(await found(between), [3, 2]);
    });

    it("keeps a message until it was delivered, and tries again later when that failed", async () => {
      const outbox = store().repositories.outboxRepository;
      const [first, second] = await outbox.append([
        { destination: "audit-correlator", topic: "audit", payload: { n: 1 } },
        { destination: "risk-monitor", topic: "price", payload: { n: 2 } },
      ]);
      assert.ok(first !== undefined && second !== undefined);
      const lease = duration(30_000_000);

      const claimed = await outbox.claimDue(10, lease);
      assert.deepEqual(new Set(claimed.map(({ payload }) => payload.n)), new Set([1, 2]));
      assert.deepEqual(await outbox.claimDue(10, lease), []);
      await outbox.markDelivered(first.outboxId);
      await outbox.markFailed(second.outboxId, "refused");
      store().clock.advance(1_000_001);
      const again = await outbox.claimDue(10, lease);
      assert.deepEqual(
        again.map(({ outboxId, attempts, lastError }) => [outboxId, attempts, lastError]),
        [[second.outboxId, 1, "refused"]],
      );
      assert.equal((await outbox.query({ delivered: true })).items.length, 1);
    });
  });
}
