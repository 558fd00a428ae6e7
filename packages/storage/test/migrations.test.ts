import { deepEqual, equal, rejects } from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { sql } from "kysely";
import {
  type Migration,
  migrate,
  migrationStatus,
  readMigrations,
  type SqlDatabase,
} from "../src/index.ts";
import { TEST_BACKENDS } from "../src/testing/index.ts";

const LEDGER = `
  CREATE TABLE IF NOT EXISTS schema_migrations (
    version INT PRIMARY KEY, name VARCHAR(100) NOT NULL, checksum CHAR(64),
    applied_at TIMESTAMPTZ NOT NULL DEFAULT now());
  CREATE TABLE counter (n INT NOT NULL);
  CREATE FUNCTION counted() RETURNS BIGINT LANGUAGE sql STABLE SET search_path FROM CURRENT
    AS $$ SELECT count(*) FROM counter $$;
  INSERT INTO counter VALUES (1);
  INSERT INTO schema_migrations (version, name) VALUES (1, 'ledger') ON CONFLICT DO NOTHING;
`;

const FIRST: Migration = { version: 1, name: "ledger", sql: LEDGER };
const SECOND: Migration = { version: 2, name: "more", sql: "INSERT INTO counter VALUES (2)" };
const BROKEN: Migration = {
  version: 2,
  name: "broken",
  sql: "INSERT INTO counter VALUES (2); SELECT 1 / 0",
};

for (const backend of TEST_BACKENDS) {
  describe(`migrations in ${backend.name}`, { skip: backend.skip }, () => {
    let database: SqlDatabase<unknown>;

    beforeEach(async () => {
      database = await backend.open();
    });
    const open: SqlDatabase<unknown>[] = [];
    beforeEach(() => open.push(database));
    after(() => Promise.all(open.map((each) => each.close())));

    const conflict = (text: RegExp) => ({ code: "storage_conflict", message: text });
    const counted = async (path = database.schema) => {
      const { rows } = await sql<{ n: bigint }>`select ${sql.id(path, "counted")}() as n`.execute(
        database.db,
      );
      return rows[0]?.n;
    };

    it("makes the schema and applies each migration once, in order", async () => {
      await sql`drop schema ${sql.id(database.schema)}`.execute(database.db);
      const told: number[] = [];
      const onProgress = ({ version }: Migration) => told.push(version);
      const migrations = [FIRST, SECOND];

      deepEqual(await migrate(database, { migrations, onProgress }), migrations);
      deepEqual(await migrate(database, { migrations, onProgress }), []);

      deepEqual(told, [1, 2]);
      equal(await counted(), 2n);
    });

    it("gives functions the schema as their search path", async () => {
      await migrate(database, { migrations: [FIRST] });
      await database.transaction(async (db) => {
        await sql`set local search_path to pg_catalog`.execute(db);
        const { rows } = await sql`select ${sql.id(database.schema, "counted")}() as n`.execute(db);
        deepEqual(rows, [{ n: 1n }]);
      });
    });

    it("lets one of several runners apply", async () => {
      const runs = await Promise.all(
        [1, 2, 3, 4].map(() => migrate(database, { migrations: [FIRST, SECOND] })),
      );
      deepEqual(
        runs
          .flat()
          .map(({ version }) => version)
          .sort(),
        [1, 2],
      );
      equal(await counted(), 2n);
    });

    it("leaves nothing of a migration that fails, and tries it again", async () => {
      await rejects(migrate(database, { migrations: [FIRST, BROKEN] }), { code: "invalid_query" });
      equal(await counted(), 1n);
      deepEqual(await migrate(database, { migrations: [FIRST, SECOND] }), [SECOND]);
    });

    it("refuses a text that has changed, by name", async () => {
      await migrate(database, { migrations: [FIRST] });
      const changed = { ...FIRST, sql: `${FIRST.sql} -- changed` };

      const refusal = conflict(/migration 1 \(ledger\).*another text/);
      await rejects(migrate(database, { migrations: [changed, SECOND] }), refusal);
      equal(await counted(), 1n);
    });

    it("takes the same text with other line ends", async () => {
      await migrate(database, { migrations: [FIRST] });
      const windows = { ...FIRST, sql: FIRST.sql.replaceAll("\n", "\r\n") };

      deepEqual(await migrate(database, { migrations: [windows] }), []);
    });

    it("refuses a database that is ahead", async () => {
      await migrate(database, { migrations: [FIRST, SECOND] });
      const refusal = conflict(/migration 2 \(more\).*older than the database/);
      await rejects(migrate(database, { migrations: [FIRST] }), refusal);
    });

    it("takes over what was applied by hand, and watches its text from then on", async () => {
      await sql.raw(LEDGER).execute(database.db);
      deepEqual(await migrate(database, { migrations: [FIRST] }), []);
      equal(await counted(), 1n);

      const changed = { ...FIRST, sql: `${FIRST.sql} -- changed` };
      await rejects(migrate(database, { migrations: [changed] }), conflict(/another text/));
    });

    it("tells how the schema stands, changing nothing", async () => {
      const states = async (...migrations: Migration[]) =>
        (await migrationStatus(database, migrations)).map(({ version, state }) => [version, state]);

      deepEqual(await states(FIRST, SECOND), [
        [1, "pending"],
        [2, "pending"],
      ]);
      await migrate(database, { migrations: [FIRST, SECOND] });
      deepEqual(await states(FIRST, BROKEN), [
        [1, "applied"],
        [2, "changed"],
      ]);
      deepEqual(await states(FIRST), [
        [1, "applied"],
        [2, "unknown"],
      ]);
    });
  });
}

describe("the files of migrations", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "tse-migrations-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("are read in order, by the number and name of each", async () => {
    await writeFile(join(folder, "0010-last.sql"), "select 10");
    await writeFile(join(folder, "0002-second.sql"), "select 2");
    await writeFile(join(folder, "README.md"), "no migration");

    deepEqual(await readMigrations(pathToFileURL(`${folder}/`)), [
      { version: 2, name: "second", sql: "select 2" },
      { version: 10, name: "last", sql: "select 10" },
    ]);
  });
});
