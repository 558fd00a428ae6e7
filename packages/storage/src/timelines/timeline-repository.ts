import type { Timestamp } from "@tse/domain";

/** A value of a timeline and its place there. */
export interface TimelinePoint {
  readonly time: Timestamp;
  /** As a cache takes values: text and bytes are kept as they are, everything else as JSON. */
  readonly value: unknown;
}

/**
 * Values in order of time under a key, the newest of them: for who reads along in another process. What is
 * there can be made again from elsewhere. Two implementations, one contract: Redis, and in-process.
 */
export interface TimelineRepository {
  /**
   * Adds points, all or none. The same value is there once, at the time that it was given last; of more
   * than `kept` values the oldest leave.
   *
   * @returns how many there are now: fewer than expected when somebody else deleted some
   * @throws StorageError `invalid_query` for a value that can't be kept or a `kept` below 1
   */
  add(key: string, points: readonly TimelinePoint[], kept: number): Promise<number>;

  /** As `add`, in place of all that was there. */
  replace(key: string, points: readonly TimelinePoint[], kept: number): Promise<number>;

  /** From `start`, included, to `end`, excluded, oldest first. */
  range(key: string, start: Timestamp, end: Timestamp): Promise<readonly string[]>;

  /** @returns whether there was one */
  delete(key: string): Promise<boolean>;
}
