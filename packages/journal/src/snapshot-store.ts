import type { Sequence } from "@tse/domain";

/** Everything that the commands up to `sequence` made, so that a restart repeats only those after it. */
export interface Snapshot {
  readonly sequence: Sequence;
  /** Plain data: objects, arrays, text, numbers, bigints, booleans, typed arrays; nothing else. */
  readonly state: unknown;
}

/**
 * Snapshots of one venue. A snapshot is whole or it isn't there: it is written beside, flushed, renamed,
 * and its hash is verified whenever it is read.
 */
export interface SnapshotStore {
  /** Sequences of the snapshots kept, newest first. Unverified. */
  list(): Promise<readonly Sequence[]>;

  /** The newest snapshot at or before `notAfter` that passes its check; a damaged one is passed over and reported. */
  newest(notAfter?: Sequence): Promise<Snapshot | undefined>;

  /** Durable once resolved. @throws JournalUnavailable when it could not be stored; older ones are untouched */
  write(snapshot: Snapshot): Promise<void>;

  /** Deletes snapshots before `before` except for the newest `keep` of all. */
  prune(before: Sequence, keep: number): Promise<void>;
}
