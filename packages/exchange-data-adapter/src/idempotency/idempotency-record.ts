import type { Timestamp } from "@tse/domain";
import type { JsonObject } from "@tse/storage/rows";

/** What was answered to a request that named itself, so that it acts once. */
export interface IdempotencyRecord {
  readonly accountId: string;
  /** The client's name for its request; at most 255 characters. */
  readonly idemKey: string;
  /** 64 characters: the same key with another hash is another request. */
  readonly requestHash: string;
  /** Absent until the request was answered. */
  readonly httpStatus: number | undefined;
  readonly response: JsonObject | undefined;
  readonly createdAt: Timestamp;
  readonly expiresAt: Timestamp;
}

/** A request that has begun. */
export type NewIdempotencyRecord = Pick<
  IdempotencyRecord,
  "accountId" | "idemKey" | "requestHash" | "expiresAt"
>;
