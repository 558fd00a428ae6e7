// Tests of a pure floor may use the machine: nothing here breaks a rule.
import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { one } from "../src/cycle-one.ts";

it("reads what it likes", () => {
  fc.assert(fc.property(fc.integer(), (value) => value + one < Date.now() * Math.random()));
  assert.ok(process.env.HOME);
});
