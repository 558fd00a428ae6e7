import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { timestamp } from "@tse/domain";
import { migrate, migrationStatus, type SqlDatabase, violatedConstraint } from "@tse/storage";
import { auditTable, outboxTable } from "@tse/storage/adapter";
import { columnName, SqlSession } from "@tse/storage/rows";
import { TEST_BACKENDS } from "@tse/storage/testing";
import { type Kysely, sql } from "kysely";
import { candleTable, marketDataView, ohlcvView } from "../src/candles/candle-table.ts";
import { datasetPointTable, datasetTable } from "../src/datasets/dataset-table.ts";
import { deleteOldest } from "../src/history.ts";
import { marketSnapshotTable, tickerView } from "../src/market-snapshots/market-snapshot-table.ts";
import { marketDataMigrations } from "../src/migrations.ts";
import { orderBookTable } from "../src/order-books/order-book-table.ts";
import { priceFeedTable } from "../src/price-feeds/price-feed-table.ts";
import { scenarioRunTable } from "../src/scenario-runs/scenario-run-table.ts";
import { symbolTable } from "../src/symbols/symbol-table.ts";
import { badInsertions, goodInsertions } from "./bad-rows.ts";
import { refused } from "./refused.ts";

type Described = { readonly name: string; readonly columns: object };

const TABLES: readonly Described[] = [
  auditTable,
  candleTable,
  datasetPointTable,
  datasetTable,
  marketSnapshotTable,
  orderBookTable,
  outboxTable,
  priceFeedTable,
  scenarioRunTable,
  symbolTable,
];
const VIEWS: readonly Described[] = [marketDataView, ohlcvView, tickerView];

const goodDataset = goodInsertions.find((good) => good.includes("into datasets")) as string;
const goodAudit = goodInsertions.find((good) => good.includes("into audit_events")) as string;

const migrations = await marketDataMigrations();

/** Runs `work` in a transaction of which nothing stays. */
async function withoutTrace(
  database: SqlDatabase<unknown>,
  work: (db: Kysely<unknown>) => Promise<void>,
): Promise<void> {
  const undo = new Error("undo");
  const undone = database.transaction(async (db) => {
    await work(db);
    throw undo;
  });
  await assert.rejects(undone, undo);
}

async function values(db: Kysely<unknown>, text: string): Promise<unknown[]> {
  const { rows } = await sql.raw<Record<string, unknown>>(text).execute(db);
  return rows.map((row) => Object.values(row)[0]);
}

/** Every CHECK that refuses the row: each is found when those found before it are away. */
async function brokenBy(
  database: SqlDatabase<unknown>,
  { table, text }: { readonly table: string; readonly text: string },
): Promise<string[]> {
  const found: string[] = [];
  const taken = new Error("taken");
  for (;;) {
    const refusal = database.transaction(async (db) => {
      if (table === "dataset_points") await sql.raw(goodDataset).execute(db);
      for (const name of found) {
        await sql.raw(`alter table ${table} drop constraint ${name}`).execute(db);
      }
      await sql.raw(text).execute(db);
      throw taken;
    });
    const failure: unknown = await refusal.catch((error: unknown) => error);
    if (failure === taken) return found;
    found.push(String(violatedConstraint(failure)));
  }
}

