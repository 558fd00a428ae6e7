import type { Clock } from "@tse/domain";
import {
  type AuditEntry,
  type AuditEvent,
  chained,
  type JsonObject,
  type MarketDataAdapter,
} from "@tse/market-data-adapter";
import type { StorageError } from "@tse/storage";
import { exactPayload } from "@tse/storage/adapter";
import { Queue } from "./queue.ts";
import { isRefusal } from "./write-split.ts";

/** Something that happened to the market, by whom and how. */
export interface Fact {
  /** `fault.started`, `clock.changed`, `feed.halt`, … */
  readonly action: string;
  readonly entityType: string;
  readonly entityId: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** `engine` when absent. */
  readonly actor?: string;
  readonly correlationId?: string;
}

/** Facts that wait for storage at most; of more the oldest are let go. */
const WAITING_MAX = 10_000;
/** Events of one append. */
const BATCH = 500;

/** What operators and faults did, chained by hashes. Facts wait in memory while storage is away. */
export class AuditTrail {
  readonly #adapter: MarketDataAdapter;
  readonly #clock: Pick<Clock, "now">;
  readonly #entries = new Queue<AuditEntry>(WAITING_MAX);
  /** An append whose answer is not known. */
  #attempted: { readonly events: readonly AuditEvent[]; done(): void } | undefined;

  constructor(adapter: MarketDataAdapter, clock: Pick<Clock, "now">) {
    this.#adapter = adapter;
    this.#clock = clock;
  }

  get waiting(): number {
    return this.#entries.length;
  }

  record({ actor = "engine", correlationId, details, ...rest }: Fact): void {
    this.#entries.add({
      ...rest,
      actor,
      correlationId,
      occurredAt: this.#clock.now(),
      accountId: undefined,
      payload: exactPayload(details) as JsonObject,
    });
  }

  /**
   * Stores what waits. Facts that storage will never take are let go, and the chain goes on without them.
   *
   * @throws StorageError; what waits then still does
   */
  async write(onRefused: (entry: AuditEntry, error: StorageError) => void): Promise<void> {
    const { auditRepository } = this.#adapter;
    let count = BATCH;
    while (this.#entries.length > 0) {
      const last = await auditRepository.last();
      // The answer was lost, not the append: the chain ends with what was attempted.
      if (last !== undefined && last.hash === this.#attempted?.events.at(-1)?.hash) {
        this.#attempted?.done();
        this.#attempted = undefined;
        continue;
      }
      const error = await this.#append(last, count);
      if (error === undefined) continue;
      // One by one from here on: only what is refused by itself goes.
      if (count === 1) this.#letGo(error, onRefused);
      count = 1;
    }
  }

  /** @returns why it was refused, if it was */
  async #append(last: AuditEvent | undefined, count: number): Promise<StorageError | undefined> {
    const { items, done } = this.#entries.first(count);
    const events = chained(last, items);
    this.#attempted = { events, done };
    try {
      await this.#adapter.auditRepository.append(events);
    } catch (error) {
      if (isRefusal(error)) return error;
      throw error;
    }
    done();
    this.#attempted = undefined;
    return undefined;
  }

  #letGo(error: StorageError, onRefused: (entry: AuditEntry, error: StorageError) => void): void {
    const { items, done } = this.#entries.first(1);
    for (const entry of items) onRefused(entry, error);
    done();
  }
}
