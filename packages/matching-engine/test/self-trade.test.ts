import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { SelfTradePrevention } from "@tse/domain";
import { limit, marketByBudget } from "./commands.ts";
import { Tape } from "./tape.ts";

const OWN = 4;

/** Asks: stranger s 2@100, own a 3@100, stranger u 9@101. */
function meeting(): Tape {
  const tape = new Tape();
  tape.place("s", limit("sell", 2, 100, { owner: 2, family: 2 }));
  tape.place("a", limit("sell", 3, 100, { owner: 3, family: OWN }));
  tape.place("u", limit("sell", 9, 101, { owner: 2, family: 2 }));
  return tape;
}

function own(quantity: number, selfTradePrevention: SelfTradePrevention, more = {}) {
  return limit("buy", quantity, 101, { family: OWN, selfTradePrevention, ...more });
}

describe("self-trade prevention", () => {
  it("lets the family trade with itself as none", () => {
    assert.deepEqual(meeting().place("t", own(5, "none")), ["fill s 2@100", "fill a 3@100"]);
  });

  it("ends the taker at its first own maker as expire_taker", () => {
    const tape = meeting();

    assert.deepEqual(tape.place("t", own(8, "expire_taker")), [
      "fill s 2@100",
      "expired selfTrade 6@101",
    ]);
    assert.deepEqual(tape.queue("sell"), ["a 3@100", "u 9@101"]);
  });

  it("expires own makers and goes on as expire_maker", () => {
    assert.deepEqual(meeting().place("t", own(8, "expire_maker")), [
      "fill s 2@100",
      "makerExpired a 3@100",
      "fill u 6@101",
    ]);
  });

  it("ends both as expire_both", () => {
    const tape = meeting();

    assert.deepEqual(tape.place("t", own(8, "expire_both")), [
      "fill s 2@100",
      "makerExpired a 3@100",
      "expired selfTrade 6@101",
    ]);
    assert.deepEqual(tape.queue("sell"), ["u 9@101"]);
  });

  it("takes the smaller quantity off both as decrement", () => {
    const tape = meeting();

    assert.deepEqual(tape.place("t", own(4, "decrement")), ["fill s 2@100", "decremented a 2@100"]);
    assert.deepEqual(tape.queue("sell"), ["a 1@100", "u 9@101"]);
    assert.deepEqual(tape.place("v", own(3, "decrement")), ["decremented a 1@100", "fill u 2@101"]);
  });

  it("takes a decrement off a budget at the maker's price", () => {
    const order = marketByBudget("buy", 200 + 300 + 101, 0, {
      family: OWN,
      selfTradePrevention: "decrement",
    });

    assert.deepEqual(meeting().place("t", order), [
      "fill s 2@100",
      "decremented a 3@100",
      "fill u 1@101",
    ]);
  });

  it("is counted before a fok order starts", () => {
    for (const [mode, fits] of [
      ["none", 14],
      ["expire_maker", 11],
      ["expire_taker", 2],
      ["expire_both", 2],
      ["decrement", 2],
    ] as const) {
      const fok = { timeInForce: "fok" };
      const more = meeting();
      assert.deepEqual(more.place("t", own(fits + 1, mode, fok)), [
        `expired fokUnfilled ${fits + 1}@101`,
      ]);
      assert.deepEqual(more.queue("sell").length, 3);
      const told = meeting().place("t", own(fits, mode, fok));
      assert.ok(told.every((event) => !event.startsWith("expired")));
    }
  });

  it("knows no family 0", () => {
    const tape = new Tape();
    tape.place("a", limit("sell", 1, 100));

    const order = limit("buy", 1, 100, { selfTradePrevention: "expire_both" });
    assert.deepEqual(tape.place("t", order), ["fill a 1@100"]);
  });
});
