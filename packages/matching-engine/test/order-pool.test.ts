import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MatchEvents, NO_ORDER, OrderBook, OrderPool, slotOf } from "../src/index.ts";
import { GENERATION_LIMIT } from "../src/order-ref.ts";
import { Slab } from "../src/slab.ts";
import { limit } from "./commands.ts";
import { Tape } from "./tape.ts";

describe("order pool", () => {
  it("tells of a live order what it was placed with and what is open", () => {
    const pool = new OrderPool();
    const book = new OrderBook(pool, new MatchEvents(), 3);
    const ref = book.place(limit("sell", 5, 100, { owner: 12, family: 7 }));
    book.place(limit("buy", 2, 100));

    assert.equal(pool.isLive(ref), true);
    assert.equal(pool.owner(ref), 12);
    assert.equal(pool.family(ref), 7);
    assert.equal(pool.side(ref), "sell");
    assert.equal(pool.price(ref), 100);
    assert.equal(pool.open(ref), 3);
    assert.equal(pool.book(ref), 3);
  });

  it("makes room ahead, once, and keeps what it holds", () => {
    const pool = new OrderPool(2);
    const book = new OrderBook(pool, new MatchEvents());
    const first = book.place(limit("sell", 5, 100));
    pool.reserve(1_100);
    const { byteLength } = pool;
    pool.reserve(10);
    for (let i = 0; i < 1_000; i++) book.place(limit("sell", 1, 101));

    assert.equal(pool.byteLength, byteLength);
    assert.equal(pool.open(first), 5);
    assert.equal(pool.size, 1_001);
  });

  it("throws when asked about an order that isn't live", () => {
    const tape = new Tape();
    tape.place("a", limit("sell", 5, 100));
    tape.cancel("a");

    assert.throws(() => tape.pool.open(tape.ref("a")), { name: "InvariantViolation" });
    assert.throws(() => tape.pool.price(NO_ORDER), { name: "InvariantViolation" });
  });

  it("refuses two books with the same id", () => {
    const pool = new OrderPool();
    new OrderBook(pool, new MatchEvents(), 1);

    assert.throws(() => new OrderBook(pool, new MatchEvents(), 1), { name: "InvariantViolation" });
  });

  it("lists an owner's orders over all books, oldest first", () => {
    const pool = new OrderPool();
    const events = new MatchEvents();
    const books = [0, 1, 2].map((id) => new OrderBook(pool, events, id));
    const placed = [2, 0, 1, 0, 2].map((id) => books[id]?.place(limit("buy", 1, 10, { owner: 5 })));
    books[0]?.cancel(placed[1] ?? NO_ORDER);

    const listed = [];
    for (let ref = pool.firstOf(5); ref !== NO_ORDER; ref = pool.nextOf(ref)) listed.push(ref);
    assert.deepEqual(listed, [placed[0], placed[2], placed[3], placed[4]]);
    assert.equal(pool.firstOf(999_999), NO_ORDER);
  });

  it("grows without losing an order", () => {
    const pool = new OrderPool(1);
    const book = new OrderBook(pool, new MatchEvents(1));
    const refs = Array.from({ length: 5000 }, (_, i) =>
      book.place(limit("buy", 1 + i, 1 + (i % 997), { owner: i % 777 })),
    );

    for (const [i, ref] of refs.entries()) assert.equal(pool.open(ref), 1 + i);
    assert.equal(pool.size, 5000);
    for (const ref of refs) assert.equal(book.cancel(ref), true);
    assert.equal(pool.size, 0);
    assert.equal(book.bestBid, 0);
  });

  it("retires a slot whose generations are used up, so that no ref is given twice", () => {
    const slab = new Slab(4);
    const level = slab.openLevel(0, 100);
    const first = slab.append(limit("sell", 5, 100), 1, level, 5);
    for (let i = 1; i < GENERATION_LIMIT - 1; i++) {
      slab.remove(first);
      slab.append(limit("sell", 5, 100), 1, level, 5);
    }
    const last = slab.ref(first);
    assert.equal(last, Number(BigInt(GENERATION_LIMIT - 1) * 2n ** 28n + BigInt(slotOf(last))));
    assert.ok(Number.isSafeInteger(last));
    slab.remove(first);

    assert.notEqual(slab.append(limit("sell", 5, 100), 1, level, 5), first);
    assert.equal(slab.find(last), 0);
  });
});

describe("memory", () => {
  it("is at most 512 bytes an order when 100,000 are spread over 10^9 ticks", () => {
    const pool = new OrderPool();
    const book = new OrderBook(pool, new MatchEvents());
    let price = 1;
    for (let i = 0; i < 100_000; i++) {
      price = (price * 48_271) % 2_147_483_647;
      book.place(limit("buy", 1, 1 + (price % 1e9)));
    }

    const bytes = (pool.byteLength + book.byteLength) / pool.size;
    assert.ok(bytes <= 512, `${bytes} bytes an order`);
  });

  it("is at most 512 bytes an order for any prices, as the index has fewer nodes than levels", () => {
    const pool = new OrderPool();
    const book = new OrderBook(pool, new MatchEvents());
    for (let i = 0; i < 100_000; i++) {
      const scattered = (BigInt(i + 1) * 0x9e3779b97f4a7c15n) % BigInt(Number.MAX_SAFE_INTEGER);
      book.place(limit("buy", 1, 1 + Number(scattered)));
    }

    const bytes = (pool.byteLength + book.byteLength) / pool.size;
    assert.ok(bytes <= 512, `${bytes} bytes an order`);
  });
});

describe("level total", () => {
  const top = Number.MAX_SAFE_INTEGER;

  it("stops at 2^53 - 1 and is exact again once the sum is below", () => {
    const tape = new Tape();
    tape.place("a", limit("sell", top - 1, 1));
    tape.place("b", limit("sell", 3, 1));
    tape.place("c", limit("sell", top, 1));

    assert.deepEqual(tape.depth("sell"), [`${top}@1 x3`]);
    tape.cancel("c");
    assert.deepEqual(tape.levelQuantities(), [top]);
    tape.reduce("a", 10);
    assert.deepEqual(tape.levelQuantities(), [13]);
    tape.cancel("b");
    assert.deepEqual(tape.depth("sell"), ["10@1 x1"]);
  });

  it("fills past the cap lot by lot", () => {
    const tape = new Tape();
    tape.place("a", limit("sell", top, 1));
    tape.place("b", limit("sell", top, 1));

    tape.place("t", limit("buy", top, 1));
    assert.deepEqual(tape.queue("sell"), [`b ${top}@1`]);
    tape.place("u", limit("buy", top - 1, 1));
    assert.deepEqual(tape.depth("sell"), ["1@1 x1"]);
  });
});
