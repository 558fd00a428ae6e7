import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import { type Connection, ENDINGS, type Ending } from "./connections.ts";
import { textFrame } from "./frames.ts";
import { Outlet } from "./outlet.ts";

export interface SocketHandlers {
  /** @param text `undefined` for a binary message */
  readonly onMessage: (text: string | undefined) => void;
  /** Called once, as soon as the client gets nothing more. */
  readonly onEnd: () => void;
  readonly onSlow: () => void;
  /** Called each time that a client that was not ready is so again. */
  readonly onReady?: () => void;
  /** Whether the key that was used may still be used; true without a key. */
  readonly isAllowed: () => boolean;
}

/**
 * A client on a WebSocket. What it is sent goes to the socket as ready frames, beside the library's own
 * control frames; both write whole frames, so they never mix.
 */
export class SocketConnection implements Connection {
  readonly encoding = "websocket";
  readonly #socket: WebSocket;
  readonly #outlet: Outlet;
  readonly #handlers: SocketHandlers;
  #answersPings = true;

  /** @param connection the byte stream below `socket`, without compression */
  constructor(socket: WebSocket, connection: Duplex, handlers: SocketHandlers) {
    this.#socket = socket;
    this.#handlers = handlers;
    this.#outlet = new Outlet(connection, {
      onSlow: handlers.onSlow,
      onEnd: handlers.onEnd,
      onReady: handlers.onReady,
      sayWhy: (ending) => socket.close(ENDINGS[ending], ending),
      cut: () => socket.terminate(),
    });
    socket.on("message", (data, isBinary) =>
      handlers.onMessage(isBinary ? undefined : textOf(data)),
    );
    socket.on("pong", () => {
      this.#answersPings = true;
    });
    // The library closes the socket itself, with the code that fits the error.
    socket.on("error", () => {});
    socket.on("close", () => this.#outlet.stop());
  }

  /** Whether the client takes more now. */
  get isReady(): boolean {
    return this.#outlet.isReady;
  }

  get unsent(): number {
    return this.#outlet.unsent;
  }

  deliver(bytes: Buffer, events: number): void {
    this.#outlet.deliver(bytes, events);
  }

  /** Sends one message, without what is `undefined` in it. It counts like an event: who asks and never reads is let go, too. */
  send(message: Readonly<Record<string, unknown>>): void {
    this.#outlet.deliver(textFrame(JSON.stringify(message)), 1);
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
    this.#outlet.end(ending);
  }
}

function textOf(data: RawData): string {
  return Array.isArray(data) ? Buffer.concat(data).toString() : data.toString();
}
