import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { type Timestamp, timestamp } from "@tse/domain";
import { sql } from "kysely";
import { archivedName, archiveSchema, hasSchema, type SqlDatabase } from "../src/index.ts";
import { TEST_BACKENDS } from "../src/testing/index.ts";

const AT: Timestamp = timestamp(1_767_605_400_000_001);

describe("the name of a schema that was moved aside", () => {
  it("has the old name and the time", () => {
    equal(archivedName("exchange", AT), "exchange_archived_20260105t093000z");
  });

  it("fits, however long the old name is", () => {
    const name = archivedName("x".repeat(63), AT);
    equal(name.length, 63);
    match(name, /^x+_archived_20260105t093000z$/);
  });
});

for (const backend of TEST_BACKENDS) {
  describe(`a schema in ${backend.name}`, { skip: backend.skip }, () => {
    let database: SqlDatabase<unknown>;
    const archived = () => archivedName(database.schema, AT);

    beforeEach(async () => {
      database = await backend.open();
    });
    afterEach(async () => {
      const { db, schema } = database;
      await sql`drop schema if exists ${sql.id(archived())} cascade`.execute(db);
      if (!(await hasSchema(database))) await sql`create schema ${sql.id(schema)}`.execute(db);
      await database.close();
    });

    it("is moved aside with all that is in it, and leaves its name free", async () => {
      const { db, schema } = database;
      await sql`create table ${sql.id(schema, "t")} as select 42 as n`.execute(db);
      equal(await archiveSchema(database, AT), archived());
      equal(await hasSchema(database), false);
      const { rows } = await sql`select n from ${sql.id(archived(), "t")}`.execute(db);
      deepEqual(rows, [{ n: 42 }]);
    });

    it("isn't moved when there is none", async () => {
      await archiveSchema(database, AT);
      await rejects(archiveSchema(database, AT), { code: "not_found" });
    });

    it("isn't moved while somebody writes it", { skip: backend.name === "pglite" }, async () => {
      const claim = await database.claim(() => {});
      await rejects(archiveSchema(database, AT), { code: "schema_in_use" });
      await claim.release();
      equal(await archiveSchema(database, AT), archived());
    });
  });
}
