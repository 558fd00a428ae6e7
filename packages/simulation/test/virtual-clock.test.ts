import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Duration, duration, timestamp } from "@tse/domain";
import { VirtualClock } from "../src/index.ts";

const START = timestamp(1_000_000);

function tape(clock: VirtualClock): { readonly lines: string[]; note(name: string): () => void } {
  const lines: string[] = [];
  return { lines, note: (name) => () => void lines.push(`${name}@${clock.now() - START}`) };
}

describe("VirtualClock", () => {
  it("stands still until it is advanced", async () => {
    const clock = new VirtualClock(START);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(clock.now(), START);

    await clock.advance(duration(5));
    assert.equal(clock.now(), START + 5);
  });

  it("runs timers in order of due time, then of scheduling, each at its own time", async () => {
    const clock = new VirtualClock(START);
    const { lines, note } = tape(clock);
    clock.after(duration(30), note("c"));
    clock.after(duration(10), note("a"));
    clock.after(duration(30), note("d"));
    clock.after(duration(20), note("b"));

    await clock.advance(duration(100));
    assert.deepEqual(lines, ["a@10", "b@20", "c@30", "d@30"]);
    assert.equal(clock.now(), START + 100);
  });

  it("runs timers that timers add, when they are due by then", async () => {
    const clock = new VirtualClock(START);
    const { lines, note } = tape(clock);
    clock.after(duration(10), () => {
      note("first")();
      clock.after(duration(0), note("at once"));
      clock.after(duration(90), note("just in time"));
      clock.after(duration(91), note("too late"));
    });

    await clock.advance(duration(100));
    assert.deepEqual(lines, ["first@10", "at once@10", "just in time@100"]);
    assert.equal(clock.pending, 1);
    assert.equal(clock.nextDue, START + 101);
  });

  it("awaits what lies between two timers before the next runs", async () => {
    const clock = new VirtualClock(START);
    const { lines, note } = tape(clock);
    clock.after(duration(1), note("a"));
    clock.after(duration(1), note("b"));

    await clock.advance(duration(1), async () => {
      await new Promise((resolve) => setImmediate(resolve));
      note("settled")();
    });
    assert.deepEqual(lines, ["a@1", "settled@1", "b@1", "settled@1"]);
  });

  it("never runs a cancelled timer, and cancelling again or too late does nothing", async () => {
    const clock = new VirtualClock(START);
    const { lines, note } = tape(clock);
    const cancelled = clock.after(duration(5), note("cancelled"));
    const ran = clock.after(duration(6), note("ran"));
    cancelled.cancel();
    cancelled.cancel();
    assert.equal(clock.pending, 1);

    await clock.advance(duration(10));
    ran.cancel();
    assert.deepEqual(lines, ["ran@6"]);
    assert.equal(clock.pending, 0);
    assert.equal(clock.nextDue, undefined);
  });

  it("keeps its memory small when nearly all timers are cancelled", async () => {
    const clock = new VirtualClock(START);
    const { lines, note } = tape(clock);
    clock.after(duration(3_000_000), note("kept"));
    for (let i = 0; i < 100_000; i++) clock.after(duration(i), note("never")).cancel();
    assert.equal(clock.pending, 1);

    await clock.advance(duration(3_000_000));
    assert.deepEqual(lines, ["kept@3000000"]);
  });

  it("stands where a timer threw, and goes on from there", async () => {
    const clock = new VirtualClock(START);
    const { lines, note } = tape(clock);
    clock.after(duration(5), () => {
      throw new Error("broken");
    });
    clock.after(duration(6), note("next"));

    await assert.rejects(clock.advance(duration(10)), /broken/);
    assert.equal(clock.now(), START + 5);
    await clock.advance(duration(5));
    assert.deepEqual(lines, ["next@6"]);
  });

  it("refuses to go backward, to fractions, and to advance twice at a time", async () => {
    const clock = new VirtualClock(START);
    await assert.rejects(clock.advance(-1 as Duration), /never goes backward/);
    await assert.rejects(clock.advance(0.5 as Duration), /whole number/);
    assert.throws(() => clock.after(0.5 as Duration, () => {}), /whole microsecond/);

    clock.after(duration(1), () => {});
    const first = clock.advance(duration(2), async () => {});
    await assert.rejects(clock.advance(duration(1)), /one advance ends/);
    await first;
  });
});