for (const { name, skip, open } of TEST_BACKENDS) {
  describe(`the market-data schema in ${name}`, { skip }, () => {
    let database: SqlDatabase<unknown>;
    before(async () => {
      database = await open();
      await migrate(database, { migrations });
    });
    after(() => database.close());

    it("is made once, under the name it was given, and says that it is whole", async () => {
      assert.deepEqual(await migrate(database, { migrations }), []);
      assert.deepEqual(
        (await migrationStatus(database, migrations)).map(({ version, state }) => [version, state]),
        [[1, "applied"]],
      );
      const { rows } = await sql.raw("select * from health_check()").execute(database.db);
      assert.deepEqual(rows, [
        { schema_name: database.schema, table_count: 11n, status: "healthy" },
      ]);
    });

    it("can be run a second time, which changes nothing", async () => {
      const symbols = await values(database.db, "select symbol_id from symbols order by 1");
      await database.transaction(async (db) => {
        for (const migration of migrations) await sql.raw(migration.sql).execute(db);
      });
      assert.equal(symbols.length, 9);
      assert.deepEqual(
        await values(database.db, "select symbol_id from symbols order by 1"),
        symbols,
      );
    });

    it("has the tables and views that the repositories describe, column by column", async () => {
      const found = await values(
        database.db,
        `select json_build_array(table_name, column_name) from information_schema.columns
         where table_schema = current_schema() and table_name <> 'schema_migrations'`,
      );
      const described = [...TABLES, ...VIEWS].flatMap((table) =>
        Object.keys(table.columns).map((field) => [table.name, columnName(field)]),
      );
      assert.deepEqual(found.toSorted(), described.toSorted());
    });

    it("refuses a bad row for every CHECK that it has", async () => {
      const broken = new Set<unknown>();
      await withoutTrace(database, async (db) => {
        for (const good of goodInsertions) await sql.raw(good).execute(db);
      });
      for (const bad of badInsertions) {
        const names = await brokenBy(database, bad);
        assert.ok(names.length > 0, bad.text);
        for (const name of names) broken.add(name);
      }
      const checks = await values(
        database.db,
        `select conname from pg_constraint
         where contype = 'c' and connamespace = current_schema()::regnamespace`,
      );
      assert.deepEqual([...broken].toSorted(), checks.toSorted());
    });

    it("keeps audit rows for ever", async () => {
      await sql.raw(goodAudit).execute(database.db);
      for (const change of [
        "update audit_events set actor = 'other'",
        "delete from audit_events",
        "truncate audit_events",
      ]) {
        await refused("conflict", sql.raw(change).execute(database.db));
      }
    });

    it("gives the role of the adapter the rights it needs, and no other", async () => {
      await withoutTrace(database, async (db) => {
        const known = await values(
          db,
          "select 1 from pg_roles where rolname = 'market_data_adapter'",
        );
        if (known.length === 0) await sql.raw("create role market_data_adapter").execute(db);
        for (const migration of migrations) await sql.raw(migration.sql).execute(db);

        const rights = await values(
          db,
          `select json_build_array(c.relname, string_agg(p, ' ' order by p)) from pg_class c,
             unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) p
           where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r','v')
             and has_table_privilege('market_data_adapter', c.oid, p)
           group by c.relname`,
        );
        const all = "DELETE INSERT SELECT UPDATE";
        const names = [...TABLES, ...VIEWS].map((table) => table.name).concat("schema_migrations");
        const expected = names.map((table) => [
          table,
          table === "audit_events" ? "INSERT SELECT" : all,
        ]);
        assert.deepEqual(rights.toSorted(), expected.toSorted());
        assert.deepEqual(
          await values(
            db,
            `select p from unnest('{USAGE,CREATE}'::text[]) p
             where has_schema_privilege('market_data_adapter', current_schema(), p)`,
          ),
          ["USAGE"],
        );
      });
    });

    it("deletes in statements of at most 10,000 rows", async () => {
      await sql
        .raw(
          `create table deletions (ordinal int generated always as identity, count bigint);
           create function note_deletion() returns trigger language plpgsql as $$
             begin insert into deletions (count) select count(*) from gone; return null; end $$;
           create trigger noted after delete on price_feeds referencing old table as gone
             for each statement execute function note_deletion();
           insert into price_feeds (symbol, price, "timestamp")
             select 'OLD/USD', 1, '2026-01-01T00:00:00Z'::timestamptz + i * interval '1 microsecond'
             from generate_series(1, 25000) i`,
        )
        .execute(database.db);
      const rows = new SqlSession(() => database).rows(priceFeedTable);
      const before = timestamp(Date.UTC(2026, 0, 2) * 1000);

      const where = [{ field: "timestamp", is: "<", value: before }] as const;
      assert.equal(await deleteOldest(rows, "timestamp", where), 25_000);
      assert.deepEqual(await values(database.db, "select count from deletions order by ordinal"), [
        10_000n,
        10_000n,
        5_000n,
      ]);
    });
  });
}
