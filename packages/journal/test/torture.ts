import assert from "node:assert/strict";
import type { AccountNumber, OrderSeq, Sequence, Timestamp } from "@tse/domain";
import { FileCommandLog, type LogEntry, verifyJournal } from "../src/index.ts";
import { FaultyDisk, systemError } from "./faulty-disk.ts";
import { SeededChance } from "./seeded-chance.ts";
import { SimulatedDisk } from "./simulated-disk.ts";

/** What one seed did. */
export interface Tally {
  readonly lives: number;
  readonly appended: number;
  readonly acknowledged: number;
  readonly tornTails: number;
  readonly failures: number;
}

/** The log under test; a test of the tests gives a broken one. */
type Opener = Pick<typeof FileCommandLog, "open">;

/** The process of this life is gone: what it waited for never happens. */
class LifeOver extends Error {}

const SEGMENT_BYTES = 8192;
const LIVES = 4;

/**
 * Lives of a journal on a simulated disk: it is opened, appended to by producers that don't wait for
 * each other, and ended at a random moment by a power cut, a kill, a failing disk or in peace. After
 * each life the next one must find everything that was acknowledged, exactly, and of an append that
 * was not all or nothing.
 *
 * @throws AssertionError when it does not
 */
export async function torture(seed: number, opener: Opener = FileCommandLog): Promise<Tally> {
  const world = new World(seed, opener);
  for (let life = 1; life <= LIVES; life++) await world.live(life);
  await world.live(0);
  await world.verify();
  return world.tally;
}

class World {
  readonly #opener: Opener;
  readonly #chance: SeededChance;
  #disk: SimulatedDisk;
  #faulty: FaultyDisk;
  /** All that was appended and may still be there, by sequence. */
  readonly #appended: LogEntry[] = [];
  /** Sequences at which an append ended. */
  readonly #ends = new Set<number>([0]);
  readonly #equalSizes: boolean;
  #acknowledged = 0;
  #released = 0;
  #epoch = 0;
  #stepsLeft = Number.POSITIVE_INFINITY;
  /** Last durable entry when the disk failed first in this life. */
  #failedAt = Number.POSITIVE_INFINITY;
  #retries: (() => void)[] = [];
  #violation: Error | undefined;
  #lives = 0;
  #tornTails = 0;
  #failures = 0;
  #total = 0;

  constructor(seed: number, opener: Opener) {
    this.#opener = opener;
    this.#chance = new SeededChance(seed);
    this.#disk = new SimulatedDisk(this.#chance);
    this.#faulty = new FaultyDisk(this.#disk);
    // Frames of one size are what a stale frame would need to come back to life.
    this.#equalSizes = this.#chance.oneIn(2);
  }

  get tally(): Tally {
    return {
      lives: this.#lives,
      appended: this.#total,
      acknowledged: this.#acknowledged,
      tornTails: this.#tornTails,
      failures: this.#failures,
    };
  }

  /** @param life 0: the last one, which only looks */
  async live(life: number): Promise<void> {
    this.#lives += 1;
    this.#stepsLeft = life === 0 ? Number.POSITIVE_INFINITY : this.#chance.integer(150);
    this.#failedAt = Number.POSITIVE_INFINITY;
    this.#retries = [];
    this.#faulty = new FaultyDisk(this.#disk);
    try {
      const log = await this.#drive(this.#opener.open(this.#options));
      await this.#check(log);
      if (life > 0) await this.#work(log, life);
      await this.#drive(log.close());
    } catch (error) {
      if (!(error instanceof LifeOver)) throw error;
    }
    this.#disk = this.#chance.oneIn(4) ? this.#disk.killed() : this.#disk.cut();
  }

  /** The chain, and the hashes of closed segments. */
  async verify(): Promise<void> {
    this.#stepsLeft = Number.POSITIVE_INFINITY;
    const { problem } = await this.#drive(verifyJournal(this.#disk));
    assert.equal(problem, undefined);
  }

