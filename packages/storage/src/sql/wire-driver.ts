import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from "kysely";
import type pg from "pg";
import { StorageError } from "../errors.ts";
import { storageErrorOf } from "./sql-errors.ts";

/** Told after every statement and every failed connection: `undefined` when the backend answered. */
export type OutcomeListener = (failure: StorageError | undefined) => void;

/**
 * kysely's way to a pool of `pg` connections: to a server's sockets or to ports of an embedded database,
 * which speak the same protocol. Throws `StorageError` and nothing else.
 */
export class WireDriver implements Driver {
  readonly #pool: pg.Pool;
  readonly #idleMax: number;
  readonly #onOutcome: OutcomeListener;

  constructor(pool: pg.Pool, idleMax: number, onOutcome: OutcomeListener) {
    this.#pool = pool;
    this.#idleMax = idleMax;
    this.#onOutcome = onOutcome;
    // An idle connection that breaks is already out of the pool; unheard, its error would end the process.
    pool.on("error", (cause) => onOutcome(storageErrorOf(cause)));
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<WireConnection> {
    try {
      return new WireConnection(await this.#pool.connect(), this.#onOutcome);
    } catch (cause) {
      const failure = storageErrorOf(cause);
      this.#onOutcome(failure);
      throw failure;
    }
  }

  async beginTransaction(connection: WireConnection): Promise<void> {
    await connection.begin();
  }

  /** @throws StorageError `internal` when a statement failed and its error was caught inside the unit */
  async commitTransaction(connection: WireConnection): Promise<void> {
    const done = await connection.end("commit");
    if (done !== "COMMIT") {
      throw new StorageError(
        "internal",
        "a unit of work went on after a statement of it had failed",
      );
    }
  }

  async rollbackTransaction(connection: WireConnection): Promise<void> {
    try {
      await connection.end("rollback");
    } catch {
      // The connection is given up, which rolls back too; what failed before is the error that counts.
      connection.giveUp();
    }
  }

  async releaseConnection(connection: WireConnection): Promise<void> {
    const surplus = this.#pool.idleCount >= this.#idleMax && this.#pool.waitingCount === 0;
    connection.release(surplus);
  }

  async destroy(): Promise<void> {}
}

/** One connection while it is out of the pool. */
class WireConnection implements DatabaseConnection {
  readonly #client: pg.PoolClient;
  readonly #onOutcome: OutcomeListener;
  #broken = false;
  /** Whether its unit of work has come to an end: what is sent now would be outside of any. */
  #ended = false;

  constructor(client: pg.PoolClient, onOutcome: OutcomeListener) {
    this.#client = client;
    this.#onOutcome = onOutcome;
    client.on("error", this.giveUp);
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    if (this.#ended) {
      throw new StorageError("internal", "a statement came after the end of its unit of work");
    }
    // A text of several statements has a result for each; the last one counts.
    const result = [await this.#query(sql, [...parameters])].flat().at(-1)!;
    const changes = result.command === "SELECT" ? null : result.rowCount;
    return {
      rows: result.rows as Row[],
      ...(changes === null ? {} : { numAffectedRows: BigInt(changes) }),
    };
  }

  // biome-ignore lint/correctness/useYield: it refuses
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new StorageError("internal", "rows come in pages here, not in streams");
  }

  async begin(): Promise<void> {
    this.#ended = false;
    await this.#query("begin", []);
  }

  /**
   * Ends the unit of work, and does so before the other statements of a failed one come, which nobody
   * waited for.
   *
   * @returns what the server says that it did: after `commit` of a failed unit, `ROLLBACK`
   */
  async end(text: "commit" | "rollback"): Promise<string> {
    this.#ended = true;
    return (await this.#query(text, [])).command;
  }

  readonly giveUp = (): void => {
    this.#broken = true;
  };

  release(surplus: boolean): void {
    this.#client.off("error", this.giveUp);
    this.#client.release(this.#broken || surplus);
  }

  async #query(text: string, values: unknown[]): Promise<pg.QueryResult> {
    try {
      const result = await this.#client.query(text, values);
      this.#onOutcome(undefined);
      return result;
    } catch (cause) {
      const failure = storageErrorOf(cause);
      const unreachable = failure.code === "storage_unavailable";
      if (unreachable) this.giveUp();
      this.#onOutcome(unreachable ? failure : undefined);
      throw failure;
    }
  }
}
