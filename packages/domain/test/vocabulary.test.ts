import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  assert as assertRule,
  InvariantViolation,
  opposite,
  REJECT_CODES,
  type RejectCode,
} from "../src/index.ts";

describe("reject codes", () => {
  it("are unique", () => {
    assert.equal(new Set(REJECT_CODES).size, REJECT_CODES.length);
  });

  it("are lower snake case, as they go out on the wire", () => {
    for (const code of REJECT_CODES) assert.match(code, /^[a-z]+(_[a-z]+)*$/);
  });

  it("put checks of the order itself before checks of the account's means", () => {
    const order = (code: RejectCode): number => REJECT_CODES.indexOf(code);
    assert.ok(order("symbol_not_found") < order("price_tick"));
    assert.ok(order("price_tick") < order("would_take"));
    assert.ok(order("would_take") < order("insufficient_balance"));
  });
});

describe("sides", () => {
  it("are each other's opposite", () => {
    assert.equal(opposite("buy"), "sell");
    assert.equal(opposite("sell"), "buy");
  });
});

describe("assert", () => {
  it("throws the rule that was broken", () => {
    assertRule(true, "holds");
    assert.throws(
      () => assertRule(false, "a resting order has quantity left"),
      (error) =>
        error instanceof InvariantViolation &&
        error.name === "InvariantViolation" &&
        error.message === "a resting order has quantity left",
    );
  });
});
