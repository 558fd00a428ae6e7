import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import type { Timestamp } from "@tse/domain";
import { type Kysely, sql } from "kysely";
import { StorageError } from "../errors.ts";
import { schemaKey } from "./schema-key.ts";
import type { SqlDatabase } from "./sql-database.ts";

/**
 * One step of a schema. Its text may hold several statements, names no schema, and begins and ends no
 * transaction: the runner does both. A text that was applied anywhere never changes.
 */
export interface Migration {
  /** From 1, without a gap. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

export interface MigrationState {
  readonly version: number;
  readonly name: string;
  /** `changed`: applied with another text. `unknown`: applied by a newer program. */
  readonly state: "applied" | "pending" | "changed" | "unknown";
  /** `undefined` while it is pending. */
  readonly appliedAt: Timestamp | undefined;
}

export interface MigrateOptions {
  readonly migrations: readonly Migration[];
  /** Told before each migration that is applied. */
  readonly onProgress?: (migration: Migration) => void;
}

interface AppliedRow {
  readonly version: number;
  readonly name: string;
  /** SHA-256; null when somebody ran the file by hand. */
  readonly checksum: string | null;
  readonly appliedAt: Timestamp;
}

const FILE = /^(\d+)-([a-z0-9_-]+)\.sql$/;

/** The migrations of a folder, in order: files such as `0001-exchange.sql`. */
export async function readMigrations(folder: URL): Promise<readonly Migration[]> {
  const files = (await readdir(folder)).filter((file) => FILE.test(file)).sort();
  return Promise.all(
    files.map(async (file) => {
      const [, version, name] = FILE.exec(file)!;
      const text = await readFile(new URL(file, folder), "utf8");
      return { version: Number(version), name: name!, sql: text };
    }),
  );
}

/**
 * Brings the schema up to the last migration, making the schema first where there is none. Each migration
 * is one transaction with its row in `schema_migrations`. Of two runners at once one applies and the other
 * finds it done.
 *
 * @returns those that were applied, in order
 * @throws StorageError `storage_conflict` when an applied text has changed or the database is ahead;
 * nothing was done then
 */
export async function migrate<Tables>(
  database: SqlDatabase<Tables>,
  { migrations, onProgress }: MigrateOptions,
): Promise<readonly Migration[]> {
  const done: Migration[] = [];
  for (;;) {
    const applied = await database.transaction((db) =>
      applyNext(db, database.schema, migrations, onProgress),
    );
    if (applied === undefined) return done;
    done.push(applied);
  }
}

/** How the database stands to the migrations; changes nothing. In order of version. */
export async function migrationStatus<Tables>(
  { db, schema }: SqlDatabase<Tables>,
  migrations: readonly Migration[],
): Promise<readonly MigrationState[]> {
  return compare(await appliedRows(db, schema), migrations);
}

async function applyNext<Tables>(
  db: Kysely<Tables>,
  schema: string,
  migrations: readonly Migration[],
  onProgress: MigrateOptions["onProgress"],
): Promise<Migration | undefined> {
  const key = schemaKey(schema, "migrations");
  await sql`select pg_advisory_xact_lock(${key}::text::int8)`.execute(db);
  const rows = await appliedRows(db, schema);
  refuseConflicts(compare(rows, migrations), schema);
  await adopt(db, schema, rows, migrations);
  const next = migrations.find(({ version }) => !rows.some((row) => row.version === version));
  if (next === undefined) return undefined;

  onProgress?.(next);
  await makeSchema(db, schema);
  await sql`set local search_path to ${sql.id(schema)}`.execute(db);
  await sql.raw(next.sql).execute(db);
  await record(db, schema, next);
  return next;
}

function compare(rows: readonly AppliedRow[], migrations: readonly Migration[]): MigrationState[] {
  const applied = new Map(rows.map((row) => [row.version, row]));
  const known = migrations.map((migration): MigrationState => {
    const { version, name } = migration;
    const row = applied.get(version);
    applied.delete(version);
    if (row === undefined) return { version, name, state: "pending", appliedAt: undefined };
    const same = row.checksum === null || row.checksum === checksum(migration);
    const { appliedAt } = row;
    return { version, name, state: same ? "applied" : "changed", appliedAt };
  });
  const unknown = [...applied.values()].map(
    ({ version, name, appliedAt }): MigrationState => ({
      version,
      name,
      state: "unknown",
      appliedAt,
    }),
  );
  return [...known, ...unknown].sort((a, b) => a.version - b.version);
}

function refuseConflicts(states: readonly MigrationState[], schema: string): void {
  for (const { version, name, state } of states) {
    if (state === "changed") {
      throw new StorageError(
        "storage_conflict",
        `migration ${version} (${name}) of the schema ${schema} was applied with another text`,
      );
    }
    if (state === "unknown") {
      throw new StorageError(
        "storage_conflict",
        `the schema ${schema} has migration ${version} (${name}), which this program does not know: it is older than the database`,
      );
    }
  }
}

/** Records the text of what was applied by hand: the file writes its row, but can't know its checksum. */
async function adopt<Tables>(
  db: Kysely<Tables>,
  schema: string,
  rows: readonly AppliedRow[],
  migrations: readonly Migration[],
): Promise<void> {
  for (const row of rows.filter(({ checksum }) => checksum === null)) {
    const migration = migrations.find(({ version }) => version === row.version)!;
    await record(db, schema, migration);
  }
}

/** Not `create schema if not exists`, which asks for a right that the owner of a ready schema may lack. */
async function makeSchema<Tables>(db: Kysely<Tables>, schema: string): Promise<void> {
  const { rows } = await sql`select 1 from pg_namespace where nspname = ${schema}`.execute(db);
  if (rows.length === 0) await sql`create schema ${sql.id(schema)}`.execute(db);
}

async function appliedRows<Tables>(
  db: Kysely<Tables>,
  schema: string,
): Promise<readonly AppliedRow[]> {
  const { rows: tables } = await sql`
    select 1 from pg_tables where schemaname = ${schema} and tablename = 'schema_migrations'
  `.execute(db);
  if (tables.length === 0) return [];

  const { rows } = await sql<AppliedRow>`
    select version, name, checksum, applied_at as "appliedAt"
    from ${sql.id(schema, "schema_migrations")} order by version
  `.execute(db);
  return rows;
}

async function record<Tables>(
  db: Kysely<Tables>,
  schema: string,
  migration: Migration,
): Promise<void> {
  await sql`
    insert into ${sql.id(schema, "schema_migrations")} (version, name, checksum)
    values (${migration.version}, ${migration.name}, ${checksum(migration)})
    on conflict (version) do update set checksum = excluded.checksum
  `.execute(db);
}

/** Of the text as every checkout has it: how a system ends its lines makes no difference. */
function checksum({ sql }: Migration): string {
  return createHash("sha256").update(sql.replaceAll("\r\n", "\n")).digest("hex");
}
