import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { duration, timestamp } from "@tse/domain";
import { anAccount, at, refused } from "./fixtures.ts";
import { contract } from "./stores.ts";

const SECOND = duration(1_000_000);

export const outboxRepositoryContract = contract("the outbox", (check) => {
  check("fills what a message leaves out, and keeps it until it was delivered", async (store) => {
    const { outboxRepository: outbox } = store.repositories;
    const given = { destination: "audit", topic: "t", payload: { a: [1, null] } };
    const now = store.clock.advance(1);
    const [made] = await outbox.append([given]);
    const { outboxId } = made!;
    assert.deepEqual(await outbox.getById(outboxId), {
      ...given,
      outboxId,
      attempts: 0,
      nextAttemptAt: now,
      deliveredAt: undefined,
      lastError: undefined,
      createdAt: now,
    });
    await refused("already_exists", () => outbox.append([given, { ...given, outboxId }]));
    assert.equal((await outbox.query({ destination: "audit" })).items.length, 1);
    assert.equal((await outbox.query({ destination: "audit", delivered: true })).items.length, 0);
    await outbox.markDelivered(outboxId);
    assert.equal((await outbox.query({ topic: "t", delivered: true })).items.length, 1);
    assert.equal((await outbox.query({ topic: "t", delivered: false })).items.length, 0);
    assert.deepEqual(await outbox.claimDue(10, SECOND), []);
  });

  check("gives each due message to one claimant, the longest waiting first", async (store) => {
    const { outboxRepository: outbox } = store.repositories;
    const message = { destination: "d", topic: "claims", payload: {} };
    const messages = Array.from({ length: 20 }, (_, i) => ({ ...message, createdAt: at(20 - i) }));
    const stored = await outbox.append(messages);

    const claims = await Promise.all([1, 2, 3, 4].map(() => outbox.claimDue(6, SECOND)));

    const claimed = claims.flat().map(({ outboxId }) => outboxId);
    assert.equal(new Set(claimed).size, claimed.length);
    for (const claim of claims) {
      const times = claim.map(({ createdAt }) => createdAt);
      assert.deepEqual(
        times,
        times.toSorted((one, other) => one - other),
      );
    }
    const rest = await outbox.claimDue(100, SECOND);
    assert.equal(claimed.length + rest.length, stored.length);
    assert.deepEqual(await outbox.claimDue(100, SECOND), []);
    store.clock.advance(SECOND);
    assert.equal((await outbox.claimDue(100, SECOND)).length, stored.length);
    for (const { outboxId } of stored) await outbox.markDelivered(outboxId);
  });

  check("waits longer after each failure", async (store) => {
    const { outboxRepository: outbox } = store.repositories;
    const [made] = await outbox.append([{ destination: "d", topic: "fails", payload: {} }]);
    const { outboxId } = made!;
    const waits: number[] = [];
    for (let i = 0; i < 11; i++) {
      const { nextAttemptAt, attempts } = await outbox.markFailed(outboxId, "x".repeat(600));
      assert.equal(attempts, i + 1);
      waits.push((nextAttemptAt - store.clock.now()) / SECOND);
    }
    assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    assert.equal((await outbox.getById(outboxId)).lastError, "x".repeat(500));
    assert.deepEqual(await outbox.claimDue(1, SECOND), []);
    const deliveredAt = store.clock.advance(1);
    await outbox.markDelivered(outboxId);
    store.clock.advance(1);
    assert.equal((await outbox.markDelivered(outboxId)).deliveredAt, deliveredAt);
    const message = "outbox message not found: x";
    await refused("not_found", () => outbox.getById("x"), message);
    await refused("not_found", () => outbox.markDelivered("x"), message);
    await refused("not_found", () => outbox.markFailed("x", ""), message);
  });
});

