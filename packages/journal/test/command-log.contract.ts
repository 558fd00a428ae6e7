import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { AccountNumber, Command, Sequence, Timestamp } from "@tse/domain";
import { InvariantViolation } from "@tse/domain";
import { type CommandLog, JournalUnavailable, type LogEntry } from "../src/index.ts";

/** A log under test, and a way to break what it writes to. */
export interface LogUnderTest {
  readonly log: CommandLog;
  /** Makes every later write fail, without a word to the log. */
  failWrites(): void;
}

const command: Command = { kind: "close_account", account: 1 as AccountNumber };

function entry(sequence: number, time = sequence * 1000): LogEntry {
  return {
    sequence: sequence as Sequence,
    time: time as Timestamp,
    origin: { actor: "key-1", correlationId: `c-${sequence}` },
    command,
  };
}

/** Entries `first` to `last`, both included. */
export function entries(first: number, last: number): LogEntry[] {
  return Array.from({ length: last - first + 1 }, (_, i) => entry(first + i));
}

/** Everything from `from` on. */
export async function readAll(log: CommandLog, from: number): Promise<LogEntry[]> {
  const read: LogEntry[] = [];
  for await (const run of log.read(from as Sequence)) read.push(...run);
  return read;
}

async function sequences(log: CommandLog, from: number): Promise<number[]> {
  return (await readAll(log, from)).map(({ sequence }) => sequence);
}

/** What every command log promises, whatever it is made of. */
export function commandLogContract(name: string, open: () => Promise<LogUnderTest>): void {
  describe(`a command log (${name})`, () => {
    let log: CommandLog;
    let failWrites: () => void;

    beforeEach(async () => {
      ({ log, failWrites } = await open());
    });
    afterEach(() => log.close());

    it("is empty at first", async () => {
      assert.equal(log.lastSequence, 0);
      assert.equal(log.firstSequence, 1);
      assert.deepEqual(await sequences(log, 1), []);
    });

    it("resolves an append with the batch's last sequence, then has the batch", async () => {
      assert.equal(await log.append(entries(1, 3)), 3);
      assert.equal(log.lastSequence, 3);
      assert.equal(await log.append(entries(4, 4)), 4);
      assert.equal(log.lastSequence, 4);
    });

    it("gives back exactly what was appended", async () => {
      await log.append(entries(1, 2));
      assert.deepEqual(await readAll(log, 1), entries(1, 2));
    });

    it("reads from anywhere, over the bounds of batches, to the end", async () => {
      await log.append(entries(1, 3));
      await log.append(entries(4, 5));
      assert.deepEqual(await sequences(log, 1), [1, 2, 3, 4, 5]);
      assert.deepEqual(await sequences(log, 3), [3, 4, 5]);
      assert.deepEqual(await sequences(log, 5), [5]);
      assert.deepEqual(await sequences(log, 6), []);
    });

    it("reads on to entries that became durable meanwhile", async () => {
      await log.append(entries(1, 1));
      const reader = log.read(1 as Sequence)[Symbol.asyncIterator]();
      assert.deepEqual((await reader.next()).value, entries(1, 1));
      await log.append(entries(2, 2));
      assert.deepEqual((await reader.next()).value, entries(2, 2));
      assert.equal((await reader.next()).done, true);
    });

    it("keeps everything from the released sequence on, and says what it holds", async () => {
      await log.append(entries(1, 5));
      const first = await log.release(4 as Sequence);
      assert.equal(log.firstSequence, first);
      assert.ok(first <= 4);
      assert.deepEqual(await sequences(log, 4), [4, 5]);
      assert.equal(await log.append(entries(6, 6)), 6);
    });

    it("makes appends durable in the order of the calls, also when they are not awaited", async () => {
      const durable: number[] = [];
      const appends = [entries(1, 2), entries(3, 3), entries(4, 9)].map((batch) =>
        log.append(batch).then((last) => durable.push(last)),
      );
      await Promise.all(appends);
      assert.deepEqual(durable, [2, 3, 9]);
      assert.deepEqual(await sequences(log, 1), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    });

    it("shows no entry of an append before that is durable", async () => {
      const append = log.append(entries(1, 2));
      assert.equal(log.lastSequence, 0);
      await append;
      assert.equal(log.lastSequence, 2);
    });

    it("calls a gap, a repetition, time that goes back and an empty batch our bugs", async () => {
      await log.append(entries(1, 2));
      const broken = [entries(4, 4), entries(2, 3), [entry(3), entry(5)], [entry(3, 1999)], []];
      for (const batch of broken) await assert.rejects(log.append(batch), InvariantViolation);

      await log.append(entries(3, 3));
      assert.deepEqual(await sequences(log, 1), [1, 2, 3]);
    });

    it("takes nothing more once an append failed, and never acknowledges what waited behind it", async () => {
      await log.append(entries(1, 1));
      failWrites();
      const outcomes = await Promise.allSettled([
        log.append(entries(2, 2)),
        log.append(entries(3, 3)),
      ]);
      for (const outcome of outcomes) {
        assert.equal(outcome.status, "rejected");
        assert.ok(outcome.reason instanceof JournalUnavailable);
      }

      await assert.rejects(log.append(entries(2, 2)), JournalUnavailable);
      assert.equal(log.lastSequence, 1);
    });

    it("keeps the reason of the failure as the error's cause", async () => {
      failWrites();
      const failure = await log.append(entries(1, 1)).catch((error: unknown) => error);
      assert.ok(failure instanceof JournalUnavailable);
      assert.ok(failure.cause instanceof Error);
    });

    it("waits, when closing, for appends under way", async () => {
      const append = log.append(entries(1, 1));
      await log.close();
      assert.equal(await append, 1);
    });

    it("refuses appends and reads once it is closed; closing again does nothing", async () => {
      await log.close();
      await log.close();
      await assert.rejects(log.append(entries(1, 1)), JournalUnavailable);
      await assert.rejects(sequences(log, 1), JournalUnavailable);
    });
  });
}
