import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { anAccount, at, balanceOf, LARGEST, minor, refused } from "./fixtures.ts";
import { contract } from "./stores.ts";

export const balanceRepositoryContract = contract("balances", (check) => {
  check("upserts by account and symbol, and keeps the first id", async (store) => {
    const { balanceRepository: balances } = store.repositories;
    const { accountId } = await anAccount(store);
    const key = { accountId, symbol: "BTC" };
    const value = { availableBalance: minor(7n), lockedBalance: minor(LARGEST - 7n) };

    const made = await balances.upsert({ ...key, ...value, metadata: { a: 1 } });

    const { balanceId } = made;
    const lastUpdated = store.clock.now();
    const totalBalance = minor(LARGEST);
    assert.deepEqual(made, {
      ...key,
      ...value,
      balanceId,
      totalBalance,
      lastUpdated,
      metadata: { a: 1 },
    });
    store.clock.advance(1);
    const again = await balances.upsert({ ...key, ...value, balanceId: randomUUID() });
    assert.deepEqual(again, { ...made, lastUpdated: store.clock.now(), metadata: undefined });
    assert.deepEqual(await balances.getById(balanceId), again);
    assert.deepEqual(await balances.getByAccountAndSymbol(accountId, "BTC"), again);
  });

  check(
    "refuses a negative bucket, a total that does not fit, and an unknown account",
    async (store) => {
      const { balanceRepository: balances } = store.repositories;
      const account = await anAccount(store);
      const bad = (change: Parameters<typeof balanceOf>[1]) => () =>
        balances.upsert(balanceOf(account, change));
      await refused("conflict", bad({ availableBalance: minor(-1n) }));
      await refused("conflict", bad({ lockedBalance: minor(-1n) }));
      await refused("conflict", bad({ accountId: randomUUID() }));
      await refused(
        "invalid_query",
        bad({ availableBalance: minor(LARGEST), lockedBalance: minor(1n) }),
      );
      assert.deepEqual(await balances.getByAccount(account.accountId), []);
    },
  );

  check("sets both buckets", async (store) => {
    const { balanceRepository: balances } = store.repositories;
    const account = await anAccount(store);
    const before = await balances.upsert(balanceOf(account));
    const lastUpdated = store.clock.advance(1);

    const after = await balances.updateAvailableBalance(before.balanceId, minor(5n), minor(6n));

    const sums = { availableBalance: 5n, lockedBalance: 6n, totalBalance: 11n };
    assert.deepEqual(after, { ...before, ...sums, lastUpdated });
    await refused("insufficient_balance", () =>
      balances.updateAvailableBalance(before.balanceId, minor(-1n), minor(0n)),
    );
  });

  check("says which balance is missing", async (store) => {
    const { balanceRepository: balances } = store.repositories;
    const id = randomUUID();
    const { accountId } = await anAccount(store);
    const none = `balance not found for account ${accountId} and symbol BTC`;
    await refused("not_found", () => balances.getById(id), `balance not found: ${id}`);
    await refused(
      "not_found",
      () => balances.updateAvailableBalance(id, minor(0n), minor(0n)),
      `balance not found: ${id}`,
    );
    await refused("not_found", () => balances.getByAccountAndSymbol(accountId, "BTC"), none);
    await refused("not_found", () => balances.atomicUpdate(accountId, "BTC", -1n, 1n), none);
  });

  check("adds to both buckets, and makes a balance of what is not negative", async (store) => {
    const { balanceRepository: balances } = store.repositories;
    const { accountId } = await anAccount(store);
    const made = await balances.atomicUpdate(accountId, "USD", 10n, 0n);
    assert.equal(made.totalBalance, 10n);
    store.clock.advance(1);

    const locked = await balances.atomicUpdate(accountId, "USD", -4n, 4n);

    const sums = { availableBalance: 6n, lockedBalance: 4n };
    assert.deepEqual(locked, { ...made, ...sums, lastUpdated: store.clock.now() });
    assert.deepEqual(await balances.atomicUpdate(accountId, "USD", 1n, 1n), {
      ...locked,
      availableBalance: 7n,
      lockedBalance: 5n,
      totalBalance: 12n,
    });
  });

  check("refuses to fall below zero in either bucket, and changes nothing", async (store) => {
    const { balanceRepository: balances } = store.repositories;
    const { accountId } = await anAccount(store);
    const before = await balances.atomicUpdate(accountId, "USD", 10n, 5n);
    for (const [available, locked] of [
      [-11n, 0n],
      [0n, -6n],
      [-11n, 20n],
      [20n, -6n],
    ] as const) {
      await refused("insufficient_balance", () =>
        balances.atomicUpdate(accountId, "USD", available, locked),
      );
    }
    assert.deepEqual(await balances.getByAccountAndSymbol(accountId, "USD"), before);
    await store.unit(async (within) => {
      await refused("insufficient_balance", () =>
        within.balanceRepository.atomicUpdate(accountId, "USD", -11n, 0n),
      );
      await within.balanceRepository.atomicUpdate(accountId, "USD", -10n, 0n);
    });
    assert.equal((await balances.getById(before.balanceId)).availableBalance, 0n);
  });

  check("1,000 concurrent additions give the exact sum", async (store) => {
    const { balanceRepository: balances } = store.repositories;
    const { accountId } = await anAccount(store);
    const deltas = Array.from({ length: 1000 }, (_, i) => BigInt(i + 1));

    await Promise.all(deltas.map((delta) => balances.atomicUpdate(accountId, "BTC", delta, 1n)));

    const balance = await balances.getByAccountAndSymbol(accountId, "BTC");
    assert.equal(balance.availableBalance, 500_500n);
    assert.equal(balance.lockedBalance, 1000n);
  });

  check("concurrent spenders never spend more than there is", async (store) => {
    const { balanceRepository: balances } = store.repositories;
    const { accountId } = await anAccount(store);
    await balances.atomicUpdate(accountId, "BTC", 25n, 0n);
    const spends = Array.from({ length: 60 }, () =>
      balances.atomicUpdate(accountId, "BTC", -1n, 1n),
    );

    const results = await Promise.allSettled(spends);

    assert.equal(results.filter(({ status }) => status === "fulfilled").length, 25);
    const balance = await balances.getByAccountAndSymbol(accountId, "BTC");
    assert.deepEqual([balance.availableBalance, balance.lockedBalance], [0n, 25n]);
  });

  check("filters by everything it says; an account's balances come by symbol", async (store) => {
    const { balanceRepository: balances } = store.repositories;
    const account = await anAccount(store);
    const { accountId } = account;
    await balances.saveMany([
      balanceOf(account, { symbol: "USD", availableBalance: minor(5n), lastUpdated: at(1) }),
      balanceOf(account, { symbol: "ada", lockedBalance: minor(9n), lastUpdated: at(2) }),
      balanceOf(account, { symbol: "BTC", lastUpdated: at(3) }),
    ]);
    const asked = async (query: Parameters<typeof balances.query>[0]) =>
      (await balances.query({ accountId, ...query })).items.map(({ symbol }) => symbol);

    assert.deepEqual(await asked({}), ["BTC", "ada", "USD"]);
    assert.deepEqual(await asked({ symbol: "USD" }), ["USD"]);
    assert.deepEqual(await asked({ minBalance: minor(5n) }), ["ada", "USD"]);
    assert.deepEqual(await asked({ updatedAfter: at(2) }), ["BTC"]);
    assert.deepEqual(await asked({ sortBy: "symbol", sortOrder: "ASC" }), ["BTC", "USD", "ada"]);
    const listed = await balances.getByAccount(accountId);
    assert.deepEqual(
      listed.map(({ symbol }) => symbol),
      ["BTC", "USD", "ada"],
    );
  });

  check("saves many as they are, and keeps the ids that balances have", async (store) => {
    const { balanceRepository: balances } = store.repositories;
    const account = await anAccount(store);
    const first = balanceOf(account, { availableBalance: minor(1n) });
    await balances.saveMany([first]);
    const later = balanceOf(account, { availableBalance: minor(3n), lastUpdated: at(5) });

    await balances.saveMany([balanceOf(account), later]);

    const { balanceId } = first;
    const expected = { ...later, balanceId, totalBalance: 3n };
    assert.deepEqual(await balances.getByAccount(account.accountId), [expected]);
  });
});
