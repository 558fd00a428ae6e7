import type { Clock } from "@tse/domain";
import type { IdempotentRequest } from "@tse/journal";
import type { IdempotentReplies } from "./idempotent-replies.ts";
import type { RequestReply } from "./kept-reply.ts";

/** `conflict`: the key was used for something else before. */
export type RequestOutcome =
  | { readonly status: "answered"; readonly reply: RequestReply; readonly isReplay: boolean }
  | { readonly status: "conflict" };

export interface IdempotentRequestsParts {
  readonly replies: Pick<IdempotentReplies, "find">;
  readonly clock: Pick<Clock, "now">;
}

interface FirstRequest {
  readonly hash: string;
  readonly outcome: Promise<RequestOutcome>;
}

/**
 * Requests that act once, however often and however close together they come: the first of a name acts,
 * one that comes while it is under way waits for it, and one that comes later gets the kept reply.
 */
export class IdempotentRequests {
  readonly #parts: IdempotentRequestsParts;
  readonly #underWay = new Map<string, FirstRequest>();

  constructor(parts: IdempotentRequestsParts) {
    this.#parts = parts;
  }

  /**
   * The outcome of the request, carried out now or before.
   *
   * @param act submits the command with `request` in its origin, and resolves with the unit's reply.
   * When it rejects, so does this, for those that waited as well; nothing is kept and the next may try.
   */
  async once(
    request: IdempotentRequest,
    act: () => Promise<RequestReply>,
  ): Promise<RequestOutcome> {
    const id = `${request.account} ${request.key}`;
    for (let first = this.#underWay.get(id); first !== undefined; first = this.#underWay.get(id)) {
      if (first.hash === request.hash) return replayOf(await first.outcome);
      // Whether this is a conflict shows when the other has come to something.
      await first.outcome.catch(() => {});
    }
    const outcome = this.#outcome(request, act).finally(() => this.#underWay.delete(id));
    this.#underWay.set(id, { hash: request.hash, outcome });
    return outcome;
  }

  async #outcome(
    request: IdempotentRequest,
    act: () => Promise<RequestReply>,
  ): Promise<RequestOutcome> {
    const { replies, clock } = this.#parts;
    const kept = await replies.find(request, clock.now());
    if (kept === undefined) return { status: "answered", reply: await act(), isReplay: false };
    if (kept.hash !== request.hash) return { status: "conflict" };
    return { status: "answered", reply: kept, isReplay: true };
  }
}

function replayOf(outcome: RequestOutcome): RequestOutcome {
  return outcome.status === "conflict" ? outcome : { ...outcome, isReplay: true };
}
