import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type AuditEntry, type AuditEvent, CHAIN_START, chained } from "../src/index.ts";
import { at, refused } from "./fixtures.ts";
import { contract, type OpenStore } from "./stores.ts";

const entry = (change: Partial<AuditEntry> = {}): AuditEntry => ({
  occurredAt: at(1),
  actor: "key",
  action: "order.accepted",
  entityType: "order",
  entityId: "1",
  accountId: undefined,
  correlationId: undefined,
  payload: {},
  ...change,
});

/** Continues the store's chain. */
async function append(store: OpenStore, ...entries: AuditEntry[]): Promise<AuditEvent[]> {
  const { auditRepository: audit } = store.repositories;
  const events = chained(await audit.last(), entries);
  await audit.append(events);
  return events;
}

export const auditRepositoryContract = contract("the audit trail", (check) => {
  check("begins with sixty-four zeros", async (store) => {
    const { auditRepository: audit } = store.repositories;
    assert.equal(await audit.last(), undefined);
    assert.deepEqual(await audit.verify(), {
      status: "intact",
      events: 0,
      lastSeq: 0,
      lastHash: CHAIN_START,
    });
    const [first] = await append(store, entry());
    assert.equal(first?.seq, 1);
    assert.equal(first?.prevHash, "0".repeat(64));
    assert.deepEqual(await audit.last(), first);
  });

  check("gives back what was hashed, so that the chain survives the store", async (store) => {
    const { auditRepository: audit } = store.repositories;
    const payload = {
      z: "\u20ac\u{1f600}\n",
      a: [1, -2, { b: null, "": true }],
      A: Number.MAX_SAFE_INTEGER,
    };
    const events = await append(
      store,
      entry({ payload, accountId: randomUUID(), correlationId: "c", occurredAt: at(999_999) }),
      entry(),
    );
    const { items } = await audit.query({ afterSeq: events[0]!.seq - 1, sortOrder: "ASC" });
    assert.deepEqual(items, events);
    const verdict = await audit.verify();
    assert.deepEqual(verdict, {
      status: "intact",
      events: events[1]!.seq,
      lastSeq: events[1]!.seq,
      lastHash: events[1]!.hash,
    });
  });

  check("refuses what does not continue the chain, and stores none of it", async (store) => {
    const { auditRepository: audit } = store.repositories;
    await append(store, entry());
    const last = await audit.last();
    const next = chained(last, [entry(), entry()]);
    const [one, two] = next as [AuditEvent, AuditEvent];
    for (const events of [
      [two],
      [one, { ...two, seq: two.seq + 1 }],
      [one, { ...two, prevHash: last!.hash }],
      [{ ...one, prevHash: CHAIN_START }],
      [one, one],
      chained(undefined, [entry()]),
    ]) {
      await refused("storage_conflict", () => audit.append(events));
    }
    assert.deepEqual(await audit.last(), last);
    await audit.append([]);
    await audit.append(next);
    assert.deepEqual(await audit.last(), two);
  });

  check("filters by everything it says, newest first", async (store) => {
    const { auditRepository: audit } = store.repositories;
    const accountId = randomUUID();
    const [a, b, c] = (await append(
      store,
      entry({ accountId, actor: "x" }),
      entry({ accountId, action: "order.filled", entityId: "2", occurredAt: at(2) }),
      entry({ accountId, entityType: "balance", correlationId: accountId, occurredAt: at(3) }),
    )) as [AuditEvent, AuditEvent, AuditEvent];
    const asked = async (query: Parameters<typeof audit.query>[0]) =>
      (await audit.query({ accountId, ...query })).items.map(({ seq }) => seq);

    assert.deepEqual(await asked({}), [c.seq, b.seq, a.seq]);
    assert.deepEqual(await asked({ beforeSeq: c.seq }), [b.seq, a.seq]);
    assert.deepEqual(await asked({ entityType: "balance" }), [c.seq]);
    assert.deepEqual(await asked({ entityType: "order", entityId: "2" }), [b.seq]);
    assert.deepEqual(await asked({ action: "order.filled" }), [b.seq]);
    assert.deepEqual(await asked({ action: ["order.filled", "none"] }), [b.seq]);
    assert.deepEqual(await asked({ actor: "x" }), [a.seq]);
    assert.deepEqual(await asked({ correlationId: accountId }), [c.seq]);
    assert.deepEqual(await asked({ afterSeq: a.seq }), [c.seq, b.seq]);
    assert.deepEqual(await asked({ occurredAfter: at(2) }), [c.seq]);
    assert.deepEqual(await asked({ occurredBefore: at(2) }), [a.seq]);
  });

  check("verifies a chain of several runs", async (store) => {
    const { auditRepository: audit } = store.repositories;
    await append(store, ...Array.from({ length: 2500 }, (_, i) => entry({ entityId: `${i}` })));
    const verdict = await audit.verify();
    assert.equal(verdict.status, "intact");
    assert.equal(verdict.events, (await audit.last())?.seq);
  });
});
