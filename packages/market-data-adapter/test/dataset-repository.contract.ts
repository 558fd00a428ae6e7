import assert from "node:assert/strict";
import { it } from "node:test";
import { MAX_AMOUNT, timestamp } from "@tse/domain";
import { StorageError } from "@tse/storage";
import type { DatasetPoint, NewDataset } from "../src/datasets/dataset.ts";
import { type Implementation, NOON } from "./implementations.ts";
import { ABSENT_ID, refused } from "./refused.ts";
import { storeSuite } from "./store-suite.ts";

const dataset = (name: string, others: Partial<NewDataset> = {}): NewDataset => ({
  name,
  symbol: "BTC/USD",
  kind: "TICKS",
  source: "file.csv",
  checksum: "0123456789abcdef".repeat(4),
  ...others,
});

const point = (i: number, price: bigint = BigInt(i + 1)): DatasetPoint => ({
  at: timestamp(NOON + i),
  open: price,
  high: price,
  low: price,
  close: price,
  volume: BigInt(i),
});

const points = (count: number) => Array.from({ length: count }, (_, i) => point(i));

/** What a data set repository promises, whatever it is made of. */
export function datasetContract(implementation: Implementation): void {
  storeSuite("data sets", implementation, (store) => {
    const repository = () => store().repositories.datasetRepository;

    it("creates with what its points say, and reads back what it returned", async () => {
      const created = await repository().create(dataset("def"), points(3));

      assert.deepEqual(created, {
        datasetId: created.datasetId,
        name: "def",
        symbol: "BTC/USD",
        kind: "TICKS",
        interval: undefined,
        source: "file.csv",
        firstAt: NOON,
        lastAt: timestamp(NOON + 2),
        points: 3,
        checksum: "0123456789abcdef".repeat(4),
        importedAt: NOON,
        metadata: undefined,
      });
      assert.deepEqual(await repository().getById(created.datasetId), created);
      assert.deepEqual(await repository().getByName("def"), created);
    });

    it("keeps points exact and in order, tens of thousands of them", async () => {
      const many = [...points(25_000), point(25_000, MAX_AMOUNT)];
      const { datasetId } = await repository().create(dataset("many"), many);
      const seen: unknown[] = [];
      let cursor: string | undefined;
      do {
        const behind = cursor === undefined ? {} : { cursor };
        const page = await repository().getPoints(datasetId, { limit: 1000, ...behind });
        seen.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== undefined);

      const expected = many.map((one, ordinal) => ({ datasetId, ordinal, ...one }));
      assert.deepEqual(seen, expected);
      const all: unknown[] = [];
      for await (const some of repository().everyPoint(datasetId)) all.push(...some);
      assert.deepEqual(all, expected);
    });

    it("gives points from a place, or from a moment, on", async () => {
      const { datasetId } = await repository().create(dataset("seek"), points(10));
      const ordinals = async (query: Parameters<ReturnType<typeof repository>["getPoints"]>[1]) =>
        (await repository().getPoints(datasetId, query)).items.map(({ ordinal }) => ordinal);

      assert.deepEqual(await ordinals({ ordinalFrom: 8 }), [8, 9]);
      const at = (i: number) => timestamp(NOON + i);
      assert.deepEqual(await ordinals({ atFrom: at(3), atTo: at(6), limit: 2 }), [3, 4]);
      assert.deepEqual((await repository().getPoints(ABSENT_ID)).items, []);
    });

    it("refuses a name in use, points that aren't in order, and points that break a rule", async () => {
      await repository().create(dataset("taken"), points(1));

      await refused("already_exists", repository().create(dataset("taken"), points(2)));
      const bad: readonly (readonly DatasetPoint[])[] = [
        [],
        [point(1), point(1)],
        [point(2), point(1)],
        [point(0), { ...point(1), high: 1n }],
        [point(0), { ...point(1), low: 0n }],
        [point(0), { ...point(1), volume: -1n }],
      ];
      for (const some of bad) await refused("conflict", repository().create(dataset("bad"), some));
      const checksum = repository().create(dataset("bad", { checksum: "ABC" }), points(1));
      await refused("invalid_query", checksum);
      await refused("not_found", repository().getByName("bad"));
    });

    it("filters by name, symbol, kind and checksum, newest first", async () => {
      const checksum = "f".repeat(64);
      await repository().create(dataset("fil-1", { symbol: "FIL/USD", checksum }), points(1));
      store().clock.advance(1);
      const candles = { symbol: "FIL/USD", kind: "CANDLES", interval: "1h" } as const;
      const second = await repository().create(dataset("fil-2", candles), points(2));
      const found = async (query: Parameters<ReturnType<typeof repository>["query"]>[0]) =>
        (await repository().query(query)).items.map(({ name }) => name);

      assert.equal(second.interval, "1h");
      assert.deepEqual(await found({ symbol: "FIL/USD" }), ["fil-2", "fil-1"]);
      assert.deepEqual(await found({ name: "fil-1" }), ["fil-1"]);
      assert.deepEqual(await found({ kind: "CANDLES" }), ["fil-2"]);
      assert.deepEqual(await found({ checksum }), ["fil-1"]);
      assert.deepEqual(await found({ symbol: "FIL/USD", sortBy: "name", sortOrder: "ASC" }), [
        "fil-1",
        "fil-2",
      ]);
    });

    it("deletes one with its points, and says which there isn't", async () => {
      const { datasetId } = await repository().create(dataset("del"), points(5));
      await repository().delete(datasetId);

      const absent = new StorageError("not_found", `dataset not found: ${datasetId}`);
      await assert.rejects(repository().getById(datasetId), absent);
      await assert.rejects(repository().delete(datasetId), absent);
      assert.deepEqual((await repository().getPoints(datasetId)).items, []);
    });
  });
}
