import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Posting } from "../src/index.ts";
import { anAccount, at, journalOf, LARGEST, minor, refused } from "./fixtures.ts";
import { contract } from "./stores.ts";

export const ledgerRepositoryContract = contract("the ledger", (check) => {
  check("gives back a journal with its entries in order", async (store) => {
    const { ledgerRepository: ledger } = store.repositories;
    const account = await anAccount(store);
    const first = journalOf(account, LARGEST, {
      sequence: Number.MAX_SAFE_INTEGER,
      referenceType: "TRADE",
      referenceId: randomUUID(),
      kind: "ADJUSTMENT",
      occurredAt: at(123_456),
    });
    const second = journalOf(account, 1n);

    await ledger.append([first, second]);

    assert.deepEqual(await ledger.getById(first.journalId), first);
    assert.deepEqual(await ledger.getById(second.journalId), second);
    await refused("not_found", () => ledger.getById("x"), "ledger journal not found: x");
  });

  check(
    "refuses what does not sum to zero in every asset, and writes none of the batch",
    async (store) => {
      const { ledgerRepository: ledger } = store.repositories;
      const account = await anAccount(store);
      const good = journalOf(account, 5n);
      const [debit, credit] = good.entries as [(typeof good.entries)[0], (typeof good.entries)[0]];
      const broken = [
        [],
        [debit],
        [debit, { ...credit, amount: minor(-4n) }],
        [debit, { ...credit, asset: "USD" }],
        [{ ...debit, amount: minor(0n) }],
        [{ ...debit, accountId: randomUUID() }, credit],
      ];
      for (const entries of broken) {
        const bad = journalOf(account, 5n, { entries });
        await refused("conflict", () => ledger.append([good, bad]));
      }
      await refused("already_exists", () => ledger.append([good, good]));
      await refused("not_found", () => ledger.getById(good.journalId));
      assert.deepEqual((await ledger.queryEntries({ accountId: account.accountId })).items, []);
    },
  );

  check(
    "keeps the numbers and references that entries bring, and finds them by these",
    async (store) => {
      const { ledgerRepository: ledger } = store.repositories;
      const account = await anAccount(store);
      const { accountId } = account;
      const base = 2 ** 52;
      const referenceId = randomUUID();
      const numbered = (value: bigint, entryId: number) => {
        const journal = journalOf(account, value);
        const [own, other] = journal.entries as [Posting, Posting];
        const entries = [
          { ...own, entryId, referenceId },
          { ...other, entryId: entryId + 100 },
        ];
        return { ...journal, entries };
      };
      await ledger.append([numbered(1n, base + 2), numbered(2n, base + 1), numbered(3n, base + 3)]);
      const asked = async (query: Parameters<typeof ledger.queryEntries>[0]) =>
        (await ledger.queryEntries({ accountId, ...query })).items.map((one) => one.entryId - base);

      assert.deepEqual(await asked({}), [3, 2, 1]);
      assert.deepEqual(await asked({ beforeEntry: base + 3 }), [2, 1]);
      assert.deepEqual(await asked({ afterEntry: base + 1 }), [3, 2]);
      const { items } = await ledger.queryEntries({ accountId, limit: 1 });
      assert.equal(items[0]?.referenceId, referenceId);
      await refused("already_exists", () => ledger.append([numbered(1n, base + 2)]));
    },
  );

  check("filters entries and journals by everything it says", async (store) => {
    const { ledgerRepository: ledger } = store.repositories;
    const account = await anAccount(store);
    const referenceId = randomUUID();
    const [a, b] = [
      journalOf(account, 5n, { referenceId, referenceType: "A", occurredAt: at(1) }),
      journalOf(account, 7n, { referenceId, referenceType: "B", kind: "TRADE", occurredAt: at(2) }),
    ] as const;
    const fee = { ...b.entries[0]!, asset: "USD", reason: "FEE" } as const;
    const entries = [...b.entries, fee, { ...fee, amount: minor(-7n), accountId: undefined }];
    await ledger.append([a, { ...b, entries }]);
    const { accountId } = account;
    const amounts = async (query: Parameters<typeof ledger.queryEntries>[0]) =>
      (await ledger.queryEntries(query)).items.map(({ asset, amount }) => `${amount} ${asset}`);
    const journals = async (query: Parameters<typeof ledger.queryJournals>[0]) =>
      (await ledger.queryJournals({ referenceId, ...query })).items.map((one) => one.journalId);

    assert.deepEqual(await amounts({ accountId }), ["7 USD", "7 BTC", "5 BTC"]);
    assert.deepEqual(await amounts({ accountId, asset: "USD" }), ["7 USD"]);
    assert.deepEqual(await amounts({ accountId, reason: "PRINCIPAL" }), ["7 BTC", "5 BTC"]);
    assert.deepEqual(await amounts({ journalId: a.journalId }), ["-5 BTC", "5 BTC"]);
    assert.deepEqual(await journals({}), [b.journalId, a.journalId]);
    assert.deepEqual(await journals({ journalId: [a.journalId] }), [a.journalId]);
    assert.deepEqual(await journals({ kind: "TRADE" }), [b.journalId]);
    assert.deepEqual(await journals({ kind: ["TRADE", "DEPOSIT"], referenceType: "A" }), [
      a.journalId,
    ]);
    assert.deepEqual(await journals({ occurredAfter: at(1) }), [b.journalId]);
    assert.deepEqual(await journals({ occurredBefore: at(2) }), [a.journalId]);
    assert.deepEqual(await journals({ referenceId: randomUUID() }), []);
  });
});
