import assert from "node:assert/strict";
import { it } from "node:test";
import { MAX_AMOUNT, timestamp } from "@tse/domain";
import type { NewOrderBook, OrderBook } from "../src/order-books/order-book.ts";
import { type Implementation, NOON } from "./implementations.ts";
import { refused } from "./refused.ts";
import { storeSuite } from "./store-suite.ts";

const level = (price: bigint, quantity: bigint) => ({ price, quantity });

const book = (symbol: string, others: Partial<NewOrderBook> = {}): NewOrderBook => ({
  symbol,
  bids: [level(99n, 1n), level(98n, 2n)],
  asks: [level(101n, 3n)],
  ...others,
});

/** What an order book repository promises, whatever it is made of. */
export function orderBookContract(implementation: Implementation): void {
  storeSuite("order books", implementation, (store) => {
    const repository = () => store().repositories.orderBookRepository;

    it("creates with defaults, and reads back what it returned", async () => {
      const created = await repository().create(book("DEF/USD"));

      assert.deepEqual(created, {
        bookId: created.bookId,
        symbol: "DEF/USD",
        sequence: undefined,
        depth: 2,
        bids: [level(99n, 1n), level(98n, 2n)],
        asks: [level(101n, 3n)],
        timestamp: NOON,
        metadata: undefined,
      });
      assert.deepEqual(await repository().getLatestBySymbol("DEF/USD"), created);
    });

    it("keeps every field as it was given, exact decimals and an empty side too", async () => {
      const given: OrderBook = {
        bookId: "01900000-0000-7000-8000-000000000004",
        symbol: "ALL/USD",
        sequence: 7,
        depth: 10,
        bids: [],
        asks: [level(MAX_AMOUNT, 1n), level(1n, MAX_AMOUNT), level(12_345_678_912n, 0n)],
        timestamp: timestamp(NOON + 1),
        metadata: { reference: true },
      };

      assert.deepEqual(await repository().create(given), given);
      assert.deepEqual(await repository().getLatestBySymbol("ALL/USD"), given);
    });

    it("refuses an id in use, a depth below 1, and levels that are no numbers of theirs", async () => {
      const { bookId } = await repository().create(book("DUP/USD"));

      await refused("already_exists", repository().create(book("DUP/USD", { bookId })));
      await refused("conflict", repository().create(book("BAD/USD", { depth: 0 })));
      await refused("conflict", repository().create({ symbol: "BAD/USD", bids: [], asks: [] }));
      for (const bad of [level(-1n, 1n), level(1n, -1n), level(MAX_AMOUNT + 1n, 1n)]) {
        await refused("invalid_query", repository().create(book("BAD/USD", { bids: [bad] })));
      }
      assert.equal(await repository().getLatestBySymbol("BAD/USD"), undefined);
    });

    it("lists a symbol's, newest first, and deletes what is older, which it counts", async () => {
      for (const i of [2, 1, 4, 3]) {
        const others = { sequence: i, timestamp: timestamp(NOON - 1_000_000 + i) };
        await repository().create(book("OLD/USD", others));
      }
      const sequences = async (limit: number) =>
        (await repository().getBySymbol("OLD/USD", limit)).map(({ sequence }) => sequence);

      assert.deepEqual(await sequences(3), [4, 3, 2]);
      assert.equal(await repository().deleteOlderThan(timestamp(NOON - 1_000_000 + 3)), 2);
      assert.deepEqual(await sequences(0), [4, 3]);
    });
  });
}
