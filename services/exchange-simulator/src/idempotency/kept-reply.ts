import {
  type AccountNumber,
  type Duration,
  duration,
  type Sequence,
  type Timestamp,
  timestamp,
} from "@tse/domain";
import type { IdempotentRequest } from "@tse/journal";
import type { Unit } from "../exchange.ts";

/** The answer to a request: exactly what is sent again when the request comes again. */
export interface RequestReply {
  readonly status: number;
  readonly contentType: string;
  /** JSON text. Never holds a secret in clear: see `sealedFor`. */
  readonly body: string;
  /** Id of the key whose secret the body holds sealed, to be opened when the answer is sent; `""`: none. */
  readonly sealedFor: string;
}

/** An answer to keep, and what it is found by. Plain data. */
export interface KeptReply extends RequestReply {
  readonly account: AccountNumber;
  readonly key: string;
  /** Of what was asked: the same key with another hash is a conflict. */
  readonly hash: string;
  /** Of the command that the request became. */
  readonly sequence: Sequence;
  /** World time from which the key is as if never used. */
  readonly expiresAt: Timestamp;
}

/** Renders the answer to the request of a unit. Pure: the same unit and views give the same answer. */
export type ReplyRenderer = (unit: Unit, request: IdempotentRequest) => RequestReply;

/** How long an answer is kept, in world time. */
export const KEPT_FOR: Duration = duration(24 * 60 * 60 * 1_000_000);

/**
 * The answer that a unit leaves to be given again, if its request shall act only once.
 *
 * A refusal for coming too often isn't kept: nothing happened, and it asks for another try.
 */
export function keptReplyOf(unit: Unit, render: ReplyRenderer): KeptReply | undefined {
  const { request } = unit.origin;
  if (request === undefined || unit.rejection?.code === "rate_limited") return undefined;
  const { account, key, hash } = request;
  const { sequence, time } = unit;
  const expiresAt = timestamp(time + KEPT_FOR);
  return { ...render(unit, request), account, key, hash, sequence, expiresAt };
}
