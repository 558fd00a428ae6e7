import type { ServerResponse } from "node:http";
import type { Connection, Ending } from "./connections.ts";
import { sseComment, sseEvent } from "./encoding.ts";
import type { Subscriber } from "./event-stream.ts";
import { Outbox } from "./outbox.ts";

/** How long a client has to read its last event. */
const LAST_WORDS_MS = 5_000;
const HEARTBEAT = sseComment("heartbeat");

export interface SseOptions {
  /** Whether the key that opened the stream may still be used; absent for streams open to all. */
  readonly isAllowed?: (() => boolean) | undefined;
  readonly onSlow: () => void;
  /** Called once, as soon as the client gets nothing more. */
  readonly onEnd: () => void;
}

/** A client that reads one stream of server-sent events. */
export class SseConnection implements Connection, Subscriber {
  readonly encoding = "sse";
  readonly #response: ServerResponse;
  readonly #outbox: Outbox;
  readonly #options: SseOptions;
  #stopped = false;

  /** @param response its head is written already */
  constructor(response: ServerResponse, options: SseOptions) {
    this.#response = response;
    this.#options = options;
    this.#outbox = new Outbox(response, () => {
      options.onSlow();
      this.end("slow_consumer");
    });
    response.once("close", () => this.#stop());
  }

  deliver(bytes: Buffer, events: number): void {
    this.#outbox.deliver(bytes, events);
  }

  beat(): void {
    this.#outbox.deliver(HEARTBEAT, 0);
  }

  checkKey(): void {
    if (this.#options.isAllowed?.() === false) this.end("unauthenticated");
  }

  end(ending: Ending): void {
    if (!this.#stop()) return;
    this.#response.end(sseEvent("end", JSON.stringify({ code: ending })));
    setTimeout(() => this.#response.destroy(), LAST_WORDS_MS).unref();
  }

  /** Sends nothing more. @returns whether it still did */
  #stop(): boolean {
    if (this.#stopped) return false;
    this.#stopped = true;
    this.#outbox.close();
    this.#options.onEnd();
    return true;
  }
}
