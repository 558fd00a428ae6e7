import assert from "node:assert/strict";
import { once } from "node:events";
import { performance } from "node:perf_hooks";
import { describe, it } from "node:test";
import { Worker } from "node:worker_threads";
import { type Clock, type Duration, duration, timestamp } from "@tse/domain";
import { ControllableClock, formatTime, parseTime, realClock } from "../src/index.ts";

const START = timestamp(Date.parse("2026-01-05T14:23:30.120Z") * 1000);
const SECOND = 1_000_000;

function frozen(): ControllableClock {
  return new ControllableClock({ mode: "virtual", start: START });
}

/** Resolves with world time when the timer ran. An interval keeps the process alive meanwhile. */
function sleep(clock: Clock, delay: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const alive = setInterval(() => {}, 1000);
  clock.after(delay as Duration, () => resolve(clock.now()));
  return promise.finally(() => clearInterval(alive));
}

describe("a clock in real mode", () => {
  it("tells the system's time in microseconds and never goes backward", () => {
    const clock = realClock();
    let before = clock.now();
    let finer = false;
    for (let i = 0; i < 100_000; i++) {
      const now = clock.now();
      assert.ok(now >= before);
      finer ||= now % 1000 !== 0;
      before = now;
    }
    assert.ok(finer);
    assert.ok(Math.abs(before - Date.now() * 1000) < 5_000);
  });

  it("runs timers in order of due time, none before it is due", async () => {
    const clock = realClock();
    const began = clock.now();
    const ran: string[] = [];
    clock.after(duration(20_000), () => ran.push("second"));
    clock.after(duration(5_000), () => ran.push("first"));
    clock.after(duration(20_000), () => ran.push("third"));
    clock.after(duration(1_000), () => ran.push("never")).cancel();

    const at = await sleep(clock, 25_000);
    assert.ok(at >= began + 25_000);
    assert.deepEqual(ran, ["first", "second", "third"]);
  });

  it("refuses to be advanced", async () => {
    const clock = new ControllableClock({ mode: "real" });
    assert.equal(await clock.advance(duration(SECOND)), "not_frozen");
  });
});

describe("a clock in virtual mode", () => {
  it("starts frozen where it is told to", async () => {
    const clock = frozen();
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(clock.state(), { mode: "virtual", now: START, speed: 0, pendingTimers: 0 });
  });

  it("returns from an advance after every due timer ran in order and settled", async () => {
    const ran: string[] = [];
    let clock: ControllableClock;
    const settle = async (): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve));
      ran.push("settled");
    };
    clock = new ControllableClock({ mode: "virtual", start: START, settle });
    clock.after(duration(2 * SECOND), () => ran.push(`b@${(clock.now() - START) / SECOND}`));
    clock.after(duration(SECOND), () => ran.push(`a@${(clock.now() - START) / SECOND}`));
    clock.after(duration(10 * SECOND), () => ran.push("late"));

    assert.equal(await clock.advance(duration(5 * SECOND)), undefined);
    assert.deepEqual(ran, ["a@1", "settled", "b@2", "settled"]);
    assert.equal(clock.now(), START + 5 * SECOND);
    assert.equal(clock.state().pendingTimers, 1);
  });

  it("lets promises that a timer began end before the next timer runs, without being told how", async () => {
    const clock = frozen();
    const ran: string[] = [];
    const work = async (name: string): Promise<void> => {
      for (let i = 0; i < 50; i++) await undefined;
      ran.push(name);
    };
    clock.after(duration(1), () => void work("work of a"));
    clock.after(duration(2), () => void ran.push("b"));

    await clock.advance(duration(2));
    assert.deepEqual(ran, ["work of a", "b"]);
  });

  it("runs advances that overlap one after the other", async () => {
    const clock = frozen();
    const outcomes = await Promise.all([clock.advance(duration(5)), clock.advance(duration(7))]);
    assert.deepEqual(outcomes, [undefined, undefined]);
    assert.equal(clock.now(), START + 12);
  });

  it("runs at its speed: a world hour in a real fraction of a second", async () => {
    const clock = frozen();
    const began = performance.now();
    let last = 0;
    let ticks = 0;
    const tick = (): void => {
      ticks += 1;
      last = clock.now() - START;
      if (ticks < 3600) clock.after(duration(SECOND), tick);
    };
    clock.after(duration(SECOND), tick);
    const end = sleep(clock, 3600 * SECOND);
    await clock.set({ mode: "virtual", speed: 10_000 });
    const at = await end;

    const real = performance.now() - began;
    assert.ok(real >= 355 && real < 3_000, `${real} ms`);
    assert.equal(ticks, 3600);
    // No timer is passed: the last tick saw exactly its own time.
    assert.equal(last, 3600 * SECOND);
    assert.equal(at - START, 3600 * SECOND);
    clock.stop();
  });

  it("slows down, rather than skip, when timers can't keep up", async () => {
    const clock = frozen();
    const seen: number[] = [];
    const tick = (): void => {
      const end = performance.now() + 4;
      while (performance.now() < end);
      seen.push((clock.now() - START) / SECOND);
      if (seen.length < 10) clock.after(duration(SECOND), tick);
    };
    clock.after(duration(SECOND), tick);
    const end = sleep(clock, 10 * SECOND);
    await clock.set({ mode: "virtual", speed: 10_000 });
    await end;
    assert.deepEqual(seen, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    clock.stop();
  });
});

