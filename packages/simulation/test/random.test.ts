import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Random } from "@tse/domain";
import { seededRandom } from "../src/index.ts";

function draws(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => random.integer(2 ** 32));
}

/** Pearson's statistic of `counts` against an even spread. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe("seededRandom", () => {
  it("gives these numbers for these seeds, on every machine and in every version", () => {
    assert.deepEqual(draws(seededRandom(42), 4), GOLDEN.seed42);
    assert.deepEqual(draws(seededRandom("exchange"), 4), GOLDEN.exchange);
    assert.deepEqual(draws(seededRandom(42).fork("makers").fork("BTC/USD"), 4), GOLDEN.fork);
  });

  it("takes a number and its text for the same seed", () => {
    assert.deepEqual(draws(seededRandom(7), 10), draws(seededRandom("7"), 10));
  });

  it("gives other numbers for a neighbouring seed", () => {
    const seen = new Set(
      [1, 2, 3, "", "a", "b"].map((seed) => draws(seededRandom(seed), 2).join()),
    );
    assert.equal(seen.size, 6);
  });

  it("draws from [0, 1)", () => {
    const random = seededRandom(1);
    for (let i = 0; i < 10_000; i++) {
      const drawn = random.next();
      assert.ok(drawn >= 0 && drawn < 1);
    }
  });

  it("spreads evenly: over 256 cells, and every pair of neighbours over 16 × 16", () => {
    const random = seededRandom(3);
    const cells = new Array<number>(256).fill(0);
    const pairs = new Array<number>(256).fill(0);
    let before = 0;
    for (let i = 0; i < 256_000; i++) {
      const drawn = random.next();
      cells[Math.floor(drawn * 256)]! += 1;
      pairs[before * 16 + Math.floor(drawn * 16)]! += 1;
      before = Math.floor(drawn * 16);
    }
    // 255 degrees of freedom: mean 255, deviation 22.6; both ends of six deviations.
    for (const counts of [cells, pairs]) assert.ok(Math.abs(chiSquare(counts) - 255) < 136);
  });

  it("chooses every integer below a bound equally often, also where 2^32 is not a multiple of it", () => {
    const random = seededRandom(4);
    const bound = 3 * 2 ** 30;
    const thirds = [0, 0, 0];
    for (let i = 0; i < 30_000; i++) thirds[Math.floor(random.integer(bound) / 2 ** 30)]! += 1;
    // A remainder would put half of all draws into the first third.
    assert.ok(chiSquare(thirds) < 30, thirds.join());
    assert.equal(random.integer(1), 0);
  });

  it("refuses bounds that are no count up to 2^32", () => {
    for (const bound of [0, -1, 1.5, 2 ** 32 + 1, Number.NaN]) {
      assert.throws(() => seededRandom(1).integer(bound), /bound/);
    }
  });

  it("draws normals of mean 0, deviation 1 and the right tails", () => {
    const random = seededRandom(5);
    const count = 200_000;
    let sum = 0;
    let squares = 0;
    let beyondTwo = 0;
    for (let i = 0; i < count; i++) {
      const drawn = random.normal();
      sum += drawn;
      squares += drawn * drawn;
      if (Math.abs(drawn) > 2) beyondTwo += 1;
    }
    assert.ok(Math.abs(sum / count) < 0.01);
    assert.ok(Math.abs(squares / count - 1) < 0.02);
    assert.ok(Math.abs(beyondTwo / count - 0.0455) < 0.002);
  });
});

describe("a fork", () => {
  it("depends on names only, not on what was drawn before it", () => {
    const fresh = seededRandom(42);
    const used = seededRandom(42);
    draws(used, 1000);
    used.normal();
    assert.deepEqual(draws(used.fork("a"), 10), draws(fresh.fork("a"), 10));
  });

  it("leaves its parent's numbers as they were", () => {
    const random = seededRandom(42);
    random.fork("a").next();
    assert.deepEqual(draws(random, 4), draws(seededRandom(42), 4));
  });

  it("differs from its parent, its siblings, and forks whose names join to the same text", () => {
    const root = seededRandom(42);
    const forks = [
      root,
      root.fork("a"),
      root.fork("b"),
      root.fork("a").fork("b"),
      root.fork("b").fork("a"),
      root.fork("a/b"),
      root.fork("ab"),
      root.fork("a/1:b"),
      root.fork(""),
    ];
    const seen = new Set(forks.map((fork) => draws(fork, 2).join()));
    assert.equal(seen.size, forks.length);
  });

  it("isn't correlated with its sibling", () => {
    const left = seededRandom(42).fork("left");
    const right = seededRandom(42).fork("right");
    const count = 100_000;
    let product = 0;
    for (let i = 0; i < count; i++) product += (left.next() - 0.5) * (right.next() - 0.5);
    assert.ok(Math.abs((product / count) * 12) < 0.02);
  });
});

const GOLDEN = {
  seed42: [1823088323, 724644285, 2272721625, 2234542121],
  exchange: [1734652996, 260236992, 775034872, 1362731001],
  fork: [582875658, 1372231873, 2069495776, 3819601138],
};
