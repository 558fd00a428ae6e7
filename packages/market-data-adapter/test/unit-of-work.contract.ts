import assert from "node:assert/strict";
import { it } from "node:test";
import { timestamp } from "@tse/domain";
import { StorageError } from "@tse/storage";
import { chained } from "@tse/storage/adapter";
import type { MarketDataRepositories } from "../src/market-data-repositories.ts";
import { type Implementation, NOON } from "./implementations.ts";
import { refused } from "./refused.ts";
import { storeSuite } from "./store-suite.ts";

/** One of everything that a unit of market data may hold. */
const WRITES: readonly ((unit: MarketDataRepositories, symbol: string) => Promise<unknown>)[] = [
  (unit, symbol) => unit.priceFeedRepository.create({ symbol, price: 1n }),
  (unit, symbol) =>
    unit.candleRepository.upsert({
      symbol,
      interval: "1m",
      open: 1n,
      high: 1n,
      low: 1n,
      close: 1n,
      startTime: NOON,
    }),
  (unit, symbol) => unit.marketSnapshotRepository.create({ symbol, lastPrice: 1n }),
  (unit, symbol) =>
    unit.symbolRepository.create({ symbol, baseCurrency: "UOW", quoteCurrency: "USD" }),
  (unit, symbol) =>
    unit.orderBookRepository.create({ symbol, bids: [{ price: 1n, quantity: 1n }], asks: [] }),
  (unit, symbol) => unit.datasetRepository.create(datasetOf(symbol), [POINT]),
  (unit, symbol) =>
    unit.scenarioRunRepository.create({
      scenarioType: symbol,
      symbols: [symbol],
      seed: 1n,
      actor: "admin",
      startsAt: NOON,
      endsAt: timestamp(NOON + 1),
    }),
  async (unit, symbol) =>
    unit.auditRepository.append(
      chained(await unit.auditRepository.last(), [{ ...ENTRY, entityId: symbol }]),
    ),
  (unit, symbol) =>
    unit.outboxRepository.append([{ destination: symbol, topic: "audit", payload: { n: 1 } }]),
];

const POINT = { at: NOON, open: 1n, high: 1n, low: 1n, close: 1n, volume: 0n };

const ENTRY = {
  occurredAt: NOON,
  actor: "admin",
  action: "scenario.started",
  entityType: "scenario",
  accountId: undefined,
  correlationId: undefined,
  payload: { seed: "42" },
};

const datasetOf = (name: string) =>
  ({ name, symbol: name, kind: "TICKS", source: "test", checksum: "a".repeat(64) }) as const;

/** How many rows each of `WRITES` left behind. */
async function rowsOf(all: MarketDataRepositories, symbol: string): Promise<number[]> {
  const lists = await Promise.all([
    all.priceFeedRepository.query({ symbol }),
    all.candleRepository.query({ symbol }),
    all.marketSnapshotRepository.query({ symbol }),
    all.symbolRepository.query({ symbol }),
    all.orderBookRepository.getBySymbol(symbol, 0).then((items) => ({ items })),
    all.datasetRepository.query({ symbol }),
    all.scenarioRunRepository.query({ scenarioType: symbol }),
    all.auditRepository.query({ entityId: symbol }),
    all.outboxRepository.query({ destination: symbol }),
  ]);
  return lists.map(({ items }) => items.length);
}

/** What a unit of work promises, whatever it is made of. */
export function unitOfWorkContract(implementation: Implementation): void {
  storeSuite("a unit of work", implementation, (store) => {
    it("keeps all that it did", async () => {
      const result = await store().unit(async (unit) => {
        for (const write of WRITES) await write(unit, "UOW/ALL");
        assert.deepEqual(
          await rowsOf(unit, "UOW/ALL"),
          WRITES.map(() => 1),
        );
        return "done";
      });

      assert.equal(result, "done");
      assert.deepEqual(
        await rowsOf(store().repositories, "UOW/ALL"),
        WRITES.map(() => 1),
      );
    });

    it("keeps nothing when it fails, whatever it did last", async () => {
      const failure = new Error("thrown by the work itself");
      for (const [last] of WRITES.entries()) {
        const failed = store().unit(async (unit) => {
          for (const write of WRITES.slice(0, last + 1)) await write(unit, "UOW/NONE");
          throw failure;
        });
        await assert.rejects(failed, failure);
        assert.deepEqual(
          await rowsOf(store().repositories, "UOW/NONE"),
          WRITES.map(() => 0),
        );
      }
    });

    it("takes back changes, replacements and deletions too", async () => {
      const { symbolRepository, candleRepository, priceFeedRepository } = store().repositories;
      const symbol = await symbolRepository.getBySymbol("DOT/USD");
      const candle = { symbol: "UOW/BACK", interval: "1m", open: 1n, high: 2n, low: 1n } as const;
      const stored = await candleRepository.create({ ...candle, close: 1n, startTime: NOON });
      await priceFeedRepository.create({ symbol: "UOW/BACK", price: 1n, timestamp: timestamp(1) });

      const failed = store().unit(async (unit) => {
        await unit.symbolRepository.delete(symbol.symbolId);
        await unit.candleRepository.upsert({ ...candle, close: 2n, startTime: NOON });
        assert.equal(await unit.priceFeedRepository.deleteOlderThan(timestamp(2)), 1);
        await unit.candleRepository.create({ ...candle, close: 1n, startTime: NOON });
      });

      await refused("already_exists", failed);
      assert.deepEqual(await symbolRepository.getBySymbol("DOT/USD"), symbol);
      assert.deepEqual(await candleRepository.getById(stored.candleId), stored);
      assert.equal((await priceFeedRepository.getBySymbol("UOW/BACK", 0)).length, 1);
    });

    it("fails when a statement of it failed, though the work caught that", async () => {
      const deaf = store().unit(async (unit) => {
        await unit.priceFeedRepository.create({ symbol: "UOW/DEAF", price: 1n });
        await unit.priceFeedRepository
          .create({ symbol: "UOW/DEAF", price: 1n, bid: 2n, ask: 1n })
          .catch(() => {});
      });

      await assert.rejects(deaf, StorageError);
      assert.deepEqual(
        await store().repositories.priceFeedRepository.getBySymbol("UOW/DEAF", 0),
        [],
      );
    });

    it("takes turns with others, so that all of many end whole", async () => {
      const units = Array.from({ length: 20 }, (_, i) =>
        store().unit(async (unit) => {
          await unit.priceFeedRepository.create({ symbol: "UOW/MANY", price: 1n, sequence: i });
          await unit.marketSnapshotRepository.create({ symbol: "UOW/MANY", lastPrice: 1n });
          if (i % 2 === 1) throw new Error("every second fails");
        }),
      );
      const outcomes = await Promise.allSettled(units);

      assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 10);
      const [feeds, , snapshots] = await rowsOf(store().repositories, "UOW/MANY");
      assert.deepEqual([feeds, snapshots], [10, 10]);
    });
  });
}