describe("changing a clock", () => {
  it("freezes real time, keeps its timers, and lets them run when it is real again", async () => {
    const clock = new ControllableClock({ mode: "real" });
    const timer = sleep(clock, 10_000);
    assert.equal(await clock.set({ mode: "virtual" }), undefined);
    const { now, speed, pendingTimers } = clock.state();
    assert.equal(speed, 0);
    assert.equal(pendingTimers, 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(clock.now(), now);

    assert.equal(await clock.set({ mode: "real" }), undefined);
    assert.ok((await timer) >= now);
  });

  it("runs the timers that a jump passes, at their own times", async () => {
    const clock = frozen();
    const ran: number[] = [];
    clock.after(duration(SECOND), () => ran.push(clock.now() - START));
    const now = timestamp(START + 60 * SECOND);
    assert.equal(await clock.set({ mode: "virtual", now, speed: 0 }), undefined);
    assert.deepEqual(ran, [SECOND]);
    assert.equal(clock.now(), now);
  });

  it("can change its speed while it runs, without a step", async () => {
    const clock = new ControllableClock({ mode: "virtual", start: START, speed: 1000 });
    await sleep(clock, 10 * SECOND);
    const before = clock.now();
    await clock.set({ mode: "virtual", speed: 0.01 });
    const after = clock.now();
    assert.ok(after >= before && after - before < 60 * SECOND);
    await clock.set({ mode: "virtual" });
    assert.ok(clock.now() >= after);
  });

  it("refuses what would turn time back, and speeds out of range, and stays as it was", async () => {
    const clock = frozen();
    const before = clock.state();
    const past = timestamp(START - 1);
    assert.equal(await clock.set({ mode: "virtual", now: past }), "time_goes_backward");
    assert.equal(await clock.advance(-1 as Duration), "time_goes_backward");
    for (const speed of [0.001, 10_001, -1, Number.NaN]) {
      assert.equal(await clock.set({ mode: "virtual", speed }), "speed_out_of_range");
    }
    assert.equal(await clock.set({ mode: "real", speed: 5 }), "not_virtual");
    assert.deepEqual(clock.state(), before);
  });

  it("refuses to become real while world time is ahead of the system's", async () => {
    const clock = new ControllableClock({ mode: "real" });
    await clock.set({ mode: "virtual" });
    await clock.advance(duration(3600 * SECOND));
    assert.equal(await clock.set({ mode: "real" }), "time_goes_backward");
    assert.equal(clock.state().mode, "virtual");
  });
});

it("a clock's timers don't keep the process alive", async () => {
  const source = `
    import { ControllableClock } from ${JSON.stringify(import.meta.resolve("../src/index.ts"))};
    new ControllableClock({ mode: "real" }).after(60_000_000, () => {});
  `;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));
  const began = performance.now();
  const [code] = await once(worker, "exit");
  assert.equal(code, 0);
  assert.ok(performance.now() - began < 20_000);
});

describe("time as text", () => {
  it("is RFC 3339 with milliseconds", () => {
    assert.equal(formatTime(START), "2026-01-05T14:23:30.120Z");
  });

  it("is read with up to six digits and any offset", () => {
    assert.equal(parseTime("2026-01-05T14:23:30.120Z"), START);
    assert.equal(parseTime("2026-01-05T15:23:30.12+01:00"), START);
    assert.equal(parseTime("2026-01-05T14:23:30.120001Z"), START + 1);
    for (const text of ["2026-01-05", "2026-13-05T14:23:30Z", "now", "2026-01-05T14:23:30"]) {
      assert.equal(parseTime(text), undefined, text);
    }
  });
});
