import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import type { Sequence } from "@tse/domain";
import fc from "fast-check";
import { Retention } from "../../src/views/retention.ts";

const at = (sequence: number) => sequence as Sequence;

/** A list of three sequences, of which each is its own. */
function keeping(count: number) {
  const retention = new Retention();
  const forgotten: Sequence[] = [];
  const list = retention.list<Sequence>({
    bound: 3,
    sequenceOf: (sequence) => sequence,
    forget: (sequence) => forgotten.push(sequence),
  });
  const add = (from: number, to: number) => {
    for (let sequence = from; sequence <= to; sequence += 1) list.add(at(sequence));
  };
  add(1, count);
  return { retention, list, forgotten, add };
}

describe("What a view may forget", () => {
  it("is all beyond the bound while nobody projects", () => {
    const { retention, list, forgotten } = keeping(5);

    deepEqual(list.slice(), [3, 4, 5]);
    deepEqual(forgotten, [1, 2]);
    equal(retention.completeFrom, 3);
  });

  it("is, once somebody projects, only what is in SQL", () => {
    const { retention, list, add } = keeping(3);
    retention.projected(at(0));
    add(4, 6);
    deepEqual([list.length, retention.completeFrom], [6, 1]);

    retention.projected(at(2));
    deepEqual([list.slice(), retention.completeFrom], [[3, 4, 5, 6], 3]);

    retention.projected(at(6));
    deepEqual([list.slice(), retention.completeFrom], [[4, 5, 6], 4]);
  });

  it("is more than that beyond four times the bound, and then there is a gap that shows", () => {
    const { retention, list, add } = keeping(0);
    retention.projected(at(0));
    add(1, 20);

    equal(list.length, 12);
    equal(retention.completeFrom, 9);
  });

  it("is after a restart what it was before", () => {
    const retention = new Retention();
    retention.restore({ completeFrom: at(5), projected: at(6) });
    const list = retention.list<Sequence>({ bound: 1, sequenceOf: (sequence) => sequence });
    for (const sequence of [6, 7, 8]) list.add(at(sequence));

    deepEqual([list.slice(), retention.completeFrom], [[7, 8], 7]);
    deepEqual(retention.save(3), { completeFrom: 7, projected: 6 });
    deepEqual(retention.save(9), { completeFrom: 9, projected: 6 });
  });

  it("is of several in one unit told as that unit", () => {
    const retention = new Retention();
    const list = retention.list<string>({ bound: 1, sequenceOf: () => at(7) });
    list.add("first");
    list.add("second");

    deepEqual([list.slice(), retention.completeFrom], [["second"], 8]);
  });
});

describe("A list of what is kept", () => {
  it("reads like an array of the same items, whatever was added and forgotten", () => {
    const index = fc.integer({ min: -8, max: 20 });
    fc.assert(
      fc.property(fc.nat(50), index, fc.nat(20), fc.nat(60), (count, start, end, limit) => {
        const { list, forgotten } = keeping(count);
        const kept = Array.from({ length: count }, (_, place) => at(place + 1)).slice(-3);

        equal(list.length, kept.length);
        deepEqual(list.slice(start), kept.slice(start));
        deepEqual(list.slice(Math.max(0, start), end), kept.slice(Math.max(0, start), end));
        deepEqual(
          kept.map((_, place) => list.at(place)),
          kept,
        );
        deepEqual(
          list.after(at(limit)),
          kept.filter((sequence) => sequence > limit),
        );
        equal(forgotten.length, count - kept.length);
      }),
    );
  });
});
