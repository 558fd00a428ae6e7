import { performance } from "node:perf_hooks";
import { type Sequence, type Timestamp, timestamp } from "@tse/domain";
import {
  type AuditEvent,
  chained,
  type ExchangeDataAdapter,
  type ExchangeRepositories,
} from "@tse/exchange-data-adapter";
import type { CommandLog, LogEntry } from "@tse/journal";
import { StorageError } from "@tse/storage";
import type { Follower } from "./follower.ts";
import { countRows, type ProjectionRows } from "./projection-rows.ts";
import type { RowFold } from "./row-fold.ts";

/** The one projection of the exchange, by its name in `projection_positions`. */
export const PROJECTION = "exchange";

export interface ProjectorParts {
  readonly log: Pick<CommandLog, "read">;
  /** Stands at `position`. */
  readonly follower: Follower;
  readonly fold: RowFold;
  readonly adapter: Pick<ExchangeDataAdapter, "transaction">;
  readonly worldId: string;
  /** Last sequence whose rows are stored. */
  readonly position: Sequence;
  /** The newest link of the audit chain there; `undefined` when it is empty. */
  readonly lastAudit: AuditLink | undefined;
  /** Real time from one step to the next, in ms, unless much waits: a step of few costs as much as one of many. */
  readonly paceMs: number;
  /** Told of each step once it is stored. */
  readonly onStep: (step: ProjectionStep) => void;
  /** Told when a step could not be stored and will be tried again. */
  readonly onFailure: (error: StorageError) => void;
  /** Resolves when it is worth to try again; at most as long as `storage_unavailable` lasts. */
  readonly available: (attempt: number) => Promise<void>;
}

type AuditLink = Pick<AuditEvent, "seq" | "hash">;

/** Something that waits until everything up to `from` is stored. */
interface Task {
  readonly from: Sequence;
  readonly run: () => Promise<void>;
  readonly reject: (error: StorageError) => void;
}

/** A step as it is made. */
interface Run {
  readonly rows: ProjectionRows;
  readonly audit: readonly AuditEvent[];
  readonly units: number;
  readonly time: Timestamp;
}

/** What one unit of work stored. */
export interface ProjectionStep {
  readonly position: Sequence;
  /** World time of the last command. */
  readonly time: Timestamp;
  readonly units: number;
  readonly rows: number;
}

/** Most commands of one unit of work: what has piled up goes together, up to here. */
const STEP_MAX = 5_000;

/** So many commands wait for no pace. */
const STEP_SOON = 500;

/** Commands without a row after which the position is stored all the same. */
const SILENT_MAX = 10_000;

/**
 * Writes what the commands of the journal did into SQL, in order and exactly once: whole units, many in
 * one transaction together with the sequence of the last.
 *
 * It reads the journal again instead of being handed what happens, so that nothing piles up in memory
 * while SQL is away. What it could not store is kept, whole, and tried again.
 */
export class Projector {
  readonly #parts: ProjectorParts;
  #position: Sequence;
  /** What `projection_positions` says: behind `#position` only by commands that left no row. */
  #stored: Sequence;
  #lastAudit: AuditLink | undefined;
  /** Durable in the journal, as far as it was told. */
  #durable: Sequence;
  #wake: () => void = () => {};
  /** Ends the pause between two steps. */
  #hurry: () => void = () => {};
  #nextStepAt = 0;
  #stopping = false;
  #endAt = Number.POSITIVE_INFINITY;
  /** Stopping while storage was away. */
  #gaveUp = false;
  #done: Promise<void> | undefined;
  /** The step on its way into SQL. */
  #storing: Promise<void> = Promise.resolve();
  readonly #tasks: Task[] = [];
  #ended = false;
  /** Read and not applied yet. */
  #ahead: LogEntry[] = [];
  #lastTime = timestamp(0);

