import type { AccountNumber, Command, Sequence, Timestamp } from "@tse/domain";

/** Who asked for a command, for the audit trail. Takes no part in what the command does. */
export interface Origin {
  /** Id of the API key that was used; `""` for the world itself. */
  readonly actor: string;
  readonly correlationId: string;
  /** Given for a request that must act once however often it is sent. */
  readonly request?: IdempotentRequest;
}

/** What makes a repeated request known, also after a restart: it is journaled with its command. */
export interface IdempotentRequest {
  /** Whose request it is: keys of other accounts are other keys. 0, the venue's own, for who has no account yet. */
  readonly account: AccountNumber;
  /** The client's key, unique for the account. */
  readonly key: string;
  /** SHA-256 of what was asked, hex: the same key with another body is a conflict. */
  readonly hash: string;
  /** Names the form of the answer, so that it can be rendered again from the unit. */
  readonly reply: string;
}

/** One journaled command: with the entries before it, enough to repeat what it did. */
export interface LogEntry {
  readonly sequence: Sequence;
  readonly time: Timestamp;
  readonly origin: Origin;
  readonly command: Command;
}

/**
 * The commands of one venue, in order. Sequences are dense: 1, 2, 3, … One contract,
 * `test/command-log.contract.ts`, runs against every implementation.
 */
export interface CommandLog {
  /** Sequence of the oldest entry still held; one above `lastSequence` when there is none. */
  readonly firstSequence: Sequence;

  /** Sequence of the last durable entry; 0 before the first. */
  readonly lastSequence: Sequence;

  /**
   * Sets room aside for one entry of `origin` and `command`, until it is appended. To be asked before
   * the command is applied, in the order of the appends, and for every entry or for none: what has room
   * set aside is never refused with `JournalFull`.
   *
   * @returns false when there is no room now; then nothing was set aside, and it may be asked again
   */
  reserve(command: Command, origin: Origin): boolean;

  /**
   * Adds `batch` as one unit: all of it or nothing. It continues the sequence of the append before,
   * which need not be durable yet; times never go backward. Appends become durable in order of the
   * calls.
   *
   * @returns the sequence of the batch's last entry, once all of the batch is durable
   * @throws JournalUnavailable when the log is closed or an append failed, this one or one before: what
   * a failed log holds is known only after it was opened again, so it takes nothing more
   * @throws JournalFull when there is no room and none was set aside: nothing of the batch was taken, its
   * sequences are free, and the log goes on when there is room again
   */
  append(batch: readonly LogEntry[]): Promise<Sequence>;

  /**
   * Durable entries in order, in runs of at least one, from `from` on, to the last one that is durable
   * when reading gets there.
   *
   * @throws JournalUnavailable when `from` is older than `firstSequence`, or the log is closed
   */
  read(from: Sequence): AsyncIterable<readonly LogEntry[]>;

  /**
   * Says that nobody reads entries before `before` any more. The log may forget them, in pieces of its
   * own size, and never one from `before` on.
   *
   * @returns the new `firstSequence`
   */
  release(before: Sequence): Promise<Sequence>;

  /** Waits for appends under way, then refuses everything. Closing again does nothing. */
  close(): Promise<void>;
}

/** The log can't take or give entries. After an append ended so, nothing may be acknowledged any more. */
export class JournalUnavailable extends Error {
  override name = "JournalUnavailable";
}

/** There is no room for the entries now, and nothing of them was taken. */
export class JournalFull extends Error {
  override name = "JournalFull";
  readonly code = "journal_full";
}
