import assert from "node:assert/strict";
import { once } from "node:events";
import { performance } from "node:perf_hooks";
import { describe, it } from "node:test";
import { Worker } from "node:worker_threads";
import { type Clock, type Duration, duration, type Timestamp, timestamp } from "@tse/domain";
import { realPace } from "../src/clock/pace.ts";
import { ControllableClock, formatTime, parseTime, realClock } from "../src/index.ts";
import { startHost } from "./support.ts";

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
  it("tells the system's time in microseconds and never goes backward", (test) => {
    // A system that is kept in time by another steps back by milliseconds; what the clock does then is shown below.
    test.mock.method(Date, "now", () => Math.floor(performance.timeOrigin + performance.now()));
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
    // A millisecond for the digits that `Date.now` lacks, and one that the clock may be ahead: when the two
    // counters drift apart it waits for the system's time instead of going back.
    const earliest = Date.now() * 1000;
    const now = clock.now();
    const latest = (Date.now() + 2) * 1000;
    assert.ok(earliest <= now && now <= latest, `${earliest} <= ${now} <= ${latest}`);
  });

  it("does not run ahead after its thread was held up while it read the time", (test) => {
    let elapsed = 0;
    let heldUpFor = 0;
    test.mock.method(performance, "now", () => elapsed);
    const pace = realPace(() => {
      elapsed += heldUpFor;
      return timestamp(START + elapsed * 1000);
    }, START);
    for (heldUpFor of [100, 0, 250, 0, 0]) {
      const now = pace.target();
      assert.equal(now, START + elapsed * 1000);
    }
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

  it("goes on when the system's time is set back, and its timers run, until the two meet again", async (test) => {
    const clock = realClock();
    const real = Date.now.bind(Date);
    let offMs = 0;
    test.mock.method(Date, "now", () => real() + offMs);
    const before = clock.now();

    offMs = -3_600_000;
    const at = await sleep(clock, 20_000);
    const later = await sleep(clock, 20_000);
    assert.ok(before + 20_000 <= at && at + 20_000 <= later, `${before}, ${at}, ${later}`);

    offMs = 60_000;
    assert.ok(clock.now() >= (real() + 60_000 - 1) * 1000);
  });

  it("is never before where it starts, and goes on from there when the system's time is behind", async () => {
    const ahead = timestamp((Date.now() + 3_600_000) * 1000);
    const clock = new ControllableClock({ mode: "real", start: ahead });
    assert.ok(clock.now() >= ahead);
    const at = await sleep(clock, 10_000);
    assert.ok(at >= ahead + 10_000);
    assert.ok(at < ahead + 60 * SECOND);

    const past = timestamp(1);
    assert.ok(new ControllableClock({ mode: "real", start: past }).now() > past + SECOND);
  });

  it("refuses to be advanced", async () => {
    const clock = new ControllableClock({ mode: "real" });
    assert.equal(await clock.advance(duration(SECOND)), "not_frozen");
  });
});

