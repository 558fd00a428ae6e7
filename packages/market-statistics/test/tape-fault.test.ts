import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TAPE_COLUMNS, TAPE_RULES, type Tape, tapeFault } from "../src/index.ts";
import { randomTape, tapeOf } from "./tapes.ts";

const good = randomTape(10, 1);

/** The tape with values of one trade changed. */
function changed(at: number, values: Partial<Record<keyof Tape, number>>): Tape {
  const columns = TAPE_COLUMNS.map((field) => {
    const value = values[field];
    return [field, value === undefined ? good[field] : good[field].with(at, value)];
  });
  return Object.fromEntries(columns) as Record<keyof Tape, Float64Array>;
}

describe("tapeFault", () => {
  it("finds none in a tape, none in an empty one, and none where a side had no order", () => {
    assert.equal(tapeFault(good), undefined);
    assert.equal(tapeFault(tapeOf([])), undefined);
    assert.equal(tapeFault(changed(7, { bid: Number.NaN, bid_qty: Number.NaN })), undefined);
  });

  it("lets trades share a time, and not go back", () => {
    const before = good.time[6]!;
    assert.equal(tapeFault(changed(7, { time: before })), undefined);
    const fault = tapeFault(changed(7, { time: before - 1 }));
    assert.deepEqual(fault, { code: "not_ascending", at: 7, field: "time" });
  });

  const { NaN: nothing, POSITIVE_INFINITY: endless } = Number;
  const cases: readonly [
    Partial<Record<keyof Tape, number>>,
    keyof typeof TAPE_RULES,
    keyof Tape,
  ][] = [
    [{ time: nothing }, "bad_time", "time"],
    [{ time: -1 }, "bad_time", "time"],
    [{ price: 0 }, "bad_price", "price"],
    [{ price: endless }, "bad_price", "price"],
    [{ qty: 0 }, "bad_quantity", "qty"],
    [{ qty: nothing }, "bad_quantity", "qty"],
    [{ side: 0 }, "bad_side", "side"],
    [{ side: nothing }, "bad_side", "side"],
    [{ bid: nothing }, "half_quote", "bid"],
    [{ ask_qty: nothing }, "half_quote", "ask"],
    [{ ask: -1 }, "bad_price", "ask"],
    [{ bid_qty: 0 }, "bad_quantity", "bid_qty"],
    [{ bid: good.ask[7]! }, "crossed_quote", "bid"],
  ];
  for (const [values, code, field] of cases) {
    const [name, value] = Object.entries(values)[0]!;
    it(`names the place and the rule of a ${name} of ${value}: ${field} ${TAPE_RULES[code]}`, () => {
      assert.deepEqual(tapeFault(changed(7, values)), { code, at: 7, field });
    });
  }

  it("names the first fault of several, and a column of another length before all", () => {
    const two = { ...changed(7, { price: 0 }), qty: good.qty.with(3, -1) };
    assert.deepEqual(tapeFault(two), { code: "bad_quantity", at: 3, field: "qty" });
    const short = { ...two, ask: good.ask.subarray(1) };
    assert.deepEqual(tapeFault(short), { code: "unequal_columns", field: "ask" });
  });
});
