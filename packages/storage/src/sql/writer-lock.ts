import type { Clock, Random, Timer } from "@tse/domain";
import { backoff } from "../backends/backoff.ts";
import type { SchemaClaim, SqlDatabase } from "./sql-database.ts";

export interface WriterLockOptions {
  /** Real time, also where the world's time is virtual. */
  readonly clock: Clock;
  readonly random: Random;
  /** The lock is gone: write nothing until `onRegained`. */
  readonly onLost: () => void;
  readonly onRegained: () => void;
}

/** The right to write a schema. */
export interface WriterLock {
  /** False between a lost connection and the next successful claim. */
  readonly held: boolean;
  release(): Promise<void>;
}

/**
 * Makes this process the one writer of the schema. A lock that was lost with its connection is claimed
 * again, for ever; another writer may have it meanwhile.
 *
 * @throws StorageError `schema_in_use` when another process has it, `storage_unavailable`
 */
export async function acquireWriterLock<Tables>(
  database: SqlDatabase<Tables>,
  options: WriterLockOptions,
): Promise<WriterLock> {
  const keeper = new LockKeeper(database, options);
  await keeper.claim();
  return keeper;
}

class LockKeeper<Tables> implements WriterLock {
  readonly #database: SqlDatabase<Tables>;
  readonly #options: WriterLockOptions;
  #claim: SchemaClaim | undefined;
  #retry: Timer | undefined;
  #attempts = 0;
  #released = false;

  constructor(database: SqlDatabase<Tables>, options: WriterLockOptions) {
    this.#database = database;
    this.#options = options;
  }

  get held(): boolean {
    return this.#claim !== undefined;
  }

  async claim(): Promise<void> {
    const claim = await this.#database.claim(() => this.#lost());
    this.#claim = claim;
    if (this.#released) await this.release();
  }

  async release(): Promise<void> {
    this.#released = true;
    this.#retry?.cancel();
    const claim = this.#claim;
    this.#claim = undefined;
    await claim?.release();
  }

  #lost(): void {
    this.#claim = undefined;
    this.#options.onLost();
    this.#retryLater();
  }

  #retryLater(): void {
    if (this.#released) return;
    const { clock, random } = this.#options;
    this.#retry = clock.after(backoff(this.#attempts, random), () => void this.#claimAgain());
    this.#attempts += 1;
  }

  async #claimAgain(): Promise<void> {
    try {
      await this.claim();
    } catch {
      // Unreachable, or another has it: both may pass.
      this.#retryLater();
      return;
    }
    this.#attempts = 0;
    if (this.held) this.#options.onRegained();
  }
}
