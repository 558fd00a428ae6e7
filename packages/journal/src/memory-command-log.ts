import { assert, type Sequence } from "@tse/domain";
import { type CommandLog, JournalUnavailable, type LogEntry } from "./command-log.ts";

export interface MemoryCommandLogOptions {
  /** Stands for the disk: a batch is durable once this resolved. Called once a batch, in order. */
  readonly flush?: (batch: readonly LogEntry[]) => Promise<void>;
  /** How many of the newest entries are kept; all by default. */
  readonly retain?: number;
}

/** Most entries that a reader gets at once. */
const RUN_MAX = 1_000;

/** A command log that ends with its process. For tests, and for worlds that need not survive. */
export class MemoryCommandLog implements CommandLog {
  readonly #flush: (batch: readonly LogEntry[]) => Promise<void>;
  readonly #retain: number;
  /** Durable and still held, oldest first. */
  #entries: LogEntry[] = [];
  #appended = 0;
  #lastTime = Number.NEGATIVE_INFINITY;
  #durable = 0;
  /** Settles when the newest append did; never rejects. */
  #tail: Promise<void> = Promise.resolve();
  #closed = false;
  #failure: JournalUnavailable | undefined;

  constructor(options: MemoryCommandLogOptions = {}) {
    this.#flush = options.flush ?? (async () => {});
    this.#retain = options.retain ?? Number.POSITIVE_INFINITY;
  }

  get firstSequence(): Sequence {
    return (this.#durable - this.#entries.length + 1) as Sequence;
  }

  get lastSequence(): Sequence {
    return this.#durable as Sequence;
  }

  /** Memory is bounded by `retain`, so there is always room. */
  reserve(): boolean {
    return true;
  }

  async append(batch: readonly LogEntry[]): Promise<Sequence> {
    this.#refuseWhenUnusable();
    this.#count(batch);
    const written = this.#tail.then(() => this.#write(batch));
    this.#tail = written.catch(() => {});
    await written;
    return batch[batch.length - 1]?.sequence as Sequence;
  }

  async *read(from: Sequence): AsyncGenerator<readonly LogEntry[]> {
    for (let next: number = from; ; ) {
      if (this.#closed) throw new JournalUnavailable("the journal is closed");
      if (next < this.firstSequence) {
        throw new JournalUnavailable(`the journal no longer holds entry ${next}`);
      }
      const start = next - this.firstSequence;
      const run = this.#entries.slice(start, start + RUN_MAX);
      if (run.length === 0) return;
      next += run.length;
      yield run;
    }
  }

  async release(before: Sequence): Promise<Sequence> {
    const released = before - this.firstSequence;
    if (released > 0) this.#entries = this.#entries.slice(released);
    return this.firstSequence;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#tail;
    this.#entries = [];
  }

  #refuseWhenUnusable(): void {
    if (this.#closed) throw new JournalUnavailable("the journal is closed");
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Checks that the batch continues the log, before any of it is taken. */
  #count(batch: readonly LogEntry[]): void {
    assert(batch.length > 0, "a batch has at least one entry");
    let sequence = this.#appended;
    let time = this.#lastTime;
    for (const entry of batch) {
      assert(entry.sequence === sequence + 1, "sequences in the journal have no gap");
      assert(entry.time >= time, "time in the journal never goes backward");
      sequence = entry.sequence;
      time = entry.time;
    }
    this.#appended = sequence;
    this.#lastTime = time;
  }

  async #write(batch: readonly LogEntry[]): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      await this.#flush(batch);
    } catch (cause) {
      this.#failure = new JournalUnavailable("an append to the journal failed", { cause });
      throw this.#failure;
    }
    for (const entry of batch) this.#entries.push(entry);
    this.#durable += batch.length;
    // Dropped in halves, so that keeping the newest costs a copy of one entry per entry at most.
    if (this.#entries.length > 2 * this.#retain) this.#entries = this.#entries.slice(-this.#retain);
  }
}
