import { deepEqual } from "node:assert/strict";
import { describe, it } from "node:test";
import { SessionQueue } from "../src/pglite/session-queue.ts";

/** An answer that ends with ReadyForQuery in a state: idle, in a transaction, in a failed one. */
function ready(state: "I" | "T" | "E"): Uint8Array {
  return Uint8Array.of(0x43, 0x5a, 0, 0, 0, 5, state.charCodeAt(0));
}

/** A database that runs texts one after another; `begin` and `end` open and close a transaction. */
function recorded() {
  const ran: string[] = [];
  let state: "I" | "T" = "I";
  const execute = async (message: Uint8Array) => {
    const text = Buffer.from(message).toString();
    const [, query] = /^Q....(.*)\0$/s.exec(text) ?? [];
    ran.push(query ?? text);
    await Promise.resolve();
    if (text === "begin") state = "T";
    if (text === "end" || query === "rollback") state = "I";
    if (text === "break") throw new Error("broken");
    return ready(state);
  };
  const failures: unknown[] = [];
  const queue = new SessionQueue(execute, (cause) => failures.push(cause));
  const session = (schema: string) => ({ schema, answer: () => {} });
  const send = (to: ReturnType<typeof session>, ...texts: string[]) => {
    for (const text of texts) queue.send(to, Buffer.from(text));
  };
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { queue, session, send, ran, failures, settled };
}

describe("sessions that share a connection", () => {
  it("take turns in order of arrival, each under its own search path", async () => {
    const { session, send, ran, settled } = recorded();
    const [a, b] = [session("one"), session("two")];
    send(a, "a1");
    send(b, "b1");
    send(a, "a2");
    await settled();
    deepEqual(ran, [
      'set search_path to "one"',
      "a1",
      'set search_path to "two"',
      "b1",
      'set search_path to "one"',
      "a2",
    ]);
  });

  it("wait while one of them is in a transaction", async () => {
    const { session, send, ran, settled } = recorded();
    const [a, b] = [session("s"), session("s")];
    send(a, "begin");
    send(b, "b1", "b2");
    await settled();
    send(a, "a1", "end");
    send(a, "a2");
    await settled();
    deepEqual(ran.slice(1), ["begin", "a1", "end", "b1", "b2", "a2"]);
  });

  it("roll back and are forgotten when they leave", async () => {
    const { queue, session, send, ran, settled } = recorded();
    const [a, b] = [session("s"), session("s")];
    send(a, "begin");
    send(b, "b1");
    await settled();
    send(a, "a1");
    queue.leave(a);
    await settled();
    deepEqual(ran.slice(1), ["begin", "a1", "rollback", "b1"]);
  });

  it("take nothing from others when they leave without a transaction", async () => {
    const { queue, session, send, ran, settled } = recorded();
    const [a, b] = [session("s"), session("s")];
    send(a, "begin");
    send(b, "b1");
    queue.leave(b);
    await settled();
    send(a, "end");
    await settled();
    deepEqual(ran.slice(1), ["begin", "end"]);
  });

  it("let work be done alone between transactions", async () => {
    const { queue, session, send, ran, settled } = recorded();
    const a = session("s");
    send(a, "begin");
    const alone = queue.alone(async () => ran.push("alone"));
    await settled();
    send(a, "end");
    await alone;
    deepEqual(ran.slice(1), ["begin", "end", "alone"]);
  });

  it("stop when the database itself breaks", async () => {
    const { session, send, ran, failures, settled } = recorded();
    const a = session("s");
    send(a, "break", "a1");
    await settled();
    send(a, "a2");
    await settled();
    deepEqual(ran.slice(1), ["break"]);
    deepEqual(failures, [new Error("broken")]);
  });
});
