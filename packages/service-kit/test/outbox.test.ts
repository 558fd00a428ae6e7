import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { describe, it } from "node:test";
import { Outbox } from "../src/streams/outbox.ts";

/** A connection that takes something only when the test says so. */
class Connection extends Writable {
  /** What each system call would have been given. */
  readonly writes: string[] = [];
  #taken: (() => void)[] = [];

  constructor() {
    super({ highWaterMark: 1 });
  }

  override _writev(
    chunks: readonly { readonly chunk: Buffer }[],
    taken: (error?: Error | null) => void,
  ): void {
    this.writes.push(chunks.map(({ chunk }) => chunk.toString()).join(""));
    this.#taken.push(() => taken());
  }

  take(): void {
    const taken = this.#taken;
    this.#taken = [];
    for (const each of taken) each();
  }
}

function openOutbox() {
  const connection = new Connection();
  const slow: string[] = [];
  const outbox = new Outbox(connection, () => slow.push("slow"));
  return { connection, outbox, slow };
}

const nextTick = () => new Promise<void>((resolve) => process.nextTick(resolve));
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("The way out to a client", () => {
  it("gathers what is written in one turn into one write", async () => {
    const { connection, outbox } = openOutbox();
    for (const text of ["a", "b", "c"]) outbox.deliver(Buffer.from(text), 1);
    assert.deepEqual(connection.writes, []);
    await nextTick();

    assert.deepEqual(connection.writes, ["abc"]);
  });

  it("counts the events and bytes that the connection hasn't taken, and only those", async () => {
    const { connection, outbox } = openOutbox();
    outbox.deliver(Buffer.from("snapshot"), 0);
    outbox.deliver(Buffer.from("three events"), 3);
    await nextTick();
    assert.deepEqual([outbox.behind, outbox.unsent], [3, "snapshotthree events".length]);
    connection.take();
    await nextTurn();

    assert.deepEqual([outbox.behind, outbox.unsent], [0, 0]);
  });

  it("lets a client go once it is more than 1,000 events behind, and tells so once", () => {
    const { outbox, slow } = openOutbox();
    outbox.deliver(Buffer.from("x"), 1_000);
    outbox.deliver(Buffer.from("x"), 1);
    assert.deepEqual(slow, []);
    outbox.deliver(Buffer.from("x"), 1);
    outbox.deliver(Buffer.from("x"), 1);

    assert.deepEqual([slow, outbox.behind], [["slow"], 1_001]);
  });

  it("lets a client go that asks for snapshot after snapshot and reads none", () => {
    const { outbox, slow } = openOutbox();
    const snapshot = Buffer.alloc(1024 * 1024);
    for (let i = 0; i < 17; i++) outbox.deliver(snapshot, 0);
    assert.deepEqual(slow, []);
    outbox.deliver(snapshot, 0);

    assert.deepEqual(slow, ["slow"]);
  });

  it("delivers nothing once it is closed", async () => {
    const { connection, outbox } = openOutbox();
    outbox.close();
    outbox.deliver(Buffer.from("late"), 1);
    await nextTick();

    assert.deepEqual([connection.writes, outbox.behind], [[], 0]);
  });
});
