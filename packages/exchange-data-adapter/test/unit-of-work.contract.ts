import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type Account, chained, type ExchangeRepositories } from "../src/index.ts";
import {
  anAccount,
  at,
  balanceOf,
  journalOf,
  minor,
  orderOf,
  refused,
  tradeOf,
} from "./fixtures.ts";
import { contract, type OpenStore } from "./stores.ts";

type Step = (repositories: ExchangeRepositories) => Promise<unknown>;

class Injected extends Error {
  override name = "Injected";
}

/** An execution of an order as the projector writes it, statement by statement. */
function execution(account: Account, projection: string, expected: number): Step[] {
  const order = orderOf(account, { status: "PARTIAL", filledQuantity: 1n });
  return [
    ({ orderRepository }) => orderRepository.saveMany([order]),
    ({ tradeRepository }) => tradeRepository.saveMany([tradeOf(order)]),
    ({ balanceRepository }) =>
      balanceRepository.saveMany([balanceOf(account, { availableBalance: minor(9n) })]),
    ({ balanceRepository }) => balanceRepository.atomicUpdate(account.accountId, "BTC", -1n, 1n),
    ({ ledgerRepository }) => ledgerRepository.append([journalOf(account, 9n)]),
    ({ outboxRepository }) =>
      outboxRepository.append([{ destination: projection, topic: "t", payload: {} }]),
    ({ orderRepository }) => orderRepository.cancel(order.orderId),
    async ({ auditRepository }) => {
      const entry = {
        occurredAt: at(0),
        actor: "engine",
        action: "order.filled",
        entityType: "order",
        entityId: order.orderId,
        accountId: account.accountId,
        correlationId: undefined,
        payload: {},
      };
      await auditRepository.append(chained(await auditRepository.last(), [entry]));
    },
    ({ projectionRepository }) =>
      projectionRepository.advance({ projection, worldId: "w", expected, last: expected + 1 }),
  ];
}

/** Everything of an account that an execution touches. */
async function picture({ repositories: r }: OpenStore, { accountId }: Account, projection: string) {
  return {
    orders: (await r.orderRepository.query({ accountId })).items,
    trades: (await r.tradeRepository.query({ accountId })).items,
    balances: await r.balanceRepository.getByAccount(accountId),
    entries: (await r.ledgerRepository.queryEntries({ accountId })).items,
    journals: (await r.ledgerRepository.queryJournals({ limit: 1000 })).items.length,
    messages: (await r.outboxRepository.query({ destination: projection })).items,
    audit: (await r.auditRepository.query({ accountId })).items,
    last: await r.auditRepository.last(),
    position: await r.projectionRepository.get(projection),
  };
}

