import { assert, type Sequence, type Timestamp, timestamp } from "@tse/domain";
import type { IdempotentRequest } from "@tse/journal";
import type { Unit } from "../exchange.ts";
import { type KeptReply, keptReplyOf, type ReplyRenderer } from "./kept-reply.ts";

/** What a reply is found by. */
export type RequestName = Pick<IdempotentRequest, "account" | "key">;

/** Where replies that memory has let go are still known. */
export interface OlderReplies {
  /**
   * The newest reply to a request of that name, expired or not; `undefined` when there is none.
   *
   * Rejects when it can't tell: a request must not act again because nobody could be asked.
   */
  find(name: RequestName): Promise<KeptReply | undefined>;
}

export interface IdempotentRepliesOptions {
  readonly render: ReplyRenderer;
  /** Absent: what memory lets go is forgotten. */
  readonly older?: OlderReplies | undefined;
  /** Most replies in memory, those aside that `older` doesn't have yet. */
  readonly maxReplies?: number;
  /** The newest that a snapshot holds although `older` has them; 5,000 by default. */
  readonly savedReplies?: number;
}

/** For a snapshot. */
export interface IdempotentRepliesState {
  /** In order of their commands. */
  readonly replies: readonly KeptReply[];
  /** World time until which something not in `replies` would still have been known. */
  readonly forgottenUntil: Timestamp;
}

/**
 * The answers to requests that act once, rendered from released units and kept for 24 hours of world
 * time. The journal is the truth: a replay renders the same units to the same answers, so a restart
 * knows them again although nobody stored them.
 *
 * In memory are the newest `maxReplies` and, with `older`, all that it doesn't have yet.
 */
export class IdempotentReplies {
  readonly #render: ReplyRenderer;
  readonly #older: OlderReplies | undefined;
  readonly #maxReplies: number;
  readonly #savedReplies: number;
  /** By account and key, oldest command first, which is the order of expiry. */
  readonly #replies = new Map<string, KeptReply>();
  /** Replies up to here may be let go. */
  #projected: number;
  #forgottenUntil = timestamp(0);

  constructor(options: IdempotentRepliesOptions) {
    const { render, older, maxReplies = 50_000, savedReplies = 5_000 } = options;
    assert(maxReplies > 0, "at least the newest reply is kept");
    this.#render = render;
    this.#older = older;
    this.#maxReplies = maxReplies;
    this.#savedReplies = savedReplies;
    this.#projected = older === undefined ? Number.POSITIVE_INFINITY : 0;
  }

  /** Replies in memory. */
  get size(): number {
    return this.#replies.size;
  }

  /** Subscribe this to the exchange after the views that answers are rendered from. */
  readonly record = (unit: Unit): void => {
    const reply = keptReplyOf(unit, this.#render);
    if (reply === undefined) return;
    this.#keep(reply);
    this.#dropExpired(unit.time);
    this.#dropOldest();
  };

  /** The unexpired reply in memory. */
  inMemory(name: RequestName, now: Timestamp): KeptReply | undefined {
    const reply = this.#replies.get(idOf(name));
    return reply === undefined || reply.expiresAt <= now ? undefined : reply;
  }

  /** The unexpired reply, wherever it is kept. Rejects as `OlderReplies.find` does. */
  async find(name: RequestName, now: Timestamp): Promise<KeptReply | undefined> {
    const known = this.inMemory(name, now);
    if (known !== undefined || this.#older === undefined || this.#forgottenUntil <= now) {
      return known;
    }
    const reply = await this.#older.find(name);
    return reply === undefined || reply.expiresAt <= now ? undefined : reply;
  }

  /** Says that `older` has every reply up to `sequence`. */
  projected(sequence: Sequence): void {
    if (this.#older === undefined) return;
    this.#projected = Math.max(this.#projected, sequence);
    this.#dropOldest();
  }

  /**
   * The newest replies, and all after `projected`. After `restore`, `older` is asked for the others,
   * which takes a database that may not be open yet.
   */
  save(projected: Sequence): IdempotentRepliesState {
    const replies: KeptReply[] = [];
    let forgottenUntil = this.#forgottenUntil;
    let newer = this.#replies.size;
    for (const reply of this.#replies.values()) {
      if (reply.sequence > projected || newer <= this.#savedReplies) replies.push(reply);
      else forgottenUntil = later(forgottenUntil, reply.expiresAt);
      newer -= 1;
    }
    return { replies, forgottenUntil };
  }

  /** Into one that has recorded nothing. */
  restore({ replies, forgottenUntil }: IdempotentRepliesState): void {
    for (const reply of replies) this.#keep(reply);
    this.#forgottenUntil = forgottenUntil;
  }

  #keep(reply: KeptReply): void {
    const id = idOf(reply);
    this.#replies.delete(id);
    this.#replies.set(id, reply);
  }

  #dropExpired(now: Timestamp): void {
    for (const [id, { expiresAt }] of this.#replies) {
      if (expiresAt > now) return;
      this.#replies.delete(id);
    }
  }

  #dropOldest(): void {
    if (this.#replies.size <= this.#maxReplies) return;
    for (const [id, { sequence, expiresAt }] of this.#replies) {
      if (this.#replies.size <= this.#maxReplies || sequence > this.#projected) return;
      this.#replies.delete(id);
      this.#forgottenUntil = later(this.#forgottenUntil, expiresAt);
    }
  }
}

function idOf({ account, key }: RequestName): string {
  return `${account} ${key}`;
}

function later(one: Timestamp, other: Timestamp): Timestamp {
  return timestamp(Math.max(one, other));
}
