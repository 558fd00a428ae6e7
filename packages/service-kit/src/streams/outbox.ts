import type { Writable } from "node:stream";

/** A client that is further behind than this is let go. */
const EVENTS_BEHIND_MAX = 1_000;

/** Likewise, whatever the bytes hold: snapshots don't count as events. Above what one resumption may take. */
const BYTES_BEHIND_MAX = 16 * 1024 * 1024;

/**
 * The way out to one client. What is written in one turn of the event loop leaves in one system call.
 * Counts what the client's connection hasn't taken yet, which bounds the memory for a client that
 * doesn't read.
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

  /** Bytes handed over that the connection hasn't taken. */
  get unsent(): number {
    return this.#connection.writableLength;
  }

  /** Whether the connection takes more before it has to be waited for. */
  get isReady(): boolean {
    return this.#open && !this.#connection.writableNeedDrain;
  }

  /** @param events how many events `bytes` holds; 0 for what doesn't count, such as a snapshot */
  deliver(bytes: Buffer, events: number): void {
    if (!this.#open) return;
    if (this.#isSlow()) {
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

  #isSlow(): boolean {
    return this.#behind > EVENTS_BEHIND_MAX || this.#connection.writableLength > BYTES_BEHIND_MAX;
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
