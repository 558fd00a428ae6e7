import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { giveWay } from "../background-thread.ts";
import { checkpoint, dump, openEngine } from "./engine.ts";
import type { Answer, ClientMessage, Report, Request, WorkerSettings } from "./messages.ts";
import { type Session, SessionQueue } from "./session-queue.ts";

type SessionStart = Extract<ClientMessage, { type: "session" }>;

/**
 * Owns one PGlite and serves sessions over ports. A failure of the database itself ends the thread, which
 * closes every port: clients see a lost connection, the host an error.
 */
const settings: WorkerSettings = workerData;
const host = parentPort!;
giveWay();
const engine = await openEngine(settings);
const queue = new SessionQueue(
  (message) => engine.execProtocolRaw(message),
  (cause) => {
    throw cause;
  },
);

host.on("message", (request: Request) => {
  if (request.type === "connect") serve(request.port);
  else void report(request.id, () => perform(request));
});
tell({ type: "ready" });

function serve(port: MessagePort): void {
  let current: Session | undefined;
  const leave = () => {
    if (current !== undefined) queue.leave(current);
    current = undefined;
  };
  port.on("message", (message: ClientMessage) => {
    if (message.type === "session") {
      leave();
      current = sessionOver(port, message);
    } else if (current !== undefined) {
      queue.send(current, message.bytes);
    }
  });
  port.on("close", leave);
}

function sessionOver(port: MessagePort, { session, schema }: SessionStart): Session {
  const answer = (bytes: Uint8Array) => {
    // A copy of its own, which moves to the client's thread without being copied again.
    const copy = bytes.slice();
    const message: Answer = { session, bytes: copy };
    port.postMessage(message, [copy.buffer]);
  };
  return { schema, answer };
}

function perform(request: Exclude<Request, { type: "connect" }>): Promise<void> {
  switch (request.type) {
    case "checkpoint":
      return queue.alone(() => checkpoint(engine, settings.directory));
    case "dump":
      return queue.alone(() => dump(engine, request.file));
    case "close":
      return queue.alone(() => engine.close());
  }
}

async function report(id: number, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    tell({ type: "done", id });
  } catch (cause) {
    tell({ type: "failed", id, cause });
  }
}

function tell(message: Report): void {
  host.postMessage(message);
}
