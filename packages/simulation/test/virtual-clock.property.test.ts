import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Duration, duration, type Timer, timestamp } from "@tse/domain";
import fc from "fast-check";
import { VirtualClock } from "../src/index.ts";

/** A timer that adds further ones when it runs, or that cancels an older one. */
interface Plan {
  readonly delay: number;
  readonly cancels: number | null;
  readonly children: readonly Plan[];
}

const leaf = fc.record({ delay: fc.nat(50), cancels: fc.option(fc.nat(30)) });
const { plan } = fc.letrec<{ plan: Plan }>((tie) => ({
  plan: fc
    .tuple(
      leaf,
      fc.oneof({ maxDepth: 3 }, fc.constant([]), fc.array(tie("plan"), { maxLength: 3 })),
    )
    .map(([own, children]) => ({ ...own, children })),
}));
const world = fc.array(plan, { maxLength: 40 });

/** What ran when, over an advance of all of `steps`. */
async function run(timers: readonly Plan[], steps: readonly number[]): Promise<string[]> {
  const clock = new VirtualClock(timestamp(0));
  const handles: Timer[] = [];
  const lines: string[] = [];
  let names = 0;

  const schedule = (plan: Plan): void => {
    names += 1;
    const name = names;
    const task = (): void => {
      lines.push(`${name}@${clock.now()}`);
      if (plan.cancels !== null) handles[plan.cancels]?.cancel();
      plan.children.forEach(schedule);
    };
    handles.push(clock.after(duration(plan.delay), task));
  };
  timers.forEach(schedule);
  for (const step of steps) await clock.advance(step as Duration, async () => {});
  return lines;
}

describe("VirtualClock, for every set of timers", () => {
  it("gives the same run in one advance as in many", async () => {
    const steps = fc.array(fc.nat(20), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(world, steps, async (timers, parts) => {
        const total = parts.reduce((sum, part) => sum + part, 0);
        assert.deepEqual(await run(timers, parts), await run(timers, [total]));
      }),
    );
  });

  it("never runs a timer before the one that is due before it", async () => {
    await fc.assert(
      fc.asyncProperty(world, async (timers) => {
        const times = (await run(timers, [1000])).map((line) => Number(line.split("@")[1]));
        assert.deepEqual(
          times,
          times.toSorted((a, b) => a - b),
        );
      }),
    );
  });

  it("runs timers of one instant in order of scheduling, whatever was cancelled between", async () => {
    const delays = fc.array(fc.record({ delay: fc.nat(5), cancel: fc.boolean() }));
    await fc.assert(
      fc.asyncProperty(delays, async (timers) => {
        const clock = new VirtualClock(timestamp(0));
        const ran: number[] = [];
        const handles = timers.map(({ delay }, i) =>
          clock.after(duration(delay), () => void ran.push(i)),
        );
        timers.forEach(({ cancel }, i) => {
          if (cancel) handles[i]?.cancel();
        });
        const expected = [...timers.keys()]
          .filter((i) => timers[i]?.cancel === false)
          .sort((a, b) => (timers[a]?.delay ?? 0) - (timers[b]?.delay ?? 0) || a - b);

        await clock.advance(duration(10));
        assert.deepEqual(ran, expected);
      }),
    );
  });
});