  get #options() {
    return {
      disk: this.#faulty,
      segmentBytes: SEGMENT_BYTES,
      retry: (task: () => void) => this.#retries.push(task),
    };
  }

  /** Lets the disk work until `promise` is settled, or the life is over. */
  async #drive<Result>(promise: Promise<Result>): Promise<Result> {
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    promise.then(settle, settle);
    for (;;) {
      await this.#turn();
      if (isSettled) return promise;
      this.#step();
    }
  }

  #step(): void {
    if (this.#stepsLeft-- <= 0) throw new LifeOver();
    if (this.#disk.waiting > 0) this.#disk.step();
    else this.#retries.shift()?.();
  }

  /** What the journal holds after it was opened is what must be in it for ever. */
  async #check(log: FileCommandLog): Promise<void> {
    const { lastSequence, firstSequence, epoch } = log;
    assert.ok(lastSequence >= this.#acknowledged, "what was acknowledged is there");
    assert.ok(this.#ends.has(lastSequence), "an append is there as a whole or not at all");
    assert.ok(firstSequence <= this.#released + 1, "what was not released is there");
    assert.ok(epoch > this.#epoch, "each opening has an epoch of its own");
    if (log.tornTail !== undefined) this.#tornTails += 1;
    this.#epoch = epoch;
    this.#acknowledged = lastSequence;
    this.#appended.length = lastSequence;
    for (const end of this.#ends) if (end > lastSequence) this.#ends.delete(end);
    await this.#drive(this.#compare(log, firstSequence));
  }

  async #compare(log: FileCommandLog, from: Sequence): Promise<void> {
    let next: number = from;
    for await (const run of log.read(from)) {
      for (const entry of run) assert.deepEqual(entry, this.#appended[next++ - 1]);
    }
    assert.ok(next > log.lastSequence || next > this.#acknowledged, "reading reaches the end");
  }

  async #work(log: FileCommandLog, life: number): Promise<void> {
    const plan = this.#chance.integer(6);
    const failsAfter = 1 + this.#chance.integer(20);
    if (plan === 0) this.#failWrites(log, failsAfter);
    if (plan === 1) this.#failSegments(failsAfter);
    const actions = this.#chance.integer(60);
    for (let action = 0; action < actions; action++) {
      this.#append(log, life);
      if (this.#chance.oneIn(12)) this.#release(log);
      if (this.#chance.oneIn(15)) this.#read(log);
      await this.#turn();
      while (!this.#chance.oneIn(3)) {
        this.#step();
        await this.#turn();
      }
    }
  }

  #append(log: FileCommandLog, life: number): void {
    const batch: LogEntry[] = [];
    const size = this.#chance.oneIn(3) ? 1 + this.#chance.integer(5) : 1;
    while (batch.length < size) {
      const entry = this.#entry(batch.at(-1) ?? this.#appended.at(-1), life);
      if (!log.reserve(entry.command, entry.origin)) break;
      batch.push(entry);
    }
    const last = batch.at(-1)?.sequence;
    if (last === undefined) return;
    this.#appended.push(...batch);
    this.#ends.add(last);
    this.#total += batch.length;
    const appended = log.append(batch).then(
      (durable) => {
        assert.equal(durable, last);
        assert.ok(durable > this.#acknowledged, "acknowledged once, in order");
        assert.ok(durable <= this.#failedAt, "nothing is acknowledged once the disk failed");
        this.#acknowledged = durable;
      },
      (error: Error) => {
        assert.equal(error.name, "JournalUnavailable", "what room was set aside for is taken");
        this.#failures += 1;
      },
    );
    this.#watch(appended);
  }

  /** A promise that nobody waits for: what goes wrong in it ends the run. */
  #watch(promise: Promise<unknown>): void {
    promise.catch((error: Error) => {
      // A log that failed or is closed may say so.
      if (error.name !== "JournalUnavailable") this.#violation ??= error;
    });
  }

  /** Lets everything happen that waits for nothing. */
  async #turn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#violation !== undefined) throw this.#violation;
  }

  #release(log: FileCommandLog): void {
    const before = 1 + this.#chance.integer(log.lastSequence + 1);
    this.#released = Math.max(this.#released, before - 1);
    this.#watch(log.release(before as Sequence));
  }

  #read(log: FileCommandLog): void {
    const from = log.firstSequence + this.#chance.integer(1 + log.lastSequence - log.firstSequence);
    this.#watch(this.#compare(log, from as Sequence));
  }

  #failWrites(log: FileCommandLog, after: number): void {
    let writes = 0;
    this.#faulty.fault = ({ operation, name, bytes }) => {
      if (operation !== "write" || name.endsWith(".new")) return undefined;
      if (++writes < after) return undefined;
      this.#failedAt = Math.min(this.#failedAt, log.lastSequence);
      if (writes === after && bytes > 8) return this.#chance.integer(bytes);
      return systemError("EIO");
    };
  }

  /** For a while there is no room for another segment. */
  #failSegments(calls: number): void {
    let left = calls;
    this.#faulty.fault = ({ operation, name }) => {
      const isMaking = name.endsWith(".new") && (operation === "write" || operation === "open");
      return isMaking && left-- > 0 ? systemError("ENOSPC") : undefined;
    };
  }

  #entry(before: LogEntry | undefined, life: number): LogEntry {
    const sequence = (before?.sequence ?? 0) + 1;
    const time = (before?.time ?? 0) + this.#chance.integer(3);
    const text = `${life}-${this.#total}`;
    const length = this.#equalSizes ? 16 : 8 + this.#chance.integer(300);
    return {
      sequence: sequence as Sequence,
      time: time as Timestamp,
      origin: { actor: "", correlationId: "" },
      command: {
        kind: "cancel_order",
        account: (life + 1) as AccountNumber,
        orderSeq: 1 as OrderSeq,
        clientOrderId: text.padStart(length, "."),
      },
    };
  }
}
