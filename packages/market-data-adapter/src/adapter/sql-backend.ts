import {
  acquireWriterLock,
  BackendMonitor,
  type Migration,
  migrate,
  openPostgres,
  PgliteHost,
  remotePglite,
  type SqlDatabase,
  StorageError,
  type WriterLock,
} from "@tse/storage";
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
  #closed = false;

  /** @throws StorageError `invalid_query` for an address that isn't one */
  constructor(options: SqlBackendOptions) {
    this.#options = options;
    const { store, access, parts } = options;
    const onServer = store.kind === "postgres";
    if (store.kind !== "embedded") this.#database = this.#open(store);
    const embedded = !onServer && this.#database?.kind !== "postgres";
    this.monitor = new BackendMonitor({
      backend: embedded ? "pglite" : "postgres",
      ping: () => this.#ping(),
      ...(access === "writer" && { prepare: () => this.#prepare() }),
      clock: parts.realClock,
      random: parts.random,
      logger: parts.logger,
      ...(parts.metrics !== undefined && { metrics: parts.metrics }),
    });
  }

  /** @throws StorageError `storage_unavailable` when an embedded database was not started yet */
  get database(): SqlDatabase<unknown> {
    if (this.#database !== undefined) return this.#database;
    throw new StorageError("storage_unavailable", "the database was not connected yet");
  }

  /** @throws StorageError `schema_in_use` while another process may write the schema */
  assertWritable(): void {
    if (this.#lock?.held === false) {
      throw new StorageError("schema_in_use", `the claim on ${this.#options.schema} was lost`);
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
    await this.database.ping();
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
    const { schema, parts } = this.#options;
    const { realClock: clock, random, logger } = parts;
    this.#lock ??= await acquireWriterLock(this.database, {
      clock,
      random,
      onLost: () => logger.warn("DataAdapter lost its claim on the schema", { schema }),
      onRegained: () => logger.info("DataAdapter claimed the schema again", { schema }),
    });
    const migrations = await this.#options.migrations();
    const applied = await migrate(this.database, { migrations });
    for (const { version, name } of applied) {
      logger.info("DataAdapter applied a migration", { schema, version, name });
    }
  }
}
