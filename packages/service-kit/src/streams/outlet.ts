import type { Writable } from "node:stream";
import type { Ending } from "./connections.ts";
import { Outbox } from "./outbox.ts";

/** How long a client has to take in why its connection ends. */
const LAST_WORDS_MS = 5_000;

export interface OutletHandlers {
  /** Says why nothing more comes, and closes. */
  readonly sayWhy: (ending: Ending) => void;
  /** Cuts a client off that didn't take that in. */
  readonly cut: () => void;
  readonly onSlow: () => void;
  /** Called once, as soon as the client gets nothing more. */
  readonly onEnd: () => void;
  /** Called each time that a client that was not ready is so again. */
  readonly onReady?: (() => void) | undefined;
}

/** What one client is sent until its end, which comes once. */
export class Outlet {
  readonly #outbox: Outbox;
  readonly #handlers: OutletHandlers;
  #stopped = false;

  constructor(stream: Writable, handlers: OutletHandlers) {
    this.#handlers = handlers;
    this.#outbox = new Outbox(stream, () => {
      handlers.onSlow();
      this.end("slow_consumer");
    });
    const { onReady } = handlers;
    if (onReady !== undefined) stream.on("drain", onReady);
  }

  /** Whether the client takes more now. */
  get isReady(): boolean {
    return this.#outbox.isReady;
  }

  /** Bytes that wait for the client. */
  get unsent(): number {
    return this.#outbox.unsent;
  }

  /** @param events how many events `bytes` holds; 0 for what doesn't count */
  deliver(bytes: Buffer, events: number): void {
    this.#outbox.deliver(bytes, events);
  }

  /** Tells the client why, then closes. Ending twice does nothing. */
  end(ending: Ending): void {
    if (!this.stop()) return;
    this.#handlers.sayWhy(ending);
    setTimeout(this.#handlers.cut, LAST_WORDS_MS).unref();
  }

  /** Sends nothing more. @returns whether it still did */
  stop(): boolean {
    if (this.#stopped) return false;
    this.#stopped = true;
    this.#outbox.close();
    this.#handlers.onEnd();
    return true;
  }
}
