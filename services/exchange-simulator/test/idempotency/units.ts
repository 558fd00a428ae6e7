import type { AccountNumber, Rejection, Sequence } from "@tse/domain";
import { timestamp } from "@tse/domain";
import type { Unit } from "../../src/exchange.ts";
import type { KeptReply, ReplyRenderer } from "../../src/idempotency/kept-reply.ts";
import { START } from "../support/exchange.ts";

export const ACCOUNT = 1 as AccountNumber;

/** Says which unit it is of, and nothing more. */
export const bySequence: ReplyRenderer = ({ sequence }) => ({
  status: 201,
  contentType: "application/json",
  body: `{"sequence":${sequence}}`,
  sealedFor: "",
});

interface UnitTerms {
  readonly sequence: number;
  /** After the start of the world, in µs; the sequence when absent. */
  readonly at?: number;
  readonly key?: string;
  readonly account?: AccountNumber;
  readonly rejection?: Rejection;
}

/** A unit of a request that acts once; without `key` of any other. */
export function unitOf({ sequence, at, key, account = ACCOUNT, rejection }: UnitTerms): Unit {
  const request = key === undefined ? {} : { request: { account, key, hash: "h", reply: "test" } };
  return {
    sequence: sequence as Sequence,
    time: timestamp(START + (at ?? sequence)),
    origin: { actor: "", correlationId: "", ...request },
    command: { kind: "list_asset", asset: "XRP" },
    rejection,
    events: [],
  };
}

export function sequencesOf(replies: readonly (KeptReply | undefined)[]): readonly unknown[] {
  return replies.map((reply) => reply?.sequence);
}
