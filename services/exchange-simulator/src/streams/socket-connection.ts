import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import { type Connection, ENDINGS, type Ending } from "./connections.ts";
import { textFrame } from "./encoding.ts";
import type { Subscriber } from "./event-stream.ts";
import { Outbox } from "./outbox.ts";

/** How long a client has to answer a close. */
const LAST_WORDS_MS = 5_000;

export interface SocketHandlers {
  /** @param text `undefined` for a binary message */
  readonly onMessage: (text: string | undefined) => void;
  /** Called once, as soon as the client gets nothing more. */
  readonly onEnd: () => void;
  readonly onSlow: () => void;
  /** Whether the key that was used may still be used; true without a key. */
  readonly isAllowed: () => boolean;
}

/**
 * A client on a WebSocket. What it is sent goes to the socket as ready frames, beside the library's own
 * control frames; both write whole frames, so they never mix.
 */
export class SocketConnection implements Connection, Subscriber {
  readonly encoding = "websocket";
  readonly #socket: WebSocket;
  readonly #outbox: Outbox;
  readonly #handlers: SocketHandlers;
  #answersPings = true;
  #stopped = false;

  /** @param connection the byte stream below `socket`, without compression */
  constructor(socket: WebSocket, connection: Duplex, handlers: SocketHandlers) {
    this.#socket = socket;
    this.#handlers = handlers;
    this.#outbox = new Outbox(connection, () => {
      handlers.onSlow();
      this.end("slow_consumer");
    });
    socket.on("message", (data, isBinary) =>
      handlers.onMessage(isBinary ? undefined : textOf(data)),
    );
    socket.on("pong", () => {
      this.#answersPings = true;
    });
    // The library closes the socket itself, with the code that fits the error.
    socket.on("error", () => {});
    socket.on("close", () => this.#stop());
  }

  deliver(bytes: Buffer, events: number): void {
    this.#outbox.deliver(bytes, events);
  }

  /** Sends one message, without what is `undefined` in it. It counts like an event: who asks and never reads is let go, too. */
  send(message: Readonly<Record<string, unknown>>): void {
    this.#outbox.deliver(textFrame(JSON.stringify(message)), 1);
  }

  /** Cuts a client off that didn't answer the ping of the last beat. */
  beat(): void {
    if (!this.#answersPings) {
      this.#socket.terminate();
      return;
    }
    this.#answersPings = false;
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  checkKey(): void {
    if (!this.#handlers.isAllowed()) this.end("unauthenticated");
  }

  end(ending: Ending): void {
    if (!this.#stop()) return;
    this.#socket.close(ENDINGS[ending], ending);
    setTimeout(() => this.#socket.terminate(), LAST_WORDS_MS).unref();
  }

  /** Sends nothing more. @returns whether it still did */
  #stop(): boolean {
    if (this.#stopped) return false;
    this.#stopped = true;
    this.#outbox.close();
    this.#handlers.onEnd();
    return true;
  }
}

function textOf(data: RawData): string {
  return Array.isArray(data) ? Buffer.concat(data).toString() : data.toString();
}
