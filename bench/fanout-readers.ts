import { once } from "node:events";
import { request } from "node:http";
import type { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { create, toBinary } from "@bufbuild/protobuf";
import { Client, credentials } from "@grpc/grpc-js";
import { StreamPricesRequestSchema } from "@tse/contracts";
import { WebSocket } from "ws";

/** What the readers of a process have got. */
export interface Got {
  /** Prices. */
  messages: number;
  bytes: number;
  /** Milliseconds from the time of each tick to its receipt; kept by `library` readers only. */
  latencies: number[];
}

/** A subscriber that is open. */
export interface Reader {
  pause(): void;
  resume(): void;
  close(): void;
}

export interface ReaderOptions {
  readonly http: string;
  readonly grpc: string;
  readonly symbols: readonly string[];
  /** How many there are already. */
  readonly number: number;
}

/**
 * `library`: `ws`, each message read for its time. `bare`: frames are counted in the bytes of the socket and not read,
 * so that the client isn't what is measured. `batches`: gRPC's StreamPriceBatches, updates counted and not decoded.
 */
export const READERS = { library, bare, batches } as const;

export type ReaderKind = keyof typeof READERS;

const TIMESTAMP = '"timestamp":"';
const TIMESTAMP_LENGTH = 24;

async function library({ http, symbols }: ReaderOptions, got: Got): Promise<Reader> {
  const socket = new WebSocket(`${http.replace("http", "ws")}/api/v1/ws`, {
    perMessageDeflate: false,
  });
  await once(socket, "open");
  const first = once(socket, "message");
  socket.send(subscription(symbols));
  await first;
  socket.on("message", (data: Buffer) => {
    const at = data.indexOf(TIMESTAMP) + TIMESTAMP.length;
    const time = Date.parse(data.toString("latin1", at, at + TIMESTAMP_LENGTH));
    got.latencies.push(performance.timeOrigin + performance.now() - time);
    got.messages += 1;
    got.bytes += data.length;
  });
  return {
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.terminate(),
  };
}

const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);
const [TEXT, PING] = [0x81, 0x89];

async function bare({ http, symbols }: ReaderOptions, got: Got): Promise<Reader> {
  const headers = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": Buffer.alloc(16).toString("base64"),
  };
  const asked = request(`${http}/api/v1/ws`, { headers, agent: false }).end();
  const [, socket] = (await once(asked, "upgrade")) as [unknown, Socket];
  socket.setNoDelay(true);
  let rest: Buffer | undefined;
  let left = 0;
  socket.on("data", (chunk) => {
    got.bytes += chunk.length;
    const data = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    let at = left;
    let header = headerAt(data, at);
    while (header !== undefined) {
      if (data[at] === TEXT) got.messages += 1;
      if (data[at] === PING) socket.write(PONG);
      at += header.size + header.length;
      header = headerAt(data, at);
    }
    rest = at < data.length ? data.subarray(at) : undefined;
    left = Math.max(0, at - data.length);
  });
  socket.on("error", () => socket.destroy());
  const first = once(socket, "data");
  socket.write(maskedText(subscription(symbols)));
  await first;
  return {
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.destroy(),
  };
}

/** Of a frame from a server; `undefined` when it isn't there as a whole. */
function headerAt(data: Buffer, at: number): { size: number; length: number } | undefined {
  if (data.length < at + 2) return undefined;
  const length = data[at + 1]!;
  if (length < 126) return { size: 2, length };
  if (length === 127) throw new Error("no message is that long");
  return data.length < at + 4 ? undefined : { size: 4, length: data.readUInt16BE(at + 2) };
}

/** A client has to mask what it sends; with zeros it stays as it is. */
function maskedText(text: string): Buffer {
  const payload = Buffer.from(text);
  const header = Buffer.alloc(8);
  header.writeUInt16BE(0x81fe, 0);
  header.writeUInt16BE(payload.length, 2);
  return Buffer.concat([header, payload]);
}

function subscription(symbols: readonly string[]): string {
  const channels = symbols.map((symbol) => ({ channel: "price", symbol }));
  return JSON.stringify({ op: "subscribe", channels });
}

const STREAMS_A_CONNECTION = 100;
/** The usual window of 64 KB, shared by a hundred streams, is gone through before its client has its turn. */
const OWN_CONNECTION = {
  "grpc.use_local_subchannel_pool": 1,
  "grpc-node.flow_control_window": 4 * 1024 * 1024,
};
const METHOD = "/marketdata.MarketDataService/StreamPriceBatches";
const connections: Client[] = [];

async function batches({ grpc, symbols, number }: ReaderOptions, got: Got): Promise<Reader> {
  const place = Math.floor(number / STREAMS_A_CONNECTION);
  const client =
    connections[place] ?? new Client(grpc, credentials.createInsecure(), OWN_CONNECTION);
  connections[place] = client;
  const wanted = create(StreamPricesRequestSchema, { symbols: [...symbols] });
  const encode = () => Buffer.from(toBinary(StreamPricesRequestSchema, wanted));
  const stream = client.makeServerStreamRequest(METHOD, encode, countUpdates, undefined);
  stream.on("error", () => {});
  stream.on("data", ({ updates, bytes }: Counted) => {
    got.messages += updates;
    got.bytes += bytes;
  });
  await once(stream, "data");
  return {
    pause: () => stream.pause(),
    resume: () => stream.resume(),
    close: () => stream.cancel(),
  };
}

interface Counted {
  readonly updates: number;
  readonly bytes: number;
}

/** Updates of an encoded batch: each is a tag, its length as a varint, and as many bytes. */
function countUpdates(batch: Buffer): Counted {
  let updates = 0;
  for (let at = 0; at < batch.length; updates++) {
    let length = 0;
    let shift = 0;
    at += 1;
    for (; batch[at]! > 0x7f; at++, shift += 7) length |= (batch[at]! & 0x7f) << shift;
    length |= batch[at]! << shift;
    at += 1 + length;
  }
  return { updates, bytes: batch.length };
}
