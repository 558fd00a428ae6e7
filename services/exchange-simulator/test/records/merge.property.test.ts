import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { partOf, type Source, type Window } from "../../src/records/merge.ts";

interface Item {
  readonly number: number;
  /** Whether the list has it now, and had it when it was stored. */
  readonly isOf: boolean;
  readonly wasOf: boolean;
  /** At or below the border: whether memory still has it. */
  readonly isKept: boolean;
}

const anyItems = fc.uniqueArray(
  fc.record({
    number: fc.nat(60),
    isOf: fc.boolean(),
    wasOf: fc.boolean(),
    isKept: fc.boolean(),
  }),
  { selector: ({ number }) => number, maxLength: 40 },
);

const anyWindow: fc.Arbitrary<Window> = fc.record({
  after: fc.integer({ min: -1, max: 30 }),
  before: fc.oneof(fc.integer({ min: 20, max: 65 }), fc.constant(Number.POSITIVE_INFINITY)),
  from: fc.constantFrom("newest", "oldest"),
  limit: fc.integer({ min: 1, max: 12 }),
});

function sourceOf(items: readonly Item[], forgotten: number) {
  const sorted = items.toSorted((one, other) => one.number - other.number);
  const inMemory = sorted.filter(({ number, isKept }) => number > forgotten || isKept);
  const atRest = sorted.filter(({ number }) => number <= forgotten);
  let reads = 0;
  const source: Source<number> = {
    numberOf: (number) => number,
    recent: inMemory.filter(({ isOf }) => isOf).map(({ number }) => number),
    forgotten,
    outdated: () => new Set(inMemory.filter(({ isOf }) => !isOf).map(({ number }) => number)),
    async *stored({ after, before, from }) {
      reads += 1;
      // What memory has may be stored as it was; all else is as it is.
      const matching = atRest
        .filter(({ isOf, wasOf, isKept }) => (isKept ? wasOf : isOf))
        .map(({ number }) => number)
        .filter((number) => number > after && number < before);
      yield* from === "newest" ? matching.toReversed() : matching;
    },
  };
  const all = sorted.filter(({ isOf }) => isOf).map(({ number }) => number);
  return { source, all, reads: () => reads };
}

function expected(all: readonly number[], { after, before, from }: Window): readonly number[] {
  const within = all.filter((number) => number > after && number < before);
  return from === "newest" ? within.toReversed() : within;
}

describe("a list of which memory has the new and SQL the old", () => {
  it("is read as if it were in one place", async () => {
    await fc.assert(
      fc.asyncProperty(anyItems, fc.integer({ min: -1, max: 60 }), anyWindow, async (...given) => {
        const [items, forgotten, window] = given;
        const { source, all } = sourceOf(items, forgotten);
        const { items: read, more } = await partOf(source, window);
        const whole = expected(all, window);

        deepEqual(read, whole.slice(0, window.limit));
        if (whole.length > read.length) equal(more, true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("asks SQL for nothing that memory has whole", async () => {
    await fc.assert(
      fc.asyncProperty(anyItems, fc.integer({ min: -1, max: 60 }), anyWindow, async (...given) => {
        const [items, forgotten, window] = given;
        const { source, all, reads } = sourceOf(items, forgotten);
        await partOf(source, window);
        const fresh = expected(all, window).filter((number) => number > forgotten);
        const isWhole =
          window.after >= forgotten || (window.from === "newest" && fresh.length >= window.limit);
        ok(isWhole ? reads() === 0 : reads() <= 1);
      }),
      { numRuns: 1_000 },
    );
  });
});
