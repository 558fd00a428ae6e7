import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import { type RootLogger, readConfig, silentLogger } from "@tse/service-kit";
import { type ClientOptions, WebSocket } from "ws";
import { MARKET_DATA_SETTINGS } from "../../src/config.ts";
import { MarketDataSimulator } from "../../src/service.ts";
import { until, within } from "./patience.ts";

const ADMIN_TOKEN = "the-token-of-these-tests";

/** Worlds that end with their test. */
const IN_MEMORY = { JOURNAL: "memory", STORE: "memory", CLOCK_MODE: "virtual" };

// biome-ignore lint/suspicious/noExplicitAny: each assertion states the shape that it expects
export type Json = any;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

/** One request with JSON in and out. */
export async function call(
  url: string,
  method = "GET",
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json");
  return {
    status: response.status,
    headers: response.headers,
    body: isJson === true ? JSON.parse(text) : text,
  };
}

/** A whole service on free ports, its clock frozen. */
export async function startService(environment: Readonly<Record<string, string>> = {}) {
  const config = readConfig(MARKET_DATA_SETTINGS, {
    argv: ["--port", "0"],
    environment: { ...IN_MEMORY, ADMIN_TOKEN, ...environment },
  });
  const logger: RootLogger = { ...silentLogger, level: "error" };
  const service = await MarketDataSimulator.open({ config, logger });
  const ready = await service.start();
  const admin = (method: string, path: string, body?: unknown): Promise<Answer> =>
    call(`${ready.admin}${path}`, method, body, { "x-admin-token": ADMIN_TOKEN });
  return {
    ...ready,
    service,
    adminUrl: ready.admin,
    admin,
    api: (path: string, method = "GET", body?: unknown) =>
      call(`${ready.http}/api/v1${path}`, method, body),
    /** Moves the frozen clock on, such as by "10s". */
    async advance(by: string): Promise<void> {
      const answer = await admin("POST", "/admin/clock/advance", { by });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
    },
    async [Symbol.asyncDispose]() {
      await service.stop();
    },
  };
}

export type RunningService = Awaited<ReturnType<typeof startService>>;

/** Until everything so far is stored. */
export async function archived({ admin }: Pick<RunningService, "admin">): Promise<void> {
  await until("the archive", async () => {
    const { body } = await admin("GET", "/admin/state");
    return body.archiveWaiting === 0;
  });
}

/** A WebSocket client whose messages are read one by one. */
export async function openSocket(url: string, options: ClientOptions = {}) {
  const socket = new WebSocket(url, options);
  const messages: Json[] = [];
  let stream: Socket | undefined;
  socket.once("upgrade", (response) => {
    stream = response.socket;
  });
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
    messages,
    /** Bytes that came over its connection. */
    read: (): number => stream?.bytesRead ?? 0,
    closed: () => within("the end of the connection", closed),
    take,
    /** Sends a request and waits for its reply or its error. */
    async ask(request: Readonly<Record<string, unknown>> | string): Promise<Json> {
      requests += 1;
      const id = requests;
      const text = typeof request === "string" ? request : JSON.stringify({ id, ...request });
      socket.send(text);
      return await take((message) => message.type === "reply" || message.type === "error");
    },
    /** The next event of a channel. */
    event: (channel: string) => take((message) => message.channel === channel),
    /** Events of a channel until one has this sequence, that one included. */
    async until(channel: string, sequence: number): Promise<Json[]> {
      const events: Json[] = [];
      do events.push(await take((message) => message.channel === channel));
      while (events.at(-1)?.sequence < sequence);
      return events;
    },
    close: () => socket.terminate(),
  };
}

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

  async function block(): Promise<string> {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end !== -1) {
        const found = text.slice(0, end);
        text = text.slice(end + 2);
        return found;
      }
      const { done, value } = await within("more of the stream", reader!.read());
      assert.ok(!done, "the stream goes on");
      text += value;
    }
  }

  return {
    status: response.status,
    headers: response.headers,
    async next(): Promise<SseEvent> {
      for (;;) {
        const found = await block();
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