  constructor(parts: ProjectorParts) {
    this.#parts = parts;
    this.#position = parts.position;
    this.#stored = parts.position;
    this.#lastAudit = parts.lastAudit;
    this.#durable = parts.position;
  }

  get position(): Sequence {
    return this.#position;
  }

  /**
   * Runs until `stop`. Rejects when a step can't ever be stored: `storage_conflict` when the database
   * belongs to another world or another writer, anything else when a row breaks a rule of its table.
   */
  start(): Promise<void> {
    this.#done ??= this.#run().finally(() => this.#end());
    return this.#done;
  }

  /** The journal is durable up to `sequence`. */
  durable(sequence: Sequence): void {
    if (sequence <= this.#durable) return;
    this.#durable = sequence;
    this.#wake();
    if (this.#isHurried) this.#hurry();
  }

  /**
   * Ends when everything durable is stored, after the step under way when `withinMs` have passed, or at
   * once when storage doesn't take it. The rest is stored after the next start.
   */
  async stop(withinMs: number): Promise<void> {
    this.#stopping = true;
    this.#endAt = performance.now() + withinMs;
    this.#wake();
    this.#hurry();
    await this.#done?.catch(() => {});
  }

  /**
   * Runs `task` between two steps, when everything that was durable at the call is stored and the follower
   * stands at the position.
   *
   * @throws StorageError `storage_unavailable` when the projection ends first
   */
  atRest<Result>(task: (follower: Follower) => Promise<Result>): Promise<Result> {
    const from = this.#durable;
    return new Promise((resolve, reject) => {
      const run = () => task(this.#parts.follower).then(resolve, reject);
      if (this.#ended) return reject(endedFirst());
      this.#tasks.push({ from, run, reject });
      this.#wake();
      this.#hurry();
    });
  }

  async #run(): Promise<void> {
    while (!this.#gaveUp && performance.now() < this.#endAt) {
      const [task] = this.#tasks;
      if (task !== undefined && this.#parts.follower.sequence >= task.from) {
        await this.#runTask();
      } else if (this.#parts.follower.sequence < this.#durable) {
        await this.#pause();
        await this.#step();
      } else if (this.#stopping) break;
      else await this.#idle();
    }
    await this.#storing;
    if (!this.#gaveUp) await this.#storePosition();
  }

  async #runTask(): Promise<void> {
    await this.#storing;
    if (!this.#gaveUp) await this.#tasks.shift()?.run();
  }

  #end(): void {
    this.#ended = true;
    for (const { reject } of this.#tasks.splice(0)) reject(endedFirst());
  }

  /** Until there is more to do; a failure of what is being stored ends the wait. */
  #idle(): Promise<unknown> {
    const more = this.#more();
    return Promise.race([more, this.#storing.then(() => more)]);
  }

  get #isHurried(): boolean {
    const waiting = this.#durable - this.#parts.follower.sequence;
    return waiting >= STEP_SOON || this.#stopping || this.#tasks.length > 0;
  }

  /** Lets commands come together while few wait. */
  async #pause(): Promise<void> {
    const now = performance.now();
    const ms = this.#nextStepAt - now;
    if (ms > 0 && !this.#isHurried) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, ms);
      this.#hurry = resolve;
      await promise;
      clearTimeout(timer);
    }
    this.#nextStepAt = performance.now() + this.#parts.paceMs;
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** While one run of rows is on its way into SQL, the next is made. */
  async #step(): Promise<void> {
    const { fold } = this.#parts;
    await this.#gather();
    const units = fold.units;
    if (units === 0) return;
    const rows = fold.take();
    const audit = chained(this.#lastAudit, rows.audit);
    this.#lastAudit = audit.at(-1) ?? this.#lastAudit;
    const time = this.#lastTime;
    await this.#storing;
    this.#storing = this.#storeStep({ rows, audit, units, time });
    // Whoever waits for it next hears of its failure.
    this.#storing.catch(() => {});
  }

  async #storeStep({ rows, audit, units, time }: Run): Promise<void> {
    const count = countRows(rows);
    const isSilent = count === 0 && rows.last - this.#stored < SILENT_MAX;
    if (!isSilent) await this.#store(rows, audit);
    if (this.#gaveUp) return;
    this.#position = rows.last;
    this.#parts.onStep({ position: rows.last, time, units, rows: count });
  }

  /** Applies what is durable, up to the size of a step. */
  async #gather(): Promise<void> {
    const { log, follower, fold } = this.#parts;
    while (fold.units < STEP_MAX && follower.sequence < this.#durable) {
      if (this.#ahead.length === 0) this.#ahead = await this.#next(log);
      const room = STEP_MAX - fold.units;
      for (const entry of this.#ahead.splice(0, room)) {
        if (entry.sequence > this.#durable) continue;
        this.#lastTime = entry.time;
        fold.add(follower.apply(entry));
      }
    }
  }

  async #next(log: Pick<CommandLog, "read">): Promise<LogEntry[]> {
    const next = (this.#parts.follower.sequence + 1) as Sequence;
    for await (const run of log.read(next)) return [...run];
    return [];
  }

  async #store(rows: ProjectionRows, audit: readonly AuditEvent[]): Promise<void> {
    const { onFailure, available } = this.#parts;
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#write(rows, audit);
        return;
      } catch (error) {
        if (!(error instanceof StorageError) || error.code !== "storage_unavailable") throw error;
        onFailure(error);
        this.#gaveUp = this.#stopping;
        if (this.#gaveUp) return;
        await available(attempt);
      }
    }
  }

  /** All or nothing. A commit whose answer was lost is found done when it is tried again. */
  async #write(rows: ProjectionRows, audit: readonly AuditEvent[]): Promise<void> {
    const { adapter, worldId } = this.#parts;
    await adapter.transaction(async (repositories) => {
      const { projectionRepository } = repositories;
      const known = await projectionRepository.get(PROJECTION);
      if (known?.worldId === worldId && known.lastSequence === rows.last) return;
      const step = { projection: PROJECTION, worldId, expected: this.#stored, last: rows.last };
      await projectionRepository.advance(step);
      await writeRows(repositories, rows, audit);
    });
    this.#stored = rows.last;
  }

  /** At the end, what left no row is counted as well. */
  async #storePosition(): Promise<void> {
    const { adapter, worldId } = this.#parts;
    if (this.#position === this.#stored) return;
    const last = this.#position;
    const step = { projection: PROJECTION, worldId, expected: this.#stored, last };
    await adapter.transaction(({ projectionRepository }) => projectionRepository.advance(step));
    this.#stored = last;
  }
}

function endedFirst(): StorageError {
  return new StorageError("storage_unavailable", "the projection ended before that");
}

/** In the order in which the tables refer to each other. */
async function writeRows(
  repositories: ExchangeRepositories,
  rows: ProjectionRows,
  audit: readonly AuditEvent[],
): Promise<void> {
  await repositories.instrumentRepository.saveAssets(rows.assets);
  await repositories.instrumentRepository.saveMany(rows.instruments);
  await repositories.instrumentRepository.saveFeeTiers(rows.feeTiers);
  await repositories.accountRepository.saveMany(rows.accounts);
  await repositories.apiKeyRepository.saveMany(rows.apiKeys);
  await repositories.orderRepository.saveMany(rows.orders);
  // None of these refers to another: the texts of all are made while the first is carried out.
  await Promise.all([
    repositories.tradeRepository.saveMany(rows.trades),
    repositories.tapeRepository.saveMany(rows.tape),
    repositories.balanceRepository.saveMany(rows.balances),
    repositories.transferRepository.saveMany(rows.transfers),
    repositories.ledgerRepository.append(rows.ledger),
    repositories.auditRepository.append(audit),
    repositories.idempotencyRepository.saveMany(rows.replies),
  ]);
}
