import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Account } from "../src/index.ts";
import { anAccount, at, balanceOf, journalOf, minor, orderOf, refused } from "./fixtures.ts";
import { contract } from "./stores.ts";

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const ids = (accounts: readonly Account[]) => accounts.map(({ accountId }) => accountId);

export const accountRepositoryContract = contract("accounts", (check) => {
  check("fills what a new account leaves out, and gives back what it stored", async (store) => {
    const { accountRepository: accounts } = store.repositories;
    const now = store.clock.advance(1);

    const made = await accounts.create({ userId: "u", accountType: "MARGIN" });

    assert.match(made.accountId, UUID_V7);
    assert.deepEqual(made, {
      accountId: made.accountId,
      parentAccountId: undefined,
      userId: "u",
      name: undefined,
      accountType: "MARGIN",
      role: "CUSTOMER",
      status: "ACTIVE",
      kycStatus: "PENDING",
      feeTier: "standard",
      createdAt: now,
      updatedAt: now,
      metadata: undefined,
    });
    assert.deepEqual(await accounts.getById(made.accountId), made);
  });

  check(
    "keeps metadata and microseconds, and takes no time of change from the caller",
    async (store) => {
      const { accountRepository: accounts } = store.repositories;
      const metadata = { tags: ["a", "ü\u{1f600}"], deep: { n: 1, none: null, yes: true } };
      const account = {
        accountId: randomUUID(),
        userId: "u",
        accountType: "SPOT",
        metadata,
        createdAt: at(7),
        updatedAt: at(9),
      } as const;

      const made = await accounts.create(account);

      assert.equal(made.createdAt, at(7));
      assert.equal(made.updatedAt, store.clock.now());
      assert.deepEqual((await accounts.getById(account.accountId)).metadata, metadata);
    },
  );

  check(
    "refuses an id twice, and a sub-account's name until its account is closed",
    async (store) => {
      const { accountRepository: accounts } = store.repositories;
      const parent = await anAccount(store);
      const child = {
        userId: "u",
        accountType: "SPOT",
        parentAccountId: parent.accountId,
        name: "hedge",
      } as const;
      const first = await accounts.create(child);

      await refused(
        "already_exists",
        () => accounts.create({ ...child, name: "x", accountId: first.accountId }),
        `account already exists: ${first.accountId}`,
      );
      await refused("already_exists", () => accounts.create(child));
      await accounts.updateStatus(first.accountId, "CLOSED");
      await accounts.create(child);
      await refused("already_exists", () => accounts.updateStatus(first.accountId, "ACTIVE"));
    },
  );

  check("refuses what breaks a rule or names no account", async (store) => {
    const { accountRepository: accounts } = store.repositories;
    const accountId = randomUUID();
    const account = { accountId, userId: "u", accountType: "SPOT" } as const;
    await refused("conflict", () => accounts.create({ ...account, userId: "" }));
    await refused("conflict", () => accounts.create({ ...account, parentAccountId: accountId }));
    await refused("conflict", () => accounts.create({ ...account, parentAccountId: randomUUID() }));
    await refused("conflict", () => accounts.create({ ...account, accountType: "X" as "SPOT" }));
    await refused("invalid_query", () => accounts.create({ ...account, userId: "u".repeat(256) }));
    await refused("invalid_query", () => accounts.create({ ...account, userId: "\0" }));
    await refused("invalid_query", () => accounts.create({ ...account, accountId: "1" }));
    await refused("not_found", () => accounts.getById(accountId));
  });

  check("keeps text of any kind, the separators of its statements included", async (store) => {
    const { accountRepository: accounts } = store.repositories;
    const names = [
      "\u001d",
      "a\u001eb\u001fc\u001d",
      "",
      "\\N",
      "{}\"',\n\t",
      "\u{10ffff}".repeat(100),
    ];
    for (const name of names) {
      const { accountId } = await accounts.create({ userId: "u", accountType: "SPOT", name });
      assert.equal((await accounts.getById(accountId)).name, name);
    }
  });

  check("changes only what may change, and stamps it", async (store) => {
    const { accountRepository: accounts } = store.repositories;
    const before = await accounts.create({ userId: "u", accountType: "SPOT", metadata: { a: 1 } });
    const now = store.clock.advance(5);
    const change = {
      userId: "v",
      accountType: "FUTURES",
      kycStatus: "APPROVED",
      name: "n",
    } as const;
    const foreign = { role: "VENUE", createdAt: at(1), updatedAt: at(1) };

    const changed = await accounts.update(before.accountId, { ...change, ...foreign });

    assert.deepEqual(changed, { ...before, ...change, updatedAt: now });
    const bare = await accounts.update(before.accountId, { metadata: undefined, feeTier: "vip" });
    assert.deepEqual(bare, { ...changed, metadata: undefined, feeTier: "vip" });
    assert.deepEqual(await accounts.getById(before.accountId), bare);
    const closed = await accounts.updateStatus(before.accountId, "CLOSED");
    assert.deepEqual(closed, { ...bare, status: "CLOSED" });
  });

  check("says which account is missing, whatever is asked of it", async (store) => {
    const { accountRepository: accounts } = store.repositories;
    for (const id of [randomUUID(), "no id", "", randomUUID().toUpperCase()]) {
      const message = `account not found: ${id}`;
      await refused("not_found", () => accounts.getById(id), message);
      await refused("not_found", () => accounts.update(id, { name: "n" }), message);
      await refused("not_found", () => accounts.updateStatus(id, "CLOSED"), message);
      await refused("not_found", () => accounts.delete(id), message);
    }
  });

  check(
    "lists a user's accounts, newest first, and filters by everything it says",
    async (store) => {
      const { accountRepository: accounts } = store.repositories;
      const userId = randomUUID();
      const parent = await accounts.create({ userId, accountType: "SPOT", createdAt: at(1) });
      const child = await accounts.create({
        userId,
        accountType: "MARGIN",
        parentAccountId: parent.accountId,
        createdAt: at(2),
        status: "SUSPENDED",
      });
      const approved = await accounts.create({
        userId,
        accountType: "SPOT",
        kycStatus: "APPROVED",
        createdAt: at(3),
      });
      const all = ids([approved, child, parent]);
      const asked = async (query: Parameters<typeof accounts.query>[0]) =>
        ids((await accounts.query({ userId, ...query })).items);

      assert.deepEqual(ids(await accounts.getByUserId(userId)), all);
      assert.deepEqual(await asked({}), all);
      assert.deepEqual(await asked({ userId: "nobody" }), []);
      assert.deepEqual(await asked({ accountType: "MARGIN" }), ids([child]));
      assert.deepEqual(await asked({ status: "SUSPENDED" }), ids([child]));
      assert.deepEqual(await asked({ kycStatus: "APPROVED" }), ids([approved]));
      assert.deepEqual(await asked({ createdAfter: at(2) }), ids([approved]));
      assert.deepEqual(await asked({ parentAccountId: parent.accountId }), ids([child]));
      assert.deepEqual(await asked({ parentAccountId: "no id" }), []);
      assert.deepEqual(await asked({ sortOrder: "asc" }), all.toReversed());
      assert.deepEqual(await asked({ accountType: "SPOT", createdAfter: at(1) }), ids([approved]));
    },
  );

  check(
    "deletes an account that nothing happened in, with its empty balances and keys",
    async (store) => {
      const { accountRepository, apiKeyRepository, balanceRepository } = store.repositories;
      const { accountId } = await anAccount(store);
      const keyId = `key_${accountId}`;
      await apiKeyRepository.create({ keyId, accountId, secretHash: "0".repeat(64) });
      await balanceRepository.atomicUpdate(accountId, "BTC", 0n, 0n);

      await accountRepository.delete(accountId);

      await refused("not_found", () => accountRepository.getById(accountId));
      await refused("not_found", () => apiKeyRepository.getById(keyId));
      assert.deepEqual(await balanceRepository.getByAccount(accountId), []);
    },
  );

  check("refuses to delete an account in use, and leaves all of it", async (store) => {
    const { accountRepository, balanceRepository, ledgerRepository, orderRepository } =
      store.repositories;
    const [ordering, booked, rich, parent] = await Promise.all([
      anAccount(store),
      anAccount(store),
      anAccount(store),
      anAccount(store),
    ]);
    await orderRepository.saveMany([orderOf(ordering)]);
    await ledgerRepository.append([journalOf(booked, 5n)]);
    await balanceRepository.saveMany([
      balanceOf(rich, { availableBalance: minor(1n) }),
      balanceOf(ordering),
    ]);
    const { parentAccountId } = await accountRepository.create({
      userId: "u",
      accountType: "SPOT",
      parentAccountId: parent.accountId,
    });
    for (const { accountId } of [ordering, booked, rich, parent]) {
      await refused("account_in_use", () => accountRepository.delete(accountId));
      await accountRepository.getById(accountId);
    }
    assert.equal(parentAccountId, parent.accountId);
    assert.equal((await balanceRepository.getByAccount(ordering.accountId)).length, 1);
  });

  check("saves many as they are, new ones and known ones, the last of each", async (store) => {
    const { accountRepository: accounts } = store.repositories;
    const known = await anAccount(store);
    const fresh: Account = {
      ...known,
      accountId: randomUUID(),
      metadata: { x: "y" },
      updatedAt: at(3),
    };
    const changed: Account = { ...known, status: "SUSPENDED", updatedAt: at(4) };

    await accounts.saveMany([{ ...changed, status: "CLOSED" }, fresh, changed]);
    await accounts.saveMany([]);

    assert.deepEqual(await accounts.getById(known.accountId), changed);
    assert.deepEqual(await accounts.getById(fresh.accountId), fresh);
  });
});