export const tapeRepositoryContract = contract("the tape", (check) => {
  check("keeps every print once, and lists newest first", async (store) => {
    const { tapeRepository: tape } = store.repositories;
    const print = { symbol: "T/U", price: 5n, quantity: 6n, takerSide: "BUY" } as const;
    const prints = [1, 2, 3].map((tradeSeq) => ({
      ...print,
      tradeSeq,
      executedAt: at(tradeSeq),
      takerOrderSeq: tradeSeq === 1 ? undefined : 7,
    }));
    await tape.saveMany([...prints, { ...prints[0]!, symbol: "V/W" }]);

    assert.deepEqual(await tape.getBySymbol("T/U", 2), [prints[2], prints[1]]);
    await refused("already_exists", () => tape.saveMany([prints[0]!]));
    await refused("conflict", () => tape.saveMany([{ ...prints[0]!, tradeSeq: 9, price: 0n }]));
    const asked = async (query: Parameters<typeof tape.query>[0]) =>
      (await tape.query({ symbol: "T/U", ...query })).items.map(({ tradeSeq }) => tradeSeq);
    assert.deepEqual(await asked({}), [3, 2, 1]);
    assert.deepEqual(await asked({ afterSeq: 1, sortOrder: "ASC" }), [2, 3]);
    assert.deepEqual(await asked({ beforeSeq: 3 }), [2, 1]);
    assert.deepEqual(await asked({ executedAfter: at(2) }), [3]);
    assert.deepEqual(await asked({ executedBefore: at(2) }), [1]);
    assert.deepEqual(await asked({ symbol: "V/W" }), [1]);
  });
});

export const projectionRepositoryContract = contract("projections", (check) => {
  check("move on from where they are expected, and from nowhere else", async (store) => {
    const { projectionRepository: projections } = store.repositories;
    const step = { projection: "history", worldId: "w" };
    assert.equal(await projections.get("history"), undefined);
    await refused("storage_conflict", () => projections.advance({ ...step, expected: 1, last: 2 }));
    await projections.advance({ ...step, expected: 0, last: 5 });
    await refused("storage_conflict", () => projections.advance({ ...step, expected: 0, last: 5 }));
    await projections.advance({ ...step, expected: 5, last: 6 });
    await refused("storage_conflict", () => projections.advance({ ...step, expected: 5, last: 7 }));
    await refused("storage_conflict", () =>
      projections.advance({ ...step, worldId: "v", expected: 6, last: 7 }),
    );
    const updatedAt = store.clock.now();
    assert.deepEqual(await projections.get("history"), { ...step, lastSequence: 6, updatedAt });
  });

  check("let one of two writers of the same step through", async (store) => {
    const { projectionRepository: projections } = store.repositories;
    const step = { projection: "raced", worldId: "w" };
    await projections.advance({ ...step, expected: 0, last: 1 });
    const steps = Array.from({ length: 5 }, () =>
      store.unit((within) =>
        within.projectionRepository.advance({ ...step, expected: 1, last: 2 }),
      ),
    );
    const results = await Promise.allSettled(steps);
    assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
  });
});

export const idempotencyRepositoryContract = contract("idempotency keys", (check) => {
  check("are taken once, keep the answer, and expire", async (store) => {
    const { idempotencyRepository: keys } = store.repositories;
    const { accountId } = await anAccount(store);
    const given = { accountId, idemKey: "k", requestHash: "ab".repeat(32), expiresAt: at(10) };
    assert.equal(await keys.get(accountId, "k"), undefined);
    const made = await keys.create(given);
    const createdAt = store.clock.now();
    assert.deepEqual(made, { ...given, httpStatus: undefined, response: undefined, createdAt });
    await refused("already_exists", () => keys.create(given), "idempotency key already exists: k");
    await refused("conflict", () => keys.create({ ...given, accountId: randomUUID() }));
    await refused("invalid_query", () => keys.create({ ...given, idemKey: "l", requestHash: "a" }));

    const done = await keys.complete(accountId, "k", 201, { id: "1" });

    assert.deepEqual(done, { ...made, httpStatus: 201, response: { id: "1" } });
    assert.deepEqual(await keys.get(accountId, "k"), done);
    await refused("not_found", () => keys.complete(accountId, "l", 200, undefined));
    assert.equal(await keys.deleteExpired(at(10)), 0);
    assert.equal(await keys.deleteExpired(timestamp(at(10) + 1)), 1);
    assert.equal(await keys.get(accountId, "k"), undefined);
    await keys.saveMany([{ ...done, httpStatus: 1 }, done]);
    assert.deepEqual(await keys.get(accountId, "k"), done);
  });
});
