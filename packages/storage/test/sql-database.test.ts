import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Generated, sql } from "kysely";
import { type SqlDatabase, StorageError, violatedConstraint } from "../src/index.ts";
import { TEST_BACKENDS } from "../src/testing/index.ts";

interface Tables {
  item: { id: number; name: string | null; parent: number | null; changed: Generated<number> };
}

for (const backend of TEST_BACKENDS) {
  describe(`a database of ${backend.name}`, { skip: backend.skip }, () => {
    let database: SqlDatabase<Tables>;

    before(async () => {
      database = await backend.open<Tables>();
      await sql`
        create table item (
          id int primary key, name varchar(10) check (name <> ''), parent int references item (id),
          changed timestamptz not null default now())
      `.execute(database.db);
    });
    after(() => database.close());

    const failsWith = (code: string) => (error: unknown) => {
      ok(error instanceof StorageError);
      equal(error.code, code);
      return true;
    };
    const insert = (id: number, name: string, parent: number | null = null) =>
      database.db.insertInto("item").values({ id, name, parent }).execute();

    it("keeps unqualified names in its own schema", async () => {
      const { rows } = await sql`select schemaname as s from pg_tables where tablename = 'item'
        and schemaname = ${database.schema}`.execute(database.db);
      deepEqual(rows, [{ s: database.schema }]);
    });

    it("tells how many rows a statement changed", async () => {
      await insert(1, "one");
      await insert(2, "two");
      const [result] = await database.db.updateTable("item").set({ name: "x" }).execute();
      equal(result?.numUpdatedRows, 2n);
      const [deleted] = await database.db.deleteFrom("item").execute();
      equal(deleted?.numDeletedRows, 2n);
    });

    it("keeps all of a unit of work or nothing", async () => {
      await database.transaction(async (db) => {
        await db.insertInto("item").values({ id: 10, name: "kept", parent: null }).execute();
      });
      const stop = new Error("stop");
      await rejects(
        database.transaction(async (db) => {
          await db.insertInto("item").values({ id: 11, name: "lost", parent: null }).execute();
          throw stop;
        }),
        stop,
      );
      const rows = await database.db.selectFrom("item").select("id").execute();
      deepEqual(rows, [{ id: 10 }]);
    });

    it("refuses to commit a unit of work whose failed statement was passed over", async () => {
      await rejects(
        database.transaction(async (db) => {
          await sql`select 1 / 0`.execute(db).catch(() => {});
        }),
        failsWith("internal"),
      );
    });

    it("tells what a refusal means, and which rule it was", async () => {
      await insert(20, "here");
      await rejects(insert(20, "again"), (error) => {
        equal(violatedConstraint(error), "item_pkey");
        return failsWith("already_exists")(error);
      });
      await rejects(insert(21, ""), failsWith("conflict"));
      await rejects(insert(22, "child", 404), failsWith("conflict"));
      await rejects(insert(23, "longer than ten"), failsWith("invalid_query"));
      await rejects(sql`select nothing from nowhere`.execute(database.db), failsWith("internal"));
    });

    it("answers a ping", () => database.ping());
  });
}
