import { type Duration, duration, type Timestamp, timestamp } from "@tse/domain";
import { type Filters, type Page, page } from "../rows/page.ts";
import { found, type RepositoryParts } from "../rows/repository.ts";
import type { Rows } from "../rows/rows.ts";
import { type Condition, equal } from "../rows/selection.ts";
import type { NewOutboxMessage, OutboxMessage, OutboxQuery } from "./outbox-message.ts";
import { outboxTable } from "./outbox-table.ts";

const FILTERS: Filters<OutboxMessage, OutboxQuery> = {
  destination: equal("destination"),
  topic: equal("topic"),
  delivered: (value) => ({ field: "deliveredAt", absent: value === false }),
};

/** After the first failure, then doubled with each. */
const FIRST_DELAY = duration(1_000_000);
const LONGEST_DELAY = duration(300_000_000);
const MAX_ERROR = 500;

/** Messages to other services, written in the unit of work that causes them. */
export class OutboxRepository {
  readonly #parts: RepositoryParts;
  readonly #rows: Rows<OutboxMessage>;

  constructor(parts: RepositoryParts) {
    this.#parts = parts;
    this.#rows = parts.session.rows(outboxTable);
  }

  /** Stores messages, due at once. @throws StorageError `already_exists` for an id, and stores none */
  async append(messages: readonly NewOutboxMessage[]): Promise<readonly OutboxMessage[]> {
    const now = this.#parts.clock.now();
    const rows = messages.map((message) => ({
      ...message,
      outboxId: message.outboxId ?? this.#parts.newId(),
      createdAt: message.createdAt ?? now,
      attempts: 0,
      nextAttemptAt: message.createdAt ?? now,
      deliveredAt: undefined,
      lastError: undefined,
    }));
    await this.#rows.insert(rows);
    return rows;
  }

  /** @throws StorageError `not_found`, "outbox message not found: <id>" */
  async getById(outboxId: string): Promise<OutboxMessage> {
    const [message] = await this.#rows.find({ where: named(outboxId) });
    return found(message, "outbox message", outboxId);
  }

  /** @throws StorageError `invalid_query` */
  query(query: OutboxQuery): Promise<Page<OutboxMessage>> {
    return page(this.#rows, outboxTable, FILTERS, query);
  }

  /**
   * Takes messages that are due, the longest waiting first, from everyone else for the time of `lease`:
   * who neither delivers nor fails them by then has lost them to the next.
   *
   * @param limit at most so many
   */
  claimDue(limit: number, lease: Duration): Promise<readonly OutboxMessage[]> {
    return this.#parts.session.unit(async (session) => {
      const now = this.#parts.clock.now();
      const rows = session.rows(outboxTable);
      const due = await rows.find({
        where: [
          { field: "deliveredAt", absent: true },
          { field: "nextAttemptAt", is: "<=", value: now },
        ],
        sort: [
          { field: "nextAttemptAt", order: "ASC" },
          { field: "outboxId", order: "ASC" },
        ],
        limit,
        claim: true,
      });
      const claimed = due.map((message) => ({ ...message, nextAttemptAt: later(now, lease) }));
      await rows.save(claimed);
      return claimed;
    });
  }

  /** The first delivery's time stays. @throws StorageError `not_found` */
  async markDelivered(outboxId: string): Promise<OutboxMessage> {
    const message = await this.#rows.modify(named(outboxId), ({ deliveredAt }) => ({
      deliveredAt: deliveredAt ?? this.#parts.clock.now(),
    }));
    return found(message, "outbox message", outboxId);
  }

  /**
   * Makes the message due again after 1 s, doubled with each failure up to 5 min.
   *
   * @param error kept as `lastError`, cut to 500 characters
   * @throws StorageError `not_found`
   */
  async markFailed(outboxId: string, error: string): Promise<OutboxMessage> {
    const message = await this.#rows.modify(named(outboxId), ({ attempts }) => ({
      attempts: attempts + 1,
      nextAttemptAt: later(this.#parts.clock.now(), backoff(attempts)),
      lastError: [...error].slice(0, MAX_ERROR).join(""),
    }));
    return found(message, "outbox message", outboxId);
  }
}

function named(outboxId: string): Condition<OutboxMessage>[] {
  return [{ field: "outboxId", is: "=", value: outboxId }];
}

function backoff(failures: number): Duration {
  return duration(Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** failures));
}

function later(now: Timestamp, by: Duration): Timestamp {
  return timestamp(now + by);
}
