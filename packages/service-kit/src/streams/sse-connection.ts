import type { ServerResponse } from "node:http";
import type { Connection, Ending } from "./connections.ts";
import { sseComment, sseEvent } from "./frames.ts";
import { Outlet } from "./outlet.ts";

const HEARTBEAT = sseComment("heartbeat");

export interface SseOptions {
  /** Whether the key that opened the stream may still be used; absent for streams open to all. */
  readonly isAllowed?: (() => boolean) | undefined;
  readonly onSlow: () => void;
  /** Called once, as soon as the client gets nothing more. */
  readonly onEnd: () => void;
  /** Called each time that a client that was not ready is so again. */
  readonly onReady?: () => void;
}

/** A client that reads one stream of server-sent events. */
export class SseConnection implements Connection {
  readonly encoding = "sse";
  readonly #outlet: Outlet;
  readonly #isAllowed: (() => boolean) | undefined;

  /** @param response its head is written already */
  constructor(response: ServerResponse, options: SseOptions) {
    this.#isAllowed = options.isAllowed;
    this.#outlet = new Outlet(response, {
      onSlow: options.onSlow,
      onEnd: options.onEnd,
      onReady: options.onReady,
      sayWhy: (code) => response.end(sseEvent("end", JSON.stringify({ code }))),
      cut: () => response.destroy(),
    });
    response.once("close", () => this.#outlet.stop());
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

  beat(): void {
    this.#outlet.deliver(HEARTBEAT, 0);
  }

  checkKey(): void {
    if (this.#isAllowed?.() === false) this.end("unauthenticated");
  }

  end(ending: Ending): void {
    this.#outlet.end(ending);
  }
}
