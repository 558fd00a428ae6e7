import type { Timestamp } from "@tse/domain";
import type { JsonObject } from "../rows/json.ts";
import type { PageRequest } from "../rows/page.ts";

/** A message to another service, kept until it was delivered. At least once: it may arrive twice. */
export interface OutboxMessage {
  /** UUID. */
  readonly outboxId: string;
  /** The service: `audit-correlator`. */
  readonly destination: string;
  readonly topic: string;
  readonly payload: JsonObject;
  /** How often delivery failed. */
  readonly attempts: number;
  readonly nextAttemptAt: Timestamp;
  readonly deliveredAt: Timestamp | undefined;
  /** At most 500 characters. */
  readonly lastError: string | undefined;
  readonly createdAt: Timestamp;
}

/** What `append` takes. An absent id is made, an absent time is now. */
export type NewOutboxMessage = Pick<OutboxMessage, "destination" | "topic" | "payload"> &
  Partial<Pick<OutboxMessage, "outboxId" | "createdAt">>;

/** Sorted by `createdAt` (default, newest first) or `nextAttemptAt`. */
export interface OutboxQuery extends PageRequest {
  readonly destination?: string;
  readonly topic?: string;
  /** Whether it was delivered. */
  readonly delivered?: boolean;
}
