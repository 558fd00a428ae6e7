import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  type EntityKind,
  entityId,
  entityNumber,
  InvariantViolation,
  timestamp,
} from "../src/index.ts";

fc.configureGlobal({ numRuns: 1000 });

const KINDS: readonly EntityKind[] = ["account", "order", "trade", "transfer", "chaos"];
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const kind = fc.constantFrom(...KINDS);
const at = fc.maxSafeInteger().map((value) => timestamp(Math.abs(value)));
const number = fc.maxSafeInteger().map(Math.abs);

describe("entity ids", () => {
  it("are UUIDs of version 7 that begin with the millisecond", () => {
    fc.assert(
      fc.property(kind, at, number, (of, when, value) => {
        const id = entityId(of, when, value);
        assert.match(id, UUID_V7);
        const time = Number.parseInt(id.slice(0, 13).replace("-", ""), 16);
        assert.equal(time, Math.floor(when / 1000));
      }),
    );
  });

  it("lead back to their number, and to none for another kind", () => {
    fc.assert(
      fc.property(kind, kind, at, number, (of, other, when, value) => {
        const id = entityId(of, when, value);
        assert.equal(entityNumber(other, id), other === of ? value : undefined);
      }),
    );
  });

  it("are different for different numbers, and sort as they were made", () => {
    fc.assert(
      fc.property(kind, at, number, number, (of, when, one, other) => {
        const [a, b] = [entityId(of, when, one), entityId(of, when, other)];
        assert.equal(a < b, one < other);
        assert.equal(a === b, one === other);
      }),
    );
  });

  it("sort by time before number", () => {
    fc.assert(
      fc.property(kind, at, at, number, number, (of, earlier, later, one, other) => {
        fc.pre(Math.floor(earlier / 1000) < Math.floor(later / 1000));
        assert.ok(entityId(of, earlier, one) < entityId(of, later, other));
      }),
    );
  });

  it("are never made of a number that they could not keep", () => {
    for (const bad of [-1, 0.5, 2 ** 53, Number.NaN]) {
      assert.throws(() => entityId("order", timestamp(0), bad), InvariantViolation);
    }
  });

  it("keep the largest number", () => {
    const id = entityId("trade", timestamp(0), Number.MAX_SAFE_INTEGER);
    assert.equal(id, "00000000-0000-7003-801f-ffffffffffff");
    assert.equal(entityNumber("trade", id), Number.MAX_SAFE_INTEGER);
  });
});

describe("entityNumber", () => {
  const own = entityId("order", timestamp(1_700_000_000_000_000), 42);

  it("refuses ids of others", () => {
    const foreign = {
      "a random UUID": randomUUID(),
      "the nil UUID": "00000000-0000-0000-0000-000000000000",
      "the max UUID": "ffffffff-ffff-ffff-ffff-ffffffffffff",
      "another version": own.replace("-7", "-4"),
      "another variant": own.replace("-8", "-c"),
      "a variant that no venue makes": own.replace("-8", "-9"),
      "a number above 2^53 - 1": "00000000-0000-7002-8020-000000000000",
      "an unknown kind": own.replace("-7002", "-7000"),
    };
    for (const [what, id] of Object.entries(foreign)) {
      assert.equal(entityNumber("order", id), undefined, what);
    }
  });

  it("refuses an id in any other spelling, so that one thing has one id", () => {
    const id = entityId("order", timestamp(1_700_000_000_000_000), 0xabcdef);
    for (const text of [
      id.toUpperCase(),
      `{${id}}`,
      `urn:uuid:${id}`,
      id.replaceAll("-", ""),
      ` ${id}`,
      `${id}\n`,
      `${id}0`,
      id.slice(0, -1),
      "",
    ]) {
      assert.equal(entityNumber("order", text), undefined, JSON.stringify(text));
    }
  });

  it("refuses any other text", () => {
    fc.assert(
      fc.property(kind, fc.oneof(fc.string(), fc.uuid({ version: 4 })), (of, text) => {
        assert.equal(entityNumber(of, text), undefined);
      }),
    );
  });
});
