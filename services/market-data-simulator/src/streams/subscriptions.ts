import { randomUUID } from "node:crypto";
import type { Duration, Timestamp } from "@tse/domain";

/** What a client asked to be sent over a WebSocket that it opens later. */
export interface Plan {
  readonly clientId: string;
  readonly symbols: readonly string[];
  readonly interval: Duration | undefined;
  readonly bufferSize: number | undefined;
}

export interface PlannedSubscription extends Plan {
  readonly id: string;
  readonly state: "active" | "cancelled";
  /** World time of the newest event that was sent. */
  readonly lastUpdate: Timestamp | undefined;
}

interface Entry extends Plan {
  readonly id: string;
  state: "active" | "cancelled";
  lastUpdate: Timestamp | undefined;
  onCancel: (() => void) | undefined;
}

/** Subscriptions that were announced over REST. Memory is bounded: of too many the oldest are forgotten. */
export class Subscriptions {
  readonly #entries = new Map<string, Entry>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(plan: Plan): PlannedSubscription {
    const entry: Entry = {
      ...plan,
      id: randomUUID(),
      state: "active",
      lastUpdate: undefined,
      onCancel: undefined,
    };
    this.#entries.set(entry.id, entry);
    if (this.#entries.size > this.#capacity) this.#forgetOldest();
    return entry;
  }

  find(id: string): PlannedSubscription | undefined {
    return this.#entries.get(id);
  }

  /** Ends it, and the stream that follows it. */
  cancel(id: string): PlannedSubscription | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    entry.state = "cancelled";
    entry.onCancel?.();
    return entry;
  }

  /** A stream follows it from now on. @returns notes when an event was sent */
  attach(id: string, onCancel: () => void): ((time: Timestamp) => void) | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.state === "cancelled") return undefined;
    entry.onCancel = onCancel;
    return (time) => {
      entry.lastUpdate = time;
    };
  }

  #forgetOldest(): void {
    const [oldest] = this.#entries.values();
    if (oldest === undefined) return;
    oldest.onCancel?.();
    this.#entries.delete(oldest.id);
  }
}
