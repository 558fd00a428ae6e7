import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";
import {
  fromTimestamp,
  PROTO_ROOT,
  PriceUpdateSchema,
  safeInteger,
  toTimestamp,
} from "../src/index.ts";

describe("a timestamp", () => {
  it("keeps every microsecond, before 1970 too", () => {
    const times = [0, 1, -1, 999_999, -1_000_001, 1_767_623_010_120_345, 2 ** 53 - 1];
    for (const microseconds of times) {
      const wire = toBinary(TimestampSchema, toTimestamp(microseconds));
      assert.equal(fromTimestamp(fromBinary(TimestampSchema, wire)), microseconds);
    }
    assert.deepEqual(
      { ...toTimestamp(-1) },
      { ...create(TimestampSchema, { seconds: -1n, nanos: 999_999_000 }) },
    );
  });

  it("loses what is finer than a microsecond", () => {
    assert.equal(fromTimestamp(create(TimestampSchema, { seconds: 1n, nanos: 1_999 })), 1_000_001);
  });

  it("isn't a time when it is not valid or can't be counted", () => {
    for (const [seconds, nanos] of [
      [0n, -1],
      [0n, 1_000_000_000],
      [9_007_199_255n, 0],
      [2n ** 63n - 1n, 0],
      [-(2n ** 63n), 0],
    ] as const) {
      assert.equal(fromTimestamp(create(TimestampSchema, { seconds, nanos })), undefined);
    }
  });
});

describe("a 64-bit field", () => {
  it("is a number as long as that is exact", () => {
    assert.equal(safeInteger(0n), 0);
    assert.equal(safeInteger(-(2n ** 53n) + 1n), -(2 ** 53) + 1);
    assert.equal(safeInteger(2n ** 53n - 1n), 2 ** 53 - 1);
    assert.equal(safeInteger(2n ** 53n), undefined);
    assert.equal(safeInteger(2n ** 63n - 1n), undefined);
  });
});

describe("a price update", () => {
  it("has the field numbers that are published", () => {
    const numbers = PriceUpdateSchema.fields.map(({ name, number }) => `${number} ${name}`);
    assert.deepEqual(numbers, [
      "1 symbol",
      "2 price",
      "3 volume",
      "4 timestamp",
      "5 source",
      "6 change_info",
      "7 price_decimal",
      "8 bid",
      "9 ask",
      "10 sequence",
      "11 skipped",
    ]);
  });
});

describe("the proto files", () => {
  it("can be found by a client, by path and by the package's name", () => {
    const name = "marketdata/market_data.proto";
    assert.ok(existsSync(join(PROTO_ROOT, name)));
    const byName = import.meta.resolve(`@tse/contracts/proto/${name}`);
    assert.equal(fileURLToPath(byName), join(PROTO_ROOT, name));
  });
});
