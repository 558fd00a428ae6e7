import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { judgeTicks, sliceTape, TICK_FACTS, TICK_RANGES } from "../src/index.ts";
import { referenceTape } from "./reference-tape.ts";
import { randomTape } from "./tapes.ts";

describe("judgeTicks", () => {
  const random = randomTape(600, 1);
  const { facts, score } = judgeTicks(random, "BTC");

  it("gives a verdict for 19 facts, in rows from 1 to 19", () => {
    assert.equal(Object.keys(TICK_FACTS).length, 19);
    assert.deepEqual(
      facts.map(({ row }) => row),
      Array.from({ length: 19 }, (_, i) => i + 1),
    );
    assert.equal(score.judged, 19);
    assert.ok(facts.every(({ market }) => market === "BTC"));
    assert.equal(score.inRange, facts.filter(({ verdict }) => verdict === "in range").length);
  });

  it("is not deceived by orders at random on random sides: less than a third is in range", () => {
    for (const asset of ["BTC", "ETH"] as const) {
      for (const seed of [1, 2, 3]) {
        const { inRange } = judgeTicks(randomTape(600, seed), asset).score;
        assert.ok(inRange <= 6, `${asset} ${seed}: ${inRange}`);
      }
    }
    const found = Object.fromEntries(facts.map(({ id, verdict }) => [id, verdict]));
    for (const id of ["arrivalSpread", "branching", "signAcf1", "signAcf10", "imbalance"]) {
      assert.equal(found[id], "below", id);
    }
    for (const id of ["impactCorrelation", "fillsPerOrder", "sizeSpread", "sizeRatio"]) {
      assert.equal(found[id], "below", id);
    }
    assert.equal(found.sizeTail, "above");
  });

  it("judges what there are orders enough for, and scores nothing 0", () => {
    const some = judgeTicks(sliceTape(random, 0, 300), "ETH");
    assert.ok(some.score.judged > 0 && some.score.judged < 19, `${some.score.judged}`);
    for (const count of [0, 1, 199]) {
      const none = judgeTicks(sliceTape(random, 0, count), "BTC");
      assert.deepEqual(none.score, { inRange: 0, judged: 0, share: 0 });
      assert.ok(none.facts.every(({ verdict }) => verdict === "too_short"));
    }
  });

  it("keeps each range the right way round", () => {
    const ranges = [TICK_RANGES.BTC, TICK_RANGES.ETH].flatMap((of) => Object.values(of));
    assert.ok(ranges.every(({ low, high }) => low < high));
  });

  for (const asset of ["BTC", "ETH"] as const) {
    it(`finds real trades of ${asset} real, each half of them too`, (t) => {
      const tape = referenceTape(`${asset}USDT`);
      if (tape === undefined) return t.skip("TEST_REFERENCE_DATA names no directory with them");
      const half = tape.time.findIndex((time) => time > (tape.time[0]! + tape.time.at(-1)!) / 2);
      for (const part of [
        tape,
        sliceTape(tape, 0, half),
        sliceTape(tape, half, tape.time.length),
      ]) {
        const judged = judgeTicks(part, asset).score;
        assert.ok(judged.inRange >= 18, `${judged.inRange}`);
      }
    });
  }
});
