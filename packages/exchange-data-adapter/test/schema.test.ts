import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { migrate, type SqlDatabase, violatedConstraint } from "@tse/storage";
import { SqlSession } from "@tse/storage/rows";
import { TEST_BACKENDS } from "@tse/storage/testing";
import { sql } from "kysely";
import { exchangeMigrations } from "../src/index.ts";
import {
  DEFAULT_ASSETS,
  DEFAULT_FEE_TIERS,
  defaultInstruments,
} from "../src/instruments/defaults.ts";
import { findViolations } from "../src/invariants/violations.ts";
import { BAD_ROWS, GOOD_ROWS, ID } from "./bad-rows.ts";
import { at } from "./fixtures.ts";

const migrations = await exchangeMigrations();

for (const backend of TEST_BACKENDS) {
  describe(`the schema (${backend.name})`, { skip: backend.skip }, () => {
    let database: SqlDatabase<unknown>;
    const run = (text: string) => sql.raw<Record<string, unknown>>(text).execute(database.db);
    const names = async (text: string) => (await run(text)).rows.map(({ name }) => name);

    before(async () => {
      database = await backend.open();
      await migrate(database, { migrations });
      for (const row of GOOD_ROWS) await run(row);
    });
    after(() => database.close());

    it("is applied once, and its files may run twice", async () => {
      assert.deepEqual(await migrate(database, { migrations }), []);
      for (const { sql: text } of migrations) await run(text);
      const { rows } = await run("select status, table_count from health_check()");
      assert.equal(rows[0]?.status, "healthy");
      assert.ok(Number(rows[0]?.table_count) >= 18);
    });

    it("refuses a bad row for every CHECK, and has a bad row for every CHECK", async () => {
      const checks = await names(`
        select c.conname as name from pg_constraint c join pg_namespace n on n.oid = c.connamespace
        where n.nspname = '${database.schema}' and c.contype = 'c' order by 1`);
      assert.ok(checks.length > 60);
      const violated = new Set<unknown>();
      for (const row of BAD_ROWS) {
        const error = await run(row).then(
          () => assert.fail(`accepted: ${row}`),
          (refusal: Error & { code?: string }) => refusal,
        );
        assert.equal(error.code, "conflict", row);
        violated.add(violatedConstraint(error));
      }
      assert.deepEqual(
        checks.filter((name) => !violated.has(name)),
        [],
      );
    });

    it("lets nobody change, delete or truncate what is append-only", async () => {
      for (const table of ["audit_events", "ledger_journals", "ledger_entries"]) {
        const key = { audit_events: "seq", ledger_journals: "kind", ledger_entries: "asset" }[
          table
        ];
        for (const text of [
          `update ${table} set ${key} = ${key}`,
          `delete from ${table}`,
          `truncate ${table} cascade`,
        ]) {
          await assert.rejects(run(text), { name: "StorageError", code: "conflict" }, text);
        }
      }
    });

    it("refuses at commit a journal that has no entries or does not balance", async () => {
      const journal = "insert into ledger_journals (journal_id, kind) values ('$id', 'TRADE')";
      const entry =
        "insert into ledger_entries (journal_id, asset, amount) values ('$id', 'BTC', 1)";
      for (const [i, texts] of [[journal], [journal, entry]].entries()) {
        const unit = database.transaction(async (db) => {
          for (const text of texts) await sql.raw(text.replace("$id", ID(900 + i))).execute(db);
        });
        await assert.rejects(unit, { code: "conflict" });
      }
    });

    it("starts with the same assets, instruments and tiers as the store in memory", async () => {
      const fresh: SqlDatabase<unknown> = await backend.open();
      await migrate(fresh, { migrations });
      const { rows: assets } = await sql
        .raw("select asset, decimals from assets")
        .execute(fresh.db);
      const expected = DEFAULT_ASSETS.map(({ asset, decimals }) => ({ asset, decimals }));
      assert.deepEqual(new Set(assets), new Set(expected));
      const { instrumentTable, feeTierTable } = await import(
        "../src/instruments/instrument-tables.ts"
      );
      const session = new SqlSession(() => fresh);
      const instruments = await session.rows(instrumentTable).find({});
      const now = at(0);
      const stamped = instruments.map((one) => ({ ...one, createdAt: now, updatedAt: now }));
      assert.deepEqual(new Set(stamped), new Set(defaultInstruments(now)));
      const tiers = await session.rows(feeTierTable).find({});
      assert.deepEqual(new Set(tiers), new Set(DEFAULT_FEE_TIERS));
      await fresh.close();
    });

    it("shows no violation in a healthy database, and a row for each that there is", async () => {
      const session = new SqlSession(() => database);
      assert.deepEqual(await findViolations(session), {
        ledger: [],
        reservations: [],
        conservation: [],
      });
      class Undo extends Error {}
      const seen = database.transaction(async (db) => {
        const account = ID(1);
        const seeds = [
          `insert into balances (account_id, symbol, available_balance, locked_balance)
           values ('${account}', 'XRP', 5, 2)`,
          "set constraints all deferred",
          `insert into ledger_journals (journal_id, kind) values ('${ID(950)}', 'TRADE')`,
          `insert into ledger_entries (journal_id, account_id, asset, amount)
           values ('${ID(950)}', '${account}', 'DOGE', -0.00000001)`,
        ];
        for (const seed of seeds) await sql.raw(seed).execute(db);
        const violations = await findViolations(new SqlSession(() => database, db));
        assert.deepEqual(
          new Set(violations?.ledger),
          new Set([
            { accountId: account, asset: "XRP", balanceTotal: 700_000_000n, ledgerTotal: 0n },
            { accountId: account, asset: "DOGE", balanceTotal: 0n, ledgerTotal: -1n },
          ]),
        );
        assert.deepEqual(violations?.reservations, [
          { accountId: account, asset: "XRP", locked: 200_000_000n, reserved: 0n },
        ]);
        assert.deepEqual(violations?.conservation, [{ asset: "DOGE", drift: -1n }]);
        throw new Undo();
      });
      await assert.rejects(seen, Undo);
    });
  });
}
