import { deepEqual, equal, rejects } from "node:assert/strict";
import { describe, it } from "node:test";
import type { AccountNumber, Sequence } from "@tse/domain";
import { timestamp } from "@tse/domain";
import {
  IdempotentReplies,
  type IdempotentRepliesOptions,
  type RequestName,
} from "../../src/idempotency/idempotent-replies.ts";
import { KEPT_FOR, type KeptReply, keptReplyOf } from "../../src/idempotency/kept-reply.ts";
import { START } from "../support/exchange.ts";
import { ACCOUNT, bySequence, sequencesOf, unitOf } from "./units.ts";

const NOW = timestamp(START + 1_000);

function repliesWith(options: Omit<IdempotentRepliesOptions, "render"> = {}) {
  return new IdempotentReplies({ render: bySequence, ...options });
}

function named(key: string, account = ACCOUNT): RequestName {
  return { account, key };
}

/** Stands for the database: has what it was given, and says how often it was asked. */
function database() {
  const rows = new Map<string, KeptReply>();
  const older = {
    asked: 0,
    add(sequence: number, key: string): void {
      const reply = keptReplyOf(unitOf({ sequence, key }), bySequence);
      if (reply !== undefined) rows.set(key, reply);
    },
    async find({ key }: RequestName): Promise<KeptReply | undefined> {
      older.asked += 1;
      return rows.get(key);
    },
  };
  return older;
}

describe("IdempotentReplies", () => {
  it("keeps the answer of a unit whose request acts once, for its account only", async () => {
    const replies = repliesWith();
    replies.record(unitOf({ sequence: 1, key: "a" }));
    replies.record(unitOf({ sequence: 2 }));

    const found = await replies.find(named("a"), NOW);
    deepEqual(found, {
      status: 201,
      contentType: "application/json",
      body: '{"sequence":1}',
      sealedFor: "",
      account: ACCOUNT,
      key: "a",
      hash: "h",
      sequence: 1,
      expiresAt: START + 1 + KEPT_FOR,
    });
    equal(await replies.find(named("a", 2 as AccountNumber), NOW), undefined);
    equal(await replies.find(named("b"), NOW), undefined);
    equal(replies.size, 1);
  });

  it("keeps refusals, but not the one that asks to come again later", () => {
    const replies = repliesWith();
    replies.record(
      unitOf({ sequence: 1, key: "poor", rejection: { code: "insufficient_balance" } }),
    );
    replies.record(unitOf({ sequence: 2, key: "fast", rejection: { code: "rate_limited" } }));

    const found = ["poor", "fast"].map((key) => replies.inMemory(named(key), NOW));
    deepEqual(sequencesOf(found), [1, undefined]);
  });

  it("forgets after 24 hours of world time, and then takes the key anew", () => {
    const replies = repliesWith();
    replies.record(unitOf({ sequence: 1, at: 0, key: "a" }));
    const last = timestamp(START + KEPT_FOR - 1);
    const after = timestamp(START + KEPT_FOR);

    equal(replies.inMemory(named("a"), last)?.sequence, 1);
    equal(replies.inMemory(named("a"), after), undefined);
    replies.record(unitOf({ sequence: 2, at: KEPT_FOR, key: "a" }));
    equal(replies.inMemory(named("a"), after)?.sequence, 2);
    replies.record(unitOf({ sequence: 3, at: 3 * KEPT_FOR, key: "b" }));
    equal(replies.size, 1);
  });

  it("keeps the newest when nobody else keeps any", async () => {
    const replies = repliesWith({ maxReplies: 2 });
    for (const [index, key] of ["a", "b", "c"].entries()) {
      replies.record(unitOf({ sequence: index + 1, key }));
    }

    const found = await Promise.all(["a", "b", "c"].map((key) => replies.find(named(key), NOW)));
    deepEqual(sequencesOf(found), [undefined, 2, 3]);
  });

  it("lets go only what is kept elsewhere, and asks there for it", async () => {
    const older = database();
    const replies = repliesWith({ maxReplies: 1, older });
    for (const [index, key] of ["a", "b", "c"].entries()) {
      replies.record(unitOf({ sequence: index + 1, key }));
    }
    equal(replies.size, 3);
    equal(await replies.find(named("x"), NOW), undefined);
    equal(older.asked, 0);

    for (const [index, key] of ["a", "b"].entries()) older.add(index + 1, key);
    replies.projected(2 as Sequence);

    equal(replies.size, 1);
    const found = await Promise.all(["a", "b", "c"].map((key) => replies.find(named(key), NOW)));
    deepEqual(sequencesOf(found), [1, 2, 3]);
    equal(older.asked, 2);
    equal(await replies.find(named("a"), timestamp(START + 2 + KEPT_FOR)), undefined);
    equal(older.asked, 2);
  });

  it("doesn't take an expired reply for one", async () => {
    const older = database();
    const replies = repliesWith({ maxReplies: 1, older });
    for (const [index, key] of ["a", "b", "c"].entries()) {
      replies.record(unitOf({ sequence: index + 1, key }));
      older.add(index + 1, key);
    }
    replies.projected(3 as Sequence);

    equal(await replies.find(named("a"), timestamp(START + 1 + KEPT_FOR)), undefined);
    equal(older.asked, 1);
  });

  it("rejects when it may have forgotten and can't ask", async () => {
    const away = new Error("the database is away");
    const replies = repliesWith({ maxReplies: 1, older: { find: () => Promise.reject(away) } });
    for (const [index, key] of ["a", "b"].entries()) {
      replies.record(unitOf({ sequence: index + 1, key }));
    }
    equal(await replies.find(named("x"), NOW), undefined);
    replies.projected(2 as Sequence);

    await rejects(replies.find(named("x"), NOW), away);
    equal((await replies.find(named("b"), NOW))?.sequence, 2);
  });

  it("goes on from its saved state, without what is kept elsewhere", async () => {
    const older = database();
    const replies = repliesWith({ older, savedReplies: 0 });
    for (const [index, key] of ["a", "b", "c"].entries()) {
      replies.record(unitOf({ sequence: index + 1, key }));
    }
    older.add(1, "a");
    const state = structuredClone(replies.save(1 as Sequence));

    const restored = repliesWith({ older, savedReplies: 0 });
    restored.restore(state);

    deepEqual(sequencesOf(state.replies), [2, 3]);
    const found = await Promise.all(["a", "b", "c"].map((key) => restored.find(named(key), NOW)));
    deepEqual(sequencesOf(found), [1, 2, 3]);
    equal(older.asked, 1);
    deepEqual(restored.save(1 as Sequence), state);
    const whole = repliesWith();
    whole.restore(replies.save(0 as Sequence));
    equal(whole.size, 3);
  });

  it("saves the newest even when they are kept elsewhere, so that nobody has to be asked for them", () => {
    const replies = repliesWith({ older: database(), savedReplies: 2 });
    for (const [index, key] of ["a", "b", "c"].entries()) {
      replies.record(unitOf({ sequence: index + 1, key }));
    }
    deepEqual(sequencesOf(replies.save(3 as Sequence).replies), [2, 3]);
  });
});
