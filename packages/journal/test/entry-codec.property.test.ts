import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { crc32 as zlibCrc32 } from "node:zlib";
import type { Command } from "@tse/domain";
import fc from "fast-check";
import { ByteReader } from "../src/byte-reader.ts";
import { ByteWriter } from "../src/byte-writer.ts";
import { crc32 } from "../src/crc32.ts";
import { readEntry, writeEntry } from "../src/entry-codec.ts";
import type { Origin } from "../src/index.ts";

const text = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: "binary", maxLength: 40 }));
const count = fc.oneof(
  fc.constantFrom(0, -1, 127, 128, 2 ** 31, 2 ** 53 - 2, 2 ** 53 - 1),
  fc.maxSafeNat(),
);
const amount = fc.oneof(fc.constant(0n), fc.bigInt());

const origin = fc.record(
  {
    actor: text,
    correlationId: text,
    request: fc.record({ key: text, hash: text, reply: text }, { noNullPrototype: true }),
  },
  { requiredKeys: ["actor", "correlationId"], noNullPrototype: true },
) as fc.Arbitrary<Origin>;

const place = {
  kind: fc.constant("place_order"),
  account: count,
  instrument: count,
  side: fc.constantFrom("buy", "sell"),
  type: fc.constantFrom("limit", "market"),
  limit: count,
  quantity: count,
  quoteQuantity: amount,
  timeInForce: fc.constantFrom("gtc", "ioc", "fok"),
  postOnly: fc.boolean(),
  selfTradePrevention: fc.constantFrom(
    "none",
    "expire_taker",
    "expire_maker",
    "expire_both",
    "decrement",
  ),
  clientOrderId: text,
  fault: fc.oneof(
    fc.constant(undefined),
    fc.constant({ kind: "reject", code: "insufficient_funds" }),
    fc.constant({ kind: "max_fill", ratio: 5 }),
  ),
};
const cancel = {
  kind: fc.constant("cancel_order"),
  account: count,
  orderSeq: count,
  clientOrderId: text,
};
const amend = {
  kind: fc.constant("amend_order"),
  account: count,
  orderSeq: count,
  limit: count,
  quantity: count,
};
const reference = { kind: fc.constant("set_reference_price"), instrument: count, price: count };
const deposit = {
  kind: fc.constant("deposit"),
  account: count,
  asset: count,
  amount,
  externalId: text,
  reason: text,
};
const cancelAll = {
  kind: fc.constant("cancel_all_orders"),
  account: count,
  instrument: fc.option(count, { nil: undefined }),
};
const unheardOf = {
  kind: fc.constant("open_future"),
  terms: fc.dictionary(text, fc.oneof(amount, text, fc.constant(undefined)), {
    noNullPrototype: true,
  }),
};

/** Commands as they are, with fields that this version does not know, and with fields missing. */
const command = fc
  .tuple(
    fc.oneof(
      ...[place, cancel, amend, reference, deposit, cancelAll, unheardOf].map((fields) =>
        fc.record(fields as Record<string, fc.Arbitrary<unknown>>, { noNullPrototype: true }),
      ),
    ),
    fc.constantFrom("", "", "", "stopPrice", "trigger"),
    fc.constantFrom("", "", "", "account", "quoteQuantity", "clientOrderId", "fault"),
  )
  .map(([fields, added, dropped]) => {
    const all: Record<string, unknown> = added === "" ? { ...fields } : { ...fields, [added]: 12n };
    delete all[dropped];
    return all as unknown as Command;
  });

function roundTrip(entry: { origin: Origin; command: Command }): unknown {
  const writer = new ByteWriter(1);
  writeEntry(writer, entry);
  const reader = new ByteReader(Buffer.alloc(0));
  reader.reset(writer.written, 0, writer.length);
  const read = readEntry(reader);
  assert.ok(reader.isAtEnd);
  return read;
}

describe("the codec of entries", () => {
  it("gives back every command exactly, also one that it does not know", () => {
    fc.assert(
      fc.property(origin, command, (origin, command) => {
        assert.deepStrictEqual(roundTrip({ origin, command }), { origin, command });
      }),
      { numRuns: 2_000 },
    );
  });

  it("keeps what an origin may have in the future", () => {
    const origin = { actor: "a", correlationId: "c", shard: 7n } as unknown as Origin;
    const command = { kind: "close_account", account: 1 } as Command;
    assert.deepStrictEqual(roundTrip({ origin, command }), { origin, command });
  });

  it("takes a few dozen bytes for an order", () => {
    const writer = new ByteWriter(1);
    const order = { limit: 5_000_000, quantity: 1_000, account: 900, instrument: 3 };
    const rest = {
      side: "buy",
      type: "limit",
      quoteQuantity: 0n,
      timeInForce: "gtc",
      postOnly: false,
    };
    const end = { selfTradePrevention: "none", clientOrderId: "", fault: undefined };
    const command = { kind: "place_order", ...order, ...rest, ...end } as unknown as Command;
    writeEntry(writer, { origin: { actor: "", correlationId: "" }, command });
    assert.ok(writer.length < 20, `${writer.length} bytes`);
  });
});

describe("crc32", () => {
  it("is zlib's, over any part and any seed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(20), fc.nat(), (bytes, from, seed) => {
        const start = Math.min(from, bytes.length);
        assert.equal(
          crc32(bytes, start, bytes.length, seed),
          zlibCrc32(bytes.subarray(start), seed),
        );
      }),
    );
  });
});
