import { assert } from "@tse/domain";
import { BackendMonitor } from "../backends/backend-monitor.ts";
import { StorageError } from "../errors.ts";
import { remotePglite } from "../pglite/pglite.ts";
import { PgliteHost } from "../pglite/pglite-host.ts";
import { type Migration, migrate } from "../sql/migrations.ts";
import { openPostgres } from "../sql/postgres.ts";
import type { SqlDatabase } from "../sql/sql-database.ts";
import { acquireWriterLock, type WriterLock } from "../sql/writer-lock.ts";
import type { DataAdapterParts, StoreConfig } from "./adapter-config.ts";

export interface SqlBackendOptions {
  readonly store: Exclude<StoreConfig, { readonly kind: "memory" }>;
  readonly schema: string;
  readonly access: "writer" | "reader";
  readonly parts: DataAdapterParts;
  readonly migrations: () => Promise<readonly Migration[]>;
}

/** The database of an adapter: how it is opened, watched, claimed and closed. */
export class SqlBackend {
  readonly monitor: BackendMonitor;
  readonly #options: SqlBackendOptions;
  #database: SqlDatabase<unknown> | undefined;
  #host: PgliteHost | undefined;
  #lock: WriterLock | undefined;
  #prepared = false;
  #closed = false;

  /** @throws StorageError `invalid_query` for an address that isn't one */
  constructor(options: SqlBackendOptions) {
    this.#options = options;
    const { store, parts } = options;
    const onServer = store.kind === "postgres";
    if (store.kind !== "embedded") this.#database = this.#open(store);
    const embedded = !onServer && this.#database?.kind !== "postgres";
    this.monitor = new BackendMonitor({
      backend: embedded ? "pglite" : "postgres",
      ping: () => this.#ping(),
      prepare: () => this.#prepare(),
      clock: parts.realClock,
      random: parts.random,
      logger: parts.logger,
      ...(parts.metrics !== undefined && { metrics: parts.metrics }),
    });
  }

  /** @throws StorageError `storage_unavailable` before the schema was reached and prepared once */
  get database(): SqlDatabase<unknown> {
    if (this.#prepared) return this.#opened;
    throw new StorageError("storage_unavailable", "the database was not connected yet");
  }

  /**
   * A claim goes with its connection and is asked for again: until then another process may write the
   * schema, or the server hasn't noticed yet that the connection is gone. Both pass.
   *
   * @throws StorageError `storage_unavailable` meanwhile
   */
  assertWritable(): void {
    if (this.#lock?.held === false) {
      const { schema } = this.#options;
      throw new StorageError("storage_unavailable", `the claim on ${schema} was lost for now`);
    }
  }

  /** What has to be closed, in order. */
  closings(): (() => Promise<void>)[] {
    this.#closed = true;
    this.monitor.close();
    return [
      async () => this.#lock?.release(),
      async () => this.#database?.close(),
      async () => this.#host?.close(),
    ];
  }

  async #ping(): Promise<void> {
    const { store } = this.#options;
    if (this.#closed) throw new StorageError("storage_unavailable", "the adapter was disconnected");
    if (this.#database === undefined && store.kind === "embedded") {
      const { directory, images } = store;
      this.#host = new PgliteHost({
        ...(directory !== undefined && { directory }),
        ...(images !== undefined && { images }),
      });
      this.#database = this.#open({ kind: "port", port: this.#host.connect() });
    }
    await this.#host?.ready();
    await this.#opened.ping();
  }

  get #opened(): SqlDatabase<unknown> {
    assert(this.#database !== undefined, "a ping opens the database first");
    return this.#database;
  }

  #open(store: Exclude<SqlBackendOptions["store"], { readonly kind: "embedded" }>) {
    const { schema, parts } = this.#options;
    const onOutcome = (failure: StorageError | undefined) => this.monitor.report(failure);
    switch (store.kind) {
      case "postgres":
        return openPostgres<unknown>({
          url: store.url,
          schema,
          onOutcome,
          ...(store.pool !== undefined && { pool: store.pool }),
          ...(parts.metrics !== undefined && { metrics: parts.metrics }),
        });
      case "port":
        return remotePglite<unknown>(store.port, { schema, onOutcome });
      case "database":
        return store.database;
    }
  }

  /** First the claim: only the schema's writer may migrate it. */
  async #prepare(): Promise<void> {
    const { schema, parts, access } = this.#options;
    const { realClock: clock, random, logger } = parts;
    if (access === "reader") {
      this.#prepared = true;
      return;
    }
    this.#lock ??= await acquireWriterLock(this.#opened, {
      clock,
      random,
      onLost: () => logger.warn("DataAdapter lost its claim on the schema", { schema }),
      onRegained: () => logger.info("DataAdapter claimed the schema again", { schema }),
    });
    const migrations = await this.#options.migrations();
    const applied = await migrate(this.#opened, { migrations });
    for (const { version, name } of applied) {
      logger.info("DataAdapter applied a migration", { schema, version, name });
    }
    this.#prepared = true;
  }
}
