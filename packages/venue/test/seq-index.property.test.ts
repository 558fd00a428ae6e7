import { equal } from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { SeqIndex } from "../src/orders/seq-index.ts";

/** Adds and removes the way orders come and go: numbers rise, slots are reused, some orders stay long. */
const steps = fc.array(
  fc.record({ skip: fc.integer({ min: 0, max: 5_000 }), removes: fc.boolean(), which: fc.nat() }),
  { maxLength: 2_000 },
);

describe("the index of live orders, for every sequence of orders", () => {
  it("finds what lives and nothing else", () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const seqs: number[] = [0];
        const index = new SeqIndex((slot) => seqs[slot] as number);
        const slots = new Map<number, number>();
        const free: number[] = [];
        let last = 0;
        for (const { skip, removes, which } of sequence) {
          if (removes && slots.size > 0) {
            const [seq, slot] = [...slots][which % slots.size] as [number, number];
            index.remove(seq);
            slots.delete(seq);
            free.push(slot);
            equal(index.find(seq), 0);
          } else {
            last += 1 + skip;
            const slot = free.pop() ?? seqs.length;
            seqs[slot] = last;
            index.add(last, slot);
            slots.set(last, slot);
          }
        }
        equal(index.size, slots.size);
        for (const [seq, slot] of slots) equal(index.find(seq), slot);
      }),
      { numRuns: 30 },
    );
  });

  it("finds each of 100,000 orders that came in a row", () => {
    const index = new SeqIndex((slot) => slot);
    for (let seq = 1; seq <= 100_000; seq++) index.add(seq, seq);
    for (let seq = 1; seq <= 100_000; seq += 2) index.remove(seq);
    for (let seq = 1; seq <= 100_000; seq++) equal(index.find(seq), seq % 2 === 0 ? seq : 0);
  });
});
