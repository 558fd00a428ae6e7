import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { NewOrder } from "../src/index.ts";
import { limit, market, marketByBudget } from "./commands.ts";
import { Tape } from "./tape.ts";

/** Asks a: 5@100, b: 5@101. */
function twoAsks(): Tape {
  const tape = new Tape();
  tape.place("a", limit("sell", 5, 100));
  tape.place("b", limit("sell", 5, 101));
  return tape;
}

describe("limit order", () => {
  it("stops at its own price and rests there", () => {
    const tape = twoAsks();

    assert.deepEqual(tape.place("t", limit("buy", 8, 100)), ["fill a 5@100", "rested t 3@100"]);
    assert.deepEqual(tape.queue("buy"), ["t 3@100"]);
    assert.deepEqual(tape.queue("sell"), ["b 5@101"]);
  });

  it("never rests as ioc", () => {
    const tape = twoAsks();

    assert.deepEqual(tape.place("t", limit("buy", 8, 100, { timeInForce: "ioc" })), [
      "fill a 5@100",
      "expired iocRemainder 3@100",
    ]);
    assert.equal(tape.book.bestBid, 0);
  });

  it("fills wholly or not at all as fok", () => {
    const tape = twoAsks();
    const fok = (quantity: number) => limit("buy", quantity, 101, { timeInForce: "fok" });

    assert.deepEqual(tape.place("t", fok(11)), ["expired fokUnfilled 11@101"]);
    assert.deepEqual(tape.depth("sell"), ["5@100 x1", "5@101 x1"]);
    assert.deepEqual(tape.place("u", fok(10)), ["fill a 5@100", "fill b 5@101"]);
  });

  it("is rejected as post-only when it would trade, and rests when not", () => {
    const tape = twoAsks();

    assert.deepEqual(tape.place("t", limit("buy", 1, 100, { postOnly: true })), ["rejected 1@100"]);
    assert.deepEqual(tape.place("u", limit("buy", 1, 99, { postOnly: true })), ["rested u 1@99"]);
    assert.equal(tape.book.wouldTake("buy", 100 as never), true);
    assert.equal(tape.book.wouldTake("buy", 99 as never), false);
  });
});

describe("market order", () => {
  it("takes what there is and expires with no_liquidity when the book is empty", () => {
    const tape = twoAsks();

    assert.deepEqual(tape.place("t", market("buy", 12)), [
      "fill a 5@100",
      "fill b 5@101",
      "expired noLiquidity 2@0",
    ]);
    assert.deepEqual(tape.place("u", market("sell", 1)), ["expired noLiquidity 1@0"]);
  });

  it("ends at its bound", () => {
    const tape = twoAsks();

    assert.deepEqual(tape.place("t", market("buy", 8, 100)), [
      "fill a 5@100",
      "expired limitReached 3@100",
    ]);
  });

  it("by budget takes the lots it can pay at each price and keeps the change", () => {
    const tape = twoAsks();

    assert.deepEqual(tape.place("t", marketByBudget("buy", 500 + 2 * 101 + 100)), [
      "fill a 5@100",
      "fill b 2@101",
    ]);
    assert.deepEqual(tape.place("u", marketByBudget("buy", 100)), []);
  });

  it("by budget expires when the book ends before the money", () => {
    const tape = twoAsks();

    assert.deepEqual(tape.place("t", marketByBudget("buy", 5000)), [
      "fill a 5@100",
      "fill b 5@101",
      "expired noLiquidity 0@0",
    ]);
  });

  it("by budget raises at most that when it sells", () => {
    const tape = new Tape();
    tape.place("a", limit("buy", 1, 60));
    tape.place("b", limit("buy", 9, 30));

    assert.deepEqual(tape.place("t", marketByBudget("sell", 100)), ["fill a 1@60"]);
    assert.deepEqual(tape.place("u", marketByBudget("sell", 100)), ["fill b 3@30"]);
  });

  it("divides the largest budgets exactly", () => {
    const top = Number.MAX_SAFE_INTEGER;
    for (const price of [2, 3, 7, 1_000_003, 2 ** 26 - 1, 2 ** 31 - 1]) {
      const exact = Number(BigInt(top) / BigInt(price));
      const tape = new Tape();
      tape.place("a", limit("sell", top, price));
      assert.deepEqual(tape.place("t", marketByBudget("buy", top)), [`fill a ${exact}@${price}`]);
    }
  });
});

describe("cap on what an order takes on arrival", () => {
  const capped = (quantity: number, price: number, details = {}) =>
    limit("buy", quantity, price, { maxFill: 3, ...details });

  it("rests the remainder when that no longer crosses", () => {
    const tape = new Tape();
    tape.place("a", limit("sell", 3, 100));

    assert.deepEqual(tape.place("t", capped(8, 100)), ["fill a 3@100", "rested t 5@100"]);
  });

  it("expires the remainder when that would still cross", () => {
    const tape = twoAsks();

    assert.deepEqual(tape.place("t", capped(8, 100)), ["fill a 3@100", "expired maxFill 5@100"]);
  });

  it("counts for fok: what the cap forbids isn't there", () => {
    const tape = twoAsks();

    assert.deepEqual(tape.place("t", capped(4, 101, { timeInForce: "fok" })), [
      "expired fokUnfilled 4@101",
    ]);
  });
});

describe("preview", () => {
  function previewed(tape: Tape, order: NewOrder): string[] {
    const seen: string[] = [];
    tape.book.preview(order, (price, quantity) => seen.push(`${quantity}@${price}`));
    return seen;
  }

  it("tells level by level what an order would trade, and changes nothing", () => {
    const tape = twoAsks();
    tape.place("c", limit("sell", 5, 101));

    assert.deepEqual(previewed(tape, limit("buy", 12, 101)), ["5@100", "7@101"]);
    assert.deepEqual(previewed(tape, marketByBudget("buy", 705)), ["5@100", "2@101"]);
    assert.deepEqual(previewed(tape, limit("buy", 99, 101, { timeInForce: "fok" })), []);
    assert.deepEqual(tape.depth("sell"), ["5@100 x1", "10@101 x2"]);
  });
});
