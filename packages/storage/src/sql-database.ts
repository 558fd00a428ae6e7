import type { Kysely } from "kysely";

/**
 * One schema of a PostgreSQL server or of an embedded PGlite directory. Unqualified names mean tables of
 * that schema.
 *
 * Values come back alike from both: `numeric` as text, `int8` as bigint, `timestamptz` as whole
 * microseconds since 1970 (number), `jsonb` parsed, `bytea` as Uint8Array, arrays as arrays. Values go in
 * as text, numbers, booleans, null or arrays of text, cast in the statement: `$1::text::uuid[]`.
 *
 * Every method throws `StorageError` and nothing else: a lost connection is `storage_unavailable`, a
 * violated unique rule `already_exists`, a violated check or foreign key `conflict`.
 */
export interface SqlDatabase<Tables> {
  readonly kind: "postgres" | "pglite";
  readonly schema: string;

  /** Statements outside a unit of work, each one atomic. */
  readonly db: Kysely<Tables>;

  /** All of `work` or, when it throws, nothing of it. `work` must use only the handle it is given. */
  transaction<Result>(work: (db: Kysely<Tables>) => Promise<Result>): Promise<Result>;

  /** Resolves when the backend answered. @throws StorageError `storage_unavailable` */
  ping(): Promise<void>;

  close(): Promise<void>;
}