export const unitOfWorkContract = contract("a unit of work", (check) => {
  check("leaves no trace when it fails after any of its statements", async (store) => {
    const account = await anAccount(store);
    const projection = randomUUID();
    for (const step of execution(account, projection, 0)) await step(store.repositories);
    const before = await picture(store, account, projection);
    assert.equal(before.position?.lastSequence, 1);
    const statements = execution(account, projection, 1).length;
    for (let failing = 0; failing <= statements; failing++) {
      const steps = execution(account, projection, 1).slice(0, failing);
      const unit = store.unit(async (within) => {
        for (const step of steps) await step(within);
        throw new Injected();
      });
      await assert.rejects(unit, Injected);
      assert.deepEqual(await picture(store, account, projection), before);
    }
    await store.unit(async (within) => {
      for (const step of execution(account, projection, 1)) await step(within);
    });
    const after = await picture(store, account, projection);
    assert.equal(after.orders.length, 2);
    assert.equal(after.position?.lastSequence, 2);
  });

  check("leaves no trace when a statement of it is refused", async (store) => {
    const account = await anAccount(store);
    const projection = randomUUID();
    const before = await picture(store, account, projection);
    const refusals: Step[] = [
      ({ tradeRepository }) => tradeRepository.saveMany([tradeOf(orderOf(account))]),
      ({ orderRepository }) => orderRepository.saveMany([orderOf(account, { price: 0n })]),
      ({ projectionRepository }) =>
        projectionRepository.advance({ projection, worldId: "w", expected: 7, last: 8 }),
    ];
    for (const refusal of refusals) {
      const unit = store.unit(async (within) => {
        for (const step of execution(account, projection, 0)) await step(within);
        await refusal(within);
      });
      await assert.rejects(unit, { name: "StorageError" });
      assert.deepEqual(await picture(store, account, projection), before);
    }
  });

  check("leaves no trace when it fails while its other statements are under way", async (store) => {
    const account = await anAccount(store);
    const projection = randomUUID();
    const before = await picture(store, account, projection);

    const unit = store.unit(async ({ ledgerRepository, outboxRepository }) => {
      const message = { destination: projection, topic: "t", payload: {} };
      await Promise.all([
        Promise.reject(new Injected()),
        ledgerRepository.append([journalOf(account, 9n)]),
        ...Array.from({ length: 5 }, () => outboxRepository.append([message])),
      ]);
    });

    await assert.rejects(unit, Injected);
    assert.deepEqual(await picture(store, account, projection), before);
  });

  check("leaves no trace when one of the statements under way is refused", async (store) => {
    const account = await anAccount(store);
    const projection = randomUUID();
    const before = await picture(store, account, projection);
    const missing = { ...account, accountId: randomUUID() };

    const unit = () =>
      store.unit(async ({ ledgerRepository, outboxRepository }) => {
        const message = { destination: projection, topic: "t", payload: {} };
        await Promise.all([
          ledgerRepository.append([journalOf(missing, 9n)]),
          ledgerRepository.append([journalOf(account, 9n)]),
          ...Array.from({ length: 5 }, () => outboxRepository.append([message])),
        ]);
      });

    await refused("conflict", unit);
    assert.deepEqual(await picture(store, account, projection), before);
  });

  check("cannot go on after the database refused a statement", async (store) => {
    const account = await anAccount(store);
    const unit = () =>
      store.unit(async (within) => {
        await within.orderRepository.saveMany([orderOf(account)]);
        const bad = orderOf(account, { price: 0n });
        await refused("conflict", () => within.orderRepository.create(bad));
      });
    await refused("internal", unit);
    assert.deepEqual(
      await store.repositories.orderRepository.getPendingByAccount(account.accountId),
      [],
    );
  });

  check("goes on after a refusal that no statement failed for", async (store) => {
    const account = await anAccount(store);
    const { accountId } = account;
    const order = orderOf(account);
    await store.unit(async ({ orderRepository, balanceRepository }) => {
      await orderRepository.saveMany([order]);
      await orderRepository.cancel(order.orderId);
      await refused("order_not_open", () => orderRepository.cancel(order.orderId));
      await refused("not_found", () => orderRepository.cancel(randomUUID()));
      await refused("not_found", () => balanceRepository.atomicUpdate(accountId, "X", -1n, 0n));
    });
    const stored = await store.repositories.orderRepository.getById(order.orderId);
    assert.equal(stored.status, "CANCELLED");
  });

  check("sees its own changes, and nobody else does before it ends", async (store) => {
    const account = await anAccount(store);
    const { accountId } = account;
    const begun = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    const unit = store.unit(async ({ balanceRepository }) => {
      await balanceRepository.atomicUpdate(accountId, "BTC", 5n, 0n);
      const seen = await balanceRepository.getByAccount(accountId);
      assert.equal(seen[0]?.availableBalance, 5n);
      begun.resolve();
      await end.promise;
      throw new Injected();
    });
    await begun.promise;
    const outside = store.repositories.balanceRepository.getByAccount(accountId);
    end.resolve();
    await assert.rejects(unit, Injected);
    assert.deepEqual(await outside, []);
  });

  check("gives back what its work gives", async (store) => {
    assert.equal(await store.unit(async () => 42), 42);
  });

  check("concurrent fills of one order end in one of them, whole", async (store) => {
    const { orderRepository: orders } = store.repositories;
    const order = await orders.create(orderOf(await anAccount(store)));
    const fills = Array.from({ length: 20 }, (_, i) =>
      orders.updateFilled(order.orderId, BigInt(i + 1), BigInt(1000 + i)),
    );
    await Promise.all([...fills, orders.getById(order.orderId)]);
    const { filledQuantity, averagePrice } = await orders.getById(order.orderId);
    assert.equal(averagePrice, filledQuantity + 999n);
  });
});
