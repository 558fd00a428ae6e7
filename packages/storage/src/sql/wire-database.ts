import { Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from "kysely";
import type pg from "pg";
import type { SchemaClaim, SqlDatabase } from "./sql-database.ts";
import { type OutcomeListener, WireDriver } from "./wire-driver.ts";

export interface WireDatabaseParts {
  readonly kind: SqlDatabase<unknown>["kind"];
  readonly schema: string;
  readonly pool: pg.Pool;
  /** Connections that are kept open without work. */
  readonly idleMax: number;
  readonly onOutcome: OutcomeListener;
  readonly claim: (onLost: () => void) => Promise<SchemaClaim>;
  /** What is left to close after the pool. */
  readonly closeRest: () => Promise<void>;
}

/** A database behind a pool of `pg` connections, whatever the connections are made of. */
export class WireDatabase<Tables> implements SqlDatabase<Tables> {
  readonly kind: SqlDatabase<Tables>["kind"];
  readonly schema: string;
  readonly db: Kysely<Tables>;
  readonly claim: (onLost: () => void) => Promise<SchemaClaim>;
  readonly #pool: pg.Pool;
  readonly #closeRest: () => Promise<void>;
  #closed: Promise<void> | undefined;

  constructor(parts: WireDatabaseParts) {
    this.kind = parts.kind;
    this.schema = parts.schema;
    this.claim = parts.claim;
    this.#pool = parts.pool;
    this.#closeRest = parts.closeRest;
    const driver = new WireDriver(parts.pool, parts.idleMax, parts.onOutcome);
    this.db = new Kysely<Tables>({
      dialect: {
        createAdapter: () => new PostgresAdapter(),
        createDriver: () => driver,
        createIntrospector: (db) => new PostgresIntrospector(db),
        createQueryCompiler: () => new PostgresQueryCompiler(),
      },
    });
  }

  transaction<Result>(work: (db: Kysely<Tables>) => Promise<Result>): Promise<Result> {
    return this.db.transaction().execute(work);
  }

  async ping(): Promise<void> {
    await sql`select 1`.execute(this.db);
  }

  close(): Promise<void> {
    this.#closed ??= this.#pool.end().then(this.#closeRest);
    return this.#closed;
  }
}
