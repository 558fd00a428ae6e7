import type { Writable } from "node:stream";

/** A client that is further behind than this is let go. */
const BEHIND_MAX = 1_000;

/**
 * The way out to one client. What is written in one turn of the event loop leaves in one system call.
 * Counts the events that the client's connection hasn't taken yet; memory for a client that doesn't
 * read is bounded by that.
 */
export class Outbox {
  readonly #connection: Writable;
  readonly #onSlow: () => void;
  #behind = 0;
  #corked = false;
  #open = true;

  /** @param onSlow called once, when the client is too far behind; nothing is delivered afterwards */
  constructor(connection: Writable, onSlow: () => void) {
    this.#connection = connection;
    this.#onSlow = onSlow;
  }

  /** Events handed over that the connection hasn't taken. */
  get behind(): number {
    return this.#behind;
  }

  /** @param events how many events `bytes` holds; 0 for what doesn't count, such as a snapshot */
  deliver(bytes: Buffer, events: number): void {
    if (!this.#open) return;
    if (this.#behind > BEHIND_MAX) {
      this.close();
      this.#onSlow();
      return;
    }
    this.#cork();
    if (events === 0) {
      this.#connection.write(bytes);
      return;
    }
    this.#behind += events;
    this.#connection.write(bytes, () => {
      this.#behind -= events;
    });
  }

  /** Delivers nothing more. What was handed over still goes out. */
  close(): void {
    this.#open = false;
  }

  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#connection.cork();
    process.nextTick(() => {
      this.#corked = false;
      this.#connection.uncork();
    });
  }
}
