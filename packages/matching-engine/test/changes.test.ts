import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { OrderRef } from "../src/index.ts";
import { MatchEvents, NO_ORDER, OrderBook, OrderPool } from "../src/index.ts";
import { limit } from "./commands.ts";
import { Tape } from "./tape.ts";

describe("cancel", () => {
  it("takes out what is left of a partly filled order", () => {
    const tape = new Tape();
    tape.place("a", limit("sell", 5, 100));
    tape.place("t", limit("buy", 2, 100));

    assert.deepEqual(tape.cancel("a"), ["cancelled a 3@100"]);
    assert.equal(tape.book.size, 0);
  });

  it("refuses a filled, a cancelled and a never issued order, and tells nothing", () => {
    const tape = new Tape();
    tape.place("filled", limit("sell", 5, 100));
    tape.place("t", limit("buy", 5, 100));
    tape.place("cancelled", limit("sell", 5, 100));
    tape.cancel("cancelled");

    const never = [0, 1, -1, 0.5, Number.NaN, 2 ** 28 + 7, 2 ** 53 - 1, Number.POSITIVE_INFINITY];
    for (const ref of [tape.ref("filled"), tape.ref("cancelled"), ...(never as OrderRef[])]) {
      assert.equal(tape.book.cancel(ref), false);
      assert.equal(tape.book.reduce(ref, 1 as never), false);
      assert.equal(tape.book.replace(ref, limit("buy", 1, 90)), NO_ORDER);
      assert.equal(tape.pool.isLive(ref), false);
    }
    assert.deepEqual(tape.cancel("filled"), []);
    assert.equal(tape.book.size, 0);
  });

  it("refuses an order of another book", () => {
    const pool = new OrderPool();
    const one = new OrderBook(pool, new MatchEvents(), 1);
    const other = new OrderBook(pool, new MatchEvents(), 2);
    const ref = one.place(limit("buy", 1, 100));

    assert.equal(other.cancel(ref), false);
    assert.equal(one.cancel(ref), true);
  });

  it("never names a new order by an old ref, though its place is used again", () => {
    const tape = new Tape();
    tape.place("a", limit("sell", 5, 100));
    tape.cancel("a");
    tape.place("b", limit("sell", 5, 100));

    assert.notEqual(tape.ref("a"), tape.ref("b"));
    assert.deepEqual(tape.cancel("a"), []);
    assert.deepEqual(tape.queue("sell"), ["b 5@100"]);
  });

  it("of all of an owner goes oldest first and touches this book only", () => {
    const tape = new Tape();
    tape.place("a", limit("sell", 1, 103, { owner: 7 }));
    tape.place("b", limit("buy", 2, 90, { owner: 7 }));
    tape.place("c", limit("buy", 3, 95, { owner: 8 }));
    tape.place("d", limit("sell", 4, 101, { owner: 7 }));
    const elsewhere = new OrderBook(tape.pool, new MatchEvents(), 9);
    const kept = elsewhere.place(limit("buy", 1, 5, { owner: 7 }));

    assert.deepEqual(tape.cancelAllOf(7), [
      "cancelled a 1@103",
      "cancelled b 2@90",
      "cancelled d 4@101",
    ]);
    assert.deepEqual(tape.queue("buy"), ["c 3@95"]);
    assert.equal(tape.pool.firstOf(7), kept);
    assert.deepEqual(tape.cancelAllOf(1234), []);
  });
});

describe("reduce", () => {
  it("keeps the order's place in the queue", () => {
    const tape = new Tape();
    tape.place("a", limit("sell", 5, 100));
    tape.place("b", limit("sell", 5, 100));

    assert.deepEqual(tape.reduce("a", 2), ["reduced a 3@100"]);
    assert.deepEqual(tape.levelQuantities(), [7]);
    assert.deepEqual(tape.queue("sell"), ["a 2@100", "b 5@100"]);
  });

  it("refuses a quantity that isn't above 0 and below what is open", () => {
    const tape = new Tape();
    tape.place("a", limit("sell", 5, 100));

    for (const open of [5, 6, 0, -1, Number.NaN]) assert.deepEqual(tape.reduce("a", open), []);
    assert.deepEqual(tape.queue("sell"), ["a 5@100"]);
  });
});

describe("replace", () => {
  it("goes to the end of the queue", () => {
    const tape = new Tape();
    tape.place("a", limit("sell", 5, 100));
    tape.place("b", limit("sell", 5, 100));

    assert.deepEqual(tape.replace("a", "c", limit("sell", 5, 100)), [
      "cancelled a 5@100",
      "rested c 5@100",
    ]);
    assert.deepEqual(tape.queue("sell"), ["b 5@100", "c 5@100"]);
  });

  it("matches at the makers' prices when it crosses, in both directions", () => {
    const tape = new Tape();
    tape.place("a", limit("sell", 5, 100));
    tape.place("b", limit("buy", 5, 90));

    assert.deepEqual(tape.replace("b", "c", limit("buy", 3, 105)), [
      "cancelled b 5@90",
      "fill a 3@100",
    ]);
    tape.place("d", limit("buy", 5, 95));
    assert.deepEqual(tape.replace("a", "e", limit("sell", 4, 80)), [
      "cancelled a 2@100",
      "fill d 4@95",
    ]);
  });

  it("of one of two orders at a price leaves the other", () => {
    const tape = new Tape();
    tape.place("a", limit("buy", 5, 90));
    tape.place("b", limit("buy", 4, 90));

    tape.replace("a", "c", limit("buy", 5, 91));
    assert.deepEqual(tape.queue("buy"), ["c 5@91", "b 4@90"]);
  });

  it("works on what is left of a partly filled order", () => {
    const tape = new Tape();
    tape.place("a", limit("sell", 5, 100));
    tape.place("t", limit("buy", 2, 100));

    assert.deepEqual(tape.replace("a", "b", limit("sell", 3, 99)), [
      "cancelled a 3@100",
      "rested b 3@99",
    ]);
  });

  it("leaves the old order when the new one is post-only and would trade", () => {
    const tape = new Tape();
    tape.place("a", limit("sell", 5, 100));
    tape.place("b", limit("buy", 5, 90));

    const crossing = limit("buy", 5, 100, { postOnly: true });
    assert.deepEqual(tape.replace("b", "c", crossing), ["rejected 5@100"]);
    assert.deepEqual(tape.queue("buy"), ["b 5@90"]);
  });
});
