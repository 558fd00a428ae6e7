import assert from "node:assert/strict";
import { once } from "node:events";
import { WebSocket } from "ws";
import type { Json } from "../support/production.ts";

/** What a test waits for comes at once or never. */
const PATIENCE_MS = 5_000;

async function within<Result>(what: string, promise: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** One event as an SSE client sees it. */
export interface SseEvent {
  readonly id: number | undefined;
  readonly event: string;
  readonly data: Json;
}

/** A stream of server-sent events, read as they come. */
export async function openSse(url: string, headers: Readonly<Record<string, string>> = {}) {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  assert(reader !== undefined, "a stream has a body");
  let text = "";

  /** The next block of lines; `undefined` at the end of the stream. */
  async function block(): Promise<string | undefined> {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end !== -1) {
        const found = text.slice(0, end);
        text = text.slice(end + 2);
        return found;
      }
      const { done, value } = await within(
        "more of the stream",
        (reader as NonNullable<typeof reader>).read(),
      );
      if (done) return undefined;
      text += value;
    }
  }

  return {
    status: response.status,
    headers: response.headers,
    block,

    async next(): Promise<SseEvent> {
      for (;;) {
        const found = await block();
        assert(found !== undefined, "the stream goes on");
        if (!found.startsWith(":")) return parseEvent(found);
      }
    },

    close: () => abort.abort(),
  };
}

function parseEvent(block: string): SseEvent {
  const fields = new Map(
    block.split("\n").map((line) => line.split(/: (.*)/, 2) as [string, string]),
  );
  const id = fields.get("id");
  return {
    id: id === undefined ? undefined : Number(id),
    event: fields.get("event") ?? "message",
    data: JSON.parse(fields.get("data") ?? "null"),
  };
}

/** A WebSocket client whose messages are read one by one. */
export async function openSocket(url: string, headers: Readonly<Record<string, string>> = {}) {
  const socket = new WebSocket(url, { headers });
  const messages: Json[] = [];
  let wake = () => {};
  socket.on("message", (data) => {
    messages.push(JSON.parse(data.toString()));
    wake();
  });
  const closed = once(socket, "close").then(([code, reason]) => ({ code, reason: String(reason) }));
  // A handshake that fails is told below.
  closed.catch(() => {});
  await once(socket, "open");

  /** The first message for which `fits` holds, out of those not taken yet. */
  async function take(fits: (message: Json) => boolean): Promise<Json> {
    for (;;) {
      const index = messages.findIndex(fits);
      if (index !== -1) return messages.splice(index, 1)[0];
      const arrival = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await within("a message", arrival);
    }
  }

  let requests = 0;
  return {
    socket,
    closed: () => within("the end of the connection", closed),
    take,
    next: () => take(() => true),

    send: (message: unknown) =>
      socket.send(typeof message === "string" ? message : JSON.stringify(message)),

    /** Sends a request and waits for its reply or its error. */
    async ask(request: Readonly<Record<string, unknown>>): Promise<Json> {
      requests += 1;
      const id = requests;
      socket.send(JSON.stringify({ id, ...request }));
      return await take((message) => message.id === id);
    },

    /** The next event of a channel. */
    event: (channel: string) => take((message) => message.channel === channel),

    close: () => socket.terminate(),
  };
}