describe("a clock in virtual mode", () => {
  it("starts frozen where it is told to", async () => {
    const clock = frozen();
    await sleep(realClock(), 1_000);
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

    assert.ok(performance.now() - began >= 355);
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
    await sleep(realClock(), 10_000);
    assert.equal(clock.now(), now);
    assert.equal(clock.state().pendingTimers, 1);

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
    const began = performance.now();
    const before = clock.now();
    await clock.set({ mode: "virtual", speed: 0.01 });
    const after = clock.now();
    const most = (performance.now() - began) * 1000 * 1000;
    assert.ok(after >= before && after - before <= most, `${after - before} <= ${most}`);
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

describe("an advance of a clock", () => {
  /** A world that always has work: a timer each second, done when its promise is. */
  function busy(): ControllableClock {
    const settle = (): Promise<void> => Promise.resolve();
    const clock = new ControllableClock({ mode: "virtual", start: START, settle });
    const tick = (): void => void clock.after(duration(SECOND), tick);
    tick();
    return clock;
  }

  it("lets requests be served meanwhile, at the time that the world has reached", async () => {
    const clock = busy();
    const { url } = await startHost((app) => {
      app.get("/time", async () => ({ now: clock.now() }));
    });
    const advance = clock.advance(duration(366 * 86_400 * SECOND));
    const times = [START];
    for (let i = 0; i < 3; i++) {
      const { now } = (await (await fetch(`${url}/time`)).json()) as { now: Timestamp };
      assert.ok(now > (times.at(-1) ?? 0));
      times.push(now);
    }
    clock.stop();
    assert.equal(await advance, "stopped");
  });

  it("ends as stopped when the clock stops, as do the changes that wait for it", async () => {
    const clock = busy();
    const jump = clock.set({ mode: "virtual", now: timestamp(START + 300 * 86_400 * SECOND) });
    const next = clock.advance(duration(SECOND));
    await new Promise((resolve) => setImmediate(resolve));
    clock.stop();
    assert.equal(await jump, "stopped");
    const reached = clock.now();
    assert.ok(reached > START && reached < START + 300 * 86_400 * SECOND);
    assert.equal(await next, "stopped");
    assert.equal(await clock.advance(duration(SECOND)), "stopped");
    assert.equal(clock.now(), reached);
  });

  it("ends when changes end, while a running clock runs on", async () => {
    const clock = new ControllableClock({ mode: "virtual", start: START, speed: 1000 });
    clock.endChanges();
    assert.equal(await clock.set({ mode: "virtual" }), "stopped");
    assert.ok((await sleep(clock, SECOND)) >= START + SECOND);
    clock.stop();
  });

  it("goes at most 366 days, as a jump does, and not where microseconds end", async () => {
    const clock = frozen();
    const year = 366 * 86_400 * SECOND;
    const jump = (now: number) => clock.set({ mode: "virtual", now: timestamp(now) });
    assert.equal(await clock.advance(duration(year + 1)), "too_far");
    assert.equal(await jump(START + year + 1), "too_far");
    for (const now of [Number.MAX_SAFE_INTEGER, 2 ** 60, Number.NaN]) {
      assert.equal(await jump(now), "too_far");
    }
    assert.equal(clock.now(), START);
    assert.equal(await jump(START + year), undefined);
    assert.equal(await clock.advance(duration(year)), undefined);

    const late = timestamp(Number.MAX_SAFE_INTEGER - 1.5 * year);
    const last = new ControllableClock({ mode: "virtual", start: late });
    assert.equal(await last.advance(duration(year)), "too_far");
    assert.equal(await last.advance(duration(year / 2)), undefined);
  });
});

it("a clock's timers don't keep the process alive", { timeout: 60_000 }, async () => {
  const source = `
    import { ControllableClock } from ${JSON.stringify(import.meta.resolve("../src/index.ts"))};
    new ControllableClock({ mode: "real" }).after(86_400_000_000, () => {});
  `;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));
  const [code] = await once(worker, "exit");
  assert.equal(code, 0);
});

describe("a departure of a clock", () => {
  it("is told with where it leads, before anything happens on the way", async () => {
    const clock = frozen();
    const told: [target: number, now: number][] = [];
    const end = clock.onDeparture((target) => told.push([target - START, clock.now() - START]));
    clock.after(SECOND as Duration, () => assert.equal(told.length, 1));
    await clock.advance((3 * SECOND) as Duration);
    assert.equal(await clock.advance((400 * 86_400 * SECOND) as Duration), "too_far");
    await clock.set({ mode: "virtual", now: timestamp(START + 5 * SECOND) });
    assert.deepEqual(told, [
      [3 * SECOND, 0],
      [3 * SECOND, 3 * SECOND],
      [5 * SECOND, 3 * SECOND],
    ]);
    end();
    await clock.advance(SECOND as Duration);
    assert.equal(told.length, 3);
  });

  it("doesn't come about when the listener throws", async () => {
    const clock = frozen();
    clock.onDeparture(() => {
      throw new Error("the disk is full");
    });
    await assert.rejects(clock.advance(SECOND as Duration), /the disk is full/);
    assert.equal(clock.now(), START);
  });
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

  it("names a day and an hour that there are", () => {
    const none = ["2027-02-30", "2026-04-31", "2026-02-29", "2100-02-29", "2026-01-00"];
    for (const date of none) assert.equal(parseTime(`${date}T00:00:00Z`), undefined, date);
    assert.equal(parseTime("2026-01-05T24:00:00Z"), undefined);
    const leapDay = "2028-02-29T23:59:59.000Z";
    assert.equal(formatTime(parseTime(leapDay) ?? START), leapDay);
  });

  it("ends where microseconds can't be counted exactly", () => {
    assert.equal(parseTime("2255-06-05T23:47:34.740991Z"), Number.MAX_SAFE_INTEGER);
    for (const text of [
      "2255-06-05T23:47:34.740992Z",
      "2300-01-01T00:00:00Z",
      "9999-12-31T23:59:59Z",
      "0001-01-01T00:00:00Z",
    ]) {
      assert.equal(parseTime(text), undefined, text);
    }
  });
});
