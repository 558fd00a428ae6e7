import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { anAccount, at, LARGEST, minor, refused } from "./fixtures.ts";
import { contract } from "./stores.ts";

export const transferRepositoryContract = contract("transfers", (check) => {
  check("fills what a new transfer leaves out", async (store) => {
    const { transferRepository: transfers } = store.repositories;
    const { accountId } = await anAccount(store);
    const now = store.clock.advance(1);
    const given = {
      kind: "DEPOSIT",
      toAccountId: accountId,
      asset: "BTC",
      amount: minor(LARGEST),
    } as const;
    const made = await transfers.create(given);
    assert.deepEqual(made, {
      ...given,
      transferId: made.transferId,
      transferSeq: undefined,
      fromAccountId: undefined,
      status: "COMPLETED",
      externalId: undefined,
      reason: undefined,
      createdAt: now,
      completedAt: now,
      metadata: undefined,
    });
    assert.deepEqual(await transfers.getById(made.transferId), made);
  });

  check("refuses an external id twice and sides that do not go with the kind", async (store) => {
    const { transferRepository: transfers } = store.repositories;
    const { accountId } = await anAccount(store);
    const externalId = randomUUID();
    const given = {
      kind: "WITHDRAWAL",
      fromAccountId: accountId,
      asset: "BTC",
      amount: minor(1n),
    } as const;
    const made = await transfers.create({ ...given, externalId });
    assert.deepEqual(await transfers.getByExternalId(externalId), made);
    const message = `transfer already exists: ${externalId}`;
    await refused("already_exists", () => transfers.create({ ...given, externalId }), message);
    await refused("conflict", () => transfers.create({ ...given, kind: "DEPOSIT" }));
    await refused("conflict", () => transfers.create({ ...given, kind: "INTERNAL" }));
    await refused("conflict", () =>
      transfers.create({ ...given, kind: "INTERNAL", toAccountId: accountId }),
    );
    await refused("conflict", () => transfers.create({ ...given, toAccountId: accountId }));
    await refused("conflict", () => transfers.create({ ...given, fromAccountId: randomUUID() }));
    await refused("conflict", () => transfers.create({ ...given, amount: minor(0n) }));
    await refused("not_found", () => transfers.getByExternalId("x"), "transfer not found: x");
    await refused("not_found", () => transfers.getById("x"), "transfer not found: x");
  });

  check("ends once", async (store) => {
    const { transferRepository: transfers } = store.repositories;
    const { accountId } = await anAccount(store);
    const given = {
      kind: "DEPOSIT",
      toAccountId: accountId,
      asset: "BTC",
      amount: minor(1n),
    } as const;
    const pending = await transfers.create({ ...given, status: "PENDING" });
    assert.equal(pending.completedAt, undefined);
    const completedAt = store.clock.advance(1);
    const done = await transfers.updateStatus(pending.transferId, "COMPLETED");
    assert.deepEqual(done, { ...pending, status: "COMPLETED", completedAt });
    await refused("conflict", () => transfers.updateStatus(pending.transferId, "FAILED"));
    const other = await transfers.create({ ...given, status: "PENDING" });
    const failed = await transfers.updateStatus(other.transferId, "REJECTED", "limit");
    assert.deepEqual(failed, { ...other, status: "REJECTED", reason: "limit" });
    await refused(
      "not_found",
      () => transfers.updateStatus("x", "FAILED"),
      "transfer not found: x",
    );
  });

  check("filters by everything it says; an account is on either side", async (store) => {
    const { transferRepository: transfers } = store.repositories;
    const [mine, theirs] = [await anAccount(store), await anAccount(store)];
    const base = {
      transferId: "",
      transferSeq: undefined,
      fromAccountId: undefined,
      toAccountId: undefined,
      asset: "BTC",
      amount: minor(1n),
      status: "COMPLETED",
      externalId: undefined,
      reason: undefined,
      completedAt: undefined,
      metadata: undefined,
    } as const;
    const [a, b, c] = [randomUUID(), randomUUID(), randomUUID()];
    await transfers.saveMany([
      {
        ...base,
        transferId: a,
        transferSeq: 8,
        kind: "DEPOSIT",
        toAccountId: mine.accountId,
        createdAt: at(1),
      },
      {
        ...base,
        transferId: b,
        transferSeq: 9,
        kind: "INTERNAL",
        fromAccountId: theirs.accountId,
        toAccountId: mine.accountId,
        asset: "USD",
        createdAt: at(2),
      },
      {
        ...base,
        transferId: c,
        kind: "WITHDRAWAL",
        fromAccountId: mine.accountId,
        status: "PENDING",
        createdAt: at(3),
      },
    ]);
    const asked = async (query: Parameters<typeof transfers.query>[0]) =>
      (await transfers.query({ accountId: mine.accountId, ...query })).items.map(
        ({ transferId }) => transferId,
      );
    assert.deepEqual(await asked({}), [c, b, a]);
    assert.deepEqual(await asked({ accountId: theirs.accountId }), [b]);
    assert.deepEqual(await asked({ kind: "DEPOSIT" }), [a]);
    assert.deepEqual(await asked({ kind: ["DEPOSIT", "INTERNAL"] }), [b, a]);
    assert.deepEqual(await asked({ asset: "USD" }), [b]);
    assert.deepEqual(await asked({ status: "PENDING" }), [c]);
    assert.deepEqual(await asked({ createdAfter: at(1) }), [c, b]);
    assert.deepEqual(await asked({ createdBefore: at(3) }), [b, a]);
    assert.deepEqual(await asked({ afterSeq: 8 }), [b]);
    assert.deepEqual(await asked({ beforeSeq: 9 }), [a]);
    assert.deepEqual(await asked({ sortBy: "transferSeq" }), [b, a]);
  });
});
