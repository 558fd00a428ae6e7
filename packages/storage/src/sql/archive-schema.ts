import type { Timestamp } from "@tse/domain";
import { sql } from "kysely";
import { StorageError } from "../errors.ts";
import type { SqlDatabase } from "./sql-database.ts";
import { timestampText } from "./value-parsers.ts";

const NAME_LENGTH_MAX = 63;

/** Whether the database has the schema at all. */
export async function hasSchema<Tables>({ db, schema }: SqlDatabase<Tables>): Promise<boolean> {
  const { rows } = await sql`select 1 from pg_namespace where nspname = ${schema}`.execute(db);
  return rows.length > 0;
}

/** What a schema is called that was moved aside: `exchange_archived_20260105t093000z`. */
export function archivedName(schema: string, at: Timestamp): string {
  const time = timestampText(at).replace(/[-:]|\.\d+/g, "");
  const ending = `_archived_${time.toLowerCase()}`;
  return `${schema.slice(0, NAME_LENGTH_MAX - ending.length)}${ending}`;
}

/**
 * Moves a schema aside by giving it the name `archivedName`, as its one writer. Nothing of it is dropped;
 * the next writer makes an empty one.
 *
 * @throws StorageError `schema_in_use` when a process writes it, `not_found` when there is none
 */
export async function archiveSchema<Tables>(
  database: SqlDatabase<Tables>,
  at: Timestamp,
): Promise<string> {
  const { schema, db } = database;
  const name = archivedName(schema, at);
  const claim = await database.claim(() => {});
  try {
    if (!(await hasSchema(database))) {
      throw new StorageError("not_found", `there is no schema ${schema}`);
    }
    await sql`alter schema ${sql.id(schema)} rename to ${sql.id(name)}`.execute(db);
    return name;
  } finally {
    await claim.release();
  }
}
