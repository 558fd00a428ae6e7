import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { migrate, type SqlDatabase } from "@tse/storage";
import { TEST_BACKENDS } from "@tse/storage/testing";
import { sql } from "kysely";
import { exchangeMigrations } from "../src/index.ts";

const ROLE = "exchange_adapter";
const APPEND_ONLY = ["audit_events", "ledger_entries", "ledger_journals"];
/** Of every test that needs the role: a role belongs to the whole server. */
const LOCK = 7_345_001;

/**
 * Runs `work` while the role exists. A role that was there before stays; one that was made here goes,
 * and nobody else makes or drops one meanwhile.
 */
async function withRole(database: SqlDatabase<unknown>, work: () => Promise<void>): Promise<void> {
  await database.transaction(async (db) => {
    await sql.raw(`select pg_advisory_xact_lock(${LOCK})`).execute(db);
    const { rows } = await sql.raw(`select 1 from pg_roles where rolname = '${ROLE}'`).execute(db);
    const made = rows.length === 0;
    const run = (text: string) => sql.raw(text).execute(database.db);
    if (made) await run(`create role ${ROLE} nologin`);
    try {
      await work();
    } finally {
      if (made) {
        await run(`drop owned by ${ROLE}`);
        await run(`drop role ${ROLE}`);
      }
    }
  });
}

const backend = TEST_BACKENDS.find(({ name }) => name === "postgres")!;

describe("the role of the exchange's adapter", { skip: backend.skip }, () => {
  it("may read and write every table, and change or delete nothing that is append-only", async () => {
    const database: SqlDatabase<unknown> = await backend.open();
    const { schema } = database;
    await withRole(database, async () => {
      await migrate(database, { migrations: await exchangeMigrations() });
      const { rows } = await sql
        .raw<{ name: string; rights: string }>(`
          select c.relname as name, string_agg(a.privilege_type, ' ' order by a.privilege_type) as rights
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
          cross join lateral aclexplode(c.relacl) a join pg_roles r on r.oid = a.grantee
          where n.nspname = '${schema}' and c.relkind in ('r', 'v') and r.rolname = '${ROLE}'
          group by c.relname`)
        .execute(database.db);
      const { rows: relations } = await sql
        .raw<{ name: string }>(`
          select relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname = '${schema}' and c.relkind in ('r', 'v')`)
        .execute(database.db);
      const expected = relations.map(({ name }) => ({
        name,
        rights: APPEND_ONLY.includes(name) ? "INSERT SELECT" : "DELETE INSERT SELECT UPDATE",
      }));
      assert.deepEqual(new Set(rows), new Set(expected));
      const may = async (text: string) =>
        (await sql.raw<{ may: boolean }>(`select ${text} as may`).execute(database.db)).rows[0]
          ?.may;
      assert.equal(await may(`has_schema_privilege('${ROLE}', '${schema}', 'USAGE')`), true);
      assert.equal(await may(`has_schema_privilege('${ROLE}', '${schema}', 'CREATE')`), false);
      const sequence = `${schema}.orders_order_seq_seq`;
      assert.equal(await may(`has_sequence_privilege('${ROLE}', '${sequence}', 'USAGE')`), true);
      assert.equal(await may(`has_sequence_privilege('${ROLE}', '${sequence}', 'UPDATE')`), false);
      const health = `${schema}.health_check()`;
      assert.equal(await may(`has_function_privilege('${ROLE}', '${health}', 'EXECUTE')`), true);
    });
    await database.close();
  });
});
