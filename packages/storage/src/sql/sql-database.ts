import type { Kysely } from "kysely";

/** The right to be the one writer of a schema, while it is held. */
export interface SchemaClaim {
  release(): Promise<void>;
}

/**
 * One schema of a PostgreSQL server or of an embedded PGlite directory. Unqualified names mean tables of
 * that schema.
 *
 * Values come back alike from both: `numeric` as text, `int8` as bigint, `timestamptz` as whole
 * microseconds since 1970 (number), `jsonb` parsed, `bytea` as Uint8Array, arrays as arrays. Values go in
 * as text, numbers, booleans, null or arrays of text, cast in the statement: `$1::text::uuid[]`.
 *
 * Every method throws `StorageError` and nothing else: a lost connection is `storage_unavailable`, a
 * violated unique rule `already_exists`, a violated check or foreign key `conflict`, a value that its
 * column can't hold `invalid_query`. `violatedConstraint` tells which rule it was.
 */
export interface SqlDatabase<Tables> {
  readonly kind: "postgres" | "pglite";
  readonly schema: string;

  /** Statements outside a unit of work, each one atomic. */
  readonly db: Kysely<Tables>;

  /**
   * All of `work` or, when it throws, nothing of it; what it throws is thrown. `work` must use only the
   * handle it is given. `storage_unavailable` leaves open whether a commit that was under way took place.
   */
  transaction<Result>(work: (db: Kysely<Tables>) => Promise<Result>): Promise<Result>;

  /** Resolves when the backend answered. @throws StorageError `storage_unavailable` */
  ping(): Promise<void>;

  /**
   * Claims the schema for this writer alone; `acquireWriterLock` keeps such a claim over lost connections.
   * An embedded directory belongs to its process already: there the claim always succeeds.
   *
   * @param onLost called once when the claim ended unasked: another may hold it now
   * @throws StorageError `schema_in_use`, `storage_unavailable`
   */
  claim(onLost: () => void): Promise<SchemaClaim>;

  /** Waits for the statements under way. Safe to call twice. */
  close(): Promise<void>;
}
