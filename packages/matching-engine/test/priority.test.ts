import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { limit, market } from "./commands.ts";
import { Tape } from "./tape.ts";

/** A book with these asks, named in order of arrival. */
function asks(...orders: readonly [name: string, quantity: number, price: number][]): Tape {
  const tape = new Tape();
  for (const [name, quantity, price] of orders) tape.place(name, limit("sell", quantity, price));
  return tape;
}

describe("priority", () => {
  it("fills the best price first, over several levels, and oldest first within a price", () => {
    const tape = asks(["c", 5, 102], ["a", 5, 100], ["b", 5, 100], ["d", 5, 103]);

    assert.deepEqual(tape.place("t", limit("buy", 17, 103)), [
      "fill a 5@100",
      "fill b 5@100",
      "fill c 5@102",
      "fill d 2@103",
    ]);
    assert.deepEqual(tape.queue("sell"), ["d 3@103"]);
  });

  it("leaves nothing after an exact fill", () => {
    const tape = asks(["a", 5, 100]);

    assert.deepEqual(tape.place("t", limit("buy", 5, 100)), ["fill a 5@100"]);
    assert.equal(tape.book.size, 0);
    assert.equal(tape.book.bestAsk, 0);
    assert.equal(tape.book.bestBid, 0);
  });

  it("makes a residual the new best, which can be filled", () => {
    const tape = asks(["a", 5, 100]);

    assert.deepEqual(tape.place("t", limit("buy", 8, 101)), ["fill a 5@100", "rested t 3@101"]);
    assert.equal(tape.book.bestBid, 101);
    assert.deepEqual(tape.place("u", limit("sell", 3, 99)), ["fill t 3@101"]);
  });

  it("keeps a partly consumed maker's place between two takers", () => {
    const tape = asks(["a", 5, 100], ["b", 5, 100]);

    tape.place("t", limit("buy", 2, 100));
    assert.deepEqual(tape.place("u", limit("buy", 4, 100)), ["fill a 3@100", "fill b 1@100"]);
  });

  it("loses nobody behind a cancelled head or middle order", () => {
    const tape = asks(["a", 1, 100], ["b", 2, 100], ["c", 3, 100], ["d", 4, 100]);

    tape.cancel("a");
    tape.cancel("c");
    assert.deepEqual(tape.queue("sell"), ["b 2@100", "d 4@100"]);
    assert.deepEqual(tape.place("t", limit("buy", 6, 100)), ["fill b 2@100", "fill d 4@100"]);
  });

  it("keeps the order of arrival in a deep queue through scattered cancels", () => {
    const names = Array.from({ length: 1000 }, (_, i) => `o${i}`);
    const tape = asks(...names.map((name) => [name, 1, 100] as [string, number, number]));

    for (let i = 0; i < names.length; i += 3) tape.cancel(`o${i}`);
    const left = names.filter((_, i) => i % 3 !== 0);
    assert.deepEqual(
      tape.place("t", market("buy", 2000)).slice(0, -1),
      left.map((name) => `fill ${name} 1@100`),
    );
  });

  it("shows the next best at once when the best level is cancelled", () => {
    const tape = asks(["a", 1, 100], ["b", 1, 107]);

    tape.cancel("a");
    assert.equal(tape.book.bestAsk, 107);
    assert.deepEqual(tape.depth("sell"), ["1@107 x1"]);
  });

  it("prints trades at the resting order's price on both sides", () => {
    const tape = asks(["a", 5, 100]);
    assert.deepEqual(tape.place("t", limit("buy", 5, 120)), ["fill a 5@100"]);

    tape.place("b", limit("buy", 5, 90));
    assert.deepEqual(tape.place("u", limit("sell", 5, 70)), ["fill b 5@90"]);
  });

  it("sweeps 5,000 makers in one command", () => {
    const tape = new Tape();
    for (let i = 0; i < 5000; i++) tape.place(`o${i}`, limit("sell", 1, 100 + (i % 50)));

    assert.equal(tape.place("t", limit("buy", 5000, 200)).length, 5000);
    assert.equal(tape.pool.size, 0);
  });

  it("works at the top of the price range", () => {
    const top = Number.MAX_SAFE_INTEGER;
    const tape = asks(["a", 1, top], ["b", 1, top - 1], ["c", 1, 1 + 2 ** 31]);

    assert.equal(tape.book.bestAsk, 1 + 2 ** 31);
    assert.deepEqual(tape.place("t", limit("buy", 3, top)), [
      `fill c 1@${1 + 2 ** 31}`,
      `fill b 1@${top - 1}`,
      `fill a 1@${top}`,
    ]);
  });
});
