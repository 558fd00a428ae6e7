import { deepEqual, equal } from "node:assert/strict";
import type { Production } from "../support/production.ts";

/** A POST below `/api/v1`, as its client may send it again. */
export interface Post {
  readonly path: string;
  /** As it goes after `Bearer`; absent: nobody's. */
  readonly key?: string | undefined;
  readonly body?: unknown;
  readonly idempotencyKey: string;
}

/** An answer, its body exactly as it came. */
export interface RawReply {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
  readonly isReplay: boolean;
}

export async function post(production: Production, sent: Post): Promise<RawReply> {
  const { path, key, body, idempotencyKey } = sent;
  const response = await fetch(`${production.url}/api/v1${path}`, {
    method: "POST",
    headers: {
      "idempotency-key": idempotencyKey,
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    text: await response.text(),
    isReplay: response.headers.get("idempotent-replay") === "true",
  };
}

/** Asserts that a request acts no more, and is answered as it was when it did. */
export async function assertReplayed(
  production: Production,
  sent: Post,
  first: RawReply,
): Promise<void> {
  const { sequence } = production.venue;
  const again = await post(production, sent);
  deepEqual(again, { ...first, isReplay: true }, sent.path);
  equal(production.venue.sequence, sequence, `${sent.path} acted again`);
}

export function codeOf({ text }: RawReply): string {
  return JSON.parse(text).code;
}
