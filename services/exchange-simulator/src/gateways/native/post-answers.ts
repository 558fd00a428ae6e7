import { createHash } from "node:crypto";
import type { AccountNumber } from "@tse/domain";
import { Problem, pathOf } from "@tse/service-kit";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Origin, Unit } from "../../exchange.ts";
import type { IdempotentReplies } from "../../idempotency/idempotent-replies.ts";
import type { IdempotentRequests } from "../../idempotency/idempotent-requests.ts";
import type { RequestReply } from "../../idempotency/kept-reply.ts";
import type { KeyRing } from "../../keys.ts";
import { originOf } from "./access.ts";
import { type PostForm, type PostViews, renderPosted } from "./posted.ts";
import { idempotencyKeyConflict } from "./problems.ts";

export interface PostAnswersParts {
  readonly requests: IdempotentRequests;
  readonly replies: Pick<IdempotentReplies, "inMemory">;
  readonly views: PostViews;
  readonly keys: Pick<KeyRing, "open">;
}

/**
 * Makes a request's command and submits it with that origin and answer. Throws what is wrong with the
 * request; nothing of it is then kept, because nothing reached the venue.
 */
type Act = (
  origin: Origin,
  answer: (unit: Unit) => RequestReply,
) => Promise<RequestReply> | RequestReply;

interface Exchanged {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Whose requests those are of callers without a key: nobody has a key of the venue's own account. */
const NOBODY = 0 as AccountNumber;

/**
 * Answers the POSTs that become commands: carried out at once, or, with an `Idempotency-Key`, once in 24
 * hours. What a route still refuses by itself is checked inside `act`, except for what the key's scopes
 * don't allow: that must not be answered from memory.
 */
export class PostAnswers {
  readonly #parts: PostAnswersParts;

  constructor(parts: PostAnswersParts) {
    this.#parts = parts;
  }

  /** @throws Problem `idempotency_key_conflict`, or what `act` throws */
  async give(form: PostForm, { request, reply }: Exchanged, act: Act): Promise<FastifyReply> {
    const { views, requests, replies } = this.#parts;
    const origin = originOf(request);
    const key = request.headers["idempotency-key"];
    if (typeof key !== "string") {
      const answer = await act(origin, (unit) => renderPosted(unit, form, views));
      return this.#send(answer, reply);
    }

    const account = request.principal?.account.number ?? NOBODY;
    const named = { account, key, hash: hashOf(request), reply: form };
    const outcome = await requests.once(named, async () =>
      act({ ...origin, request: named }, (unit) => {
        const kept = replies.inMemory(named, unit.time);
        return kept?.sequence === unit.sequence ? kept : renderPosted(unit, form, views);
      }),
    );
    if (outcome.status === "conflict") throw idempotencyKeyConflict();
    if (outcome.isReplay) reply.header("Idempotent-Replay", "true");
    return this.#send(outcome.reply, reply);
  }

  #send(answer: RequestReply, reply: FastifyReply): FastifyReply {
    const { status, contentType } = answer;
    return reply
      .code(status)
      .header("Content-Type", contentType)
      .serializer((text: unknown) => text as string)
      .send(this.#opened(answer));
  }

  /** The body with its secret in clear: between the journal and here it is sealed. */
  #opened({ body, sealedFor }: RequestReply): string {
    if (sealedFor === "") return body;
    const { apiKey, ...rest } = JSON.parse(body) as { apiKey: { secret: string } };
    const secret = this.#parts.keys.open(sealedFor, apiKey.secret);
    if (secret === undefined) throw sealedOtherwise();
    return JSON.stringify({ ...rest, apiKey: { ...apiKey, secret } });
  }
}

/**
 * What was asked, bytes as they came. Callers without a key share their keys' names with all such
 * callers, and an answer may hold a secret: from another address it is another request.
 */
function hashOf({ method, url, ip, principal, rawBody }: FastifyRequest): string {
  const caller = principal === undefined ? ip : "";
  const asked = `${method} ${pathOf(url)}\n${caller}\n${rawBody}`;
  return createHash("sha256").update(asked).digest("hex");
}

function sealedOtherwise(): Problem {
  return new Problem({
    status: 500,
    code: "internal",
    title: "The service failed",
    cause: new Error("an answer to a repeated request was sealed under another SECRET_KEY"),
  });
}
