import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { migrate, type SqlDatabase } from "@tse/storage";
import { AuditRepository } from "@tse/storage/adapter";
import { SqlSession } from "@tse/storage/rows";
import { TEST_BACKENDS } from "@tse/storage/testing";
import { sql } from "kysely";
import { type AuditEntry, chained, exchangeMigrations } from "../src/index.ts";
import { at } from "./fixtures.ts";

const entry: AuditEntry = {
  occurredAt: at(5),
  actor: "engine",
  action: "order.filled",
  entityType: "order",
  entityId: "7",
  accountId: undefined,
  correlationId: "c",
  payload: { price: "1.50000000", count: 2, ok: true },
};

const TAMPERED = [
  ["payload = jsonb_set(payload, '{price}', '\"1.50000001\"')", "hash"],
  ["occurred_at = occurred_at + interval '1 microsecond'", "hash"],
  ["account_id = '00000000-0000-7000-8000-000000000001'", "hash"],
  ["prev_hash = repeat('0', 64)", "prev_hash"],
  ["hash = repeat('f', 64)", "hash"],
  ["seq = 9", "gap"],
] as const;

for (const backend of TEST_BACKENDS) {
  describe(`verifying the audit chain (${backend.name})`, { skip: backend.skip }, () => {
    it("names the first broken row and what is wrong with it", async () => {
      const database: SqlDatabase<unknown> = await backend.open();
      await migrate(database, { migrations: await exchangeMigrations() });
      class Undo extends Error {}
      try {
        const changes = [
          ...TAMPERED.map(
            ([set, fault]) => [`update audit_events set ${set} where seq = 3`, fault] as const,
          ),
          ["delete from audit_events where seq = 3", "gap"] as const,
          ["delete from audit_events where seq = 1", "gap"] as const,
        ];
        for (const [text, fault] of changes) {
          const looked = database.transaction(async (db) => {
            const session = new SqlSession(() => database, db);
            const audit = new AuditRepository({
              session,
              clock: { now: () => at(0) },
              newId: () => "",
            });
            await audit.append(chained(undefined, [entry, entry, entry, entry, entry]));
            assert.equal((await audit.verify()).status, "intact");
            await sql.raw("alter table audit_events disable trigger append_only").execute(db);
            await sql.raw(text).execute(db);
            const verdict = await audit.verify();
            assert.equal(verdict.status, "broken", text);
            assert.ok(verdict.status === "broken");
            assert.equal(verdict.fault, fault, text);
            const seq = text.includes("seq = 1") ? 2 : fault === "gap" ? 4 : 3;
            assert.equal(verdict.seq, seq, text);
            throw new Undo();
          });
          await assert.rejects(looked, Undo);
        }
      } finally {
        await database.close();
      }
    });
  });
}
