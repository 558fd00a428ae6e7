import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration, timestamp } from "@tse/domain";
import { VirtualClock } from "@tse/simulation";
import fc from "fast-check";
import { RateLimiter } from "../src/index.ts";

const calls = fc.array(
  fc.record({
    wait: fc.nat(400),
    key: fc.constantFrom("a", "b"),
    cost: fc.integer({ min: 1, max: 4 }),
  }),
);

describe("a rate limiter, for every sequence of calls", () => {
  it("lets no key spend more than the limit between two ends of its windows", async () => {
    await fc.assert(
      fc.asyncProperty(calls, async (sequence) => {
        const clock = new VirtualClock(timestamp(0));
        const limiter = new RateLimiter(clock, { limit: 5, window: duration(1000) });
        const spent = new Map<string, { ends: number; cost: number }>();
        for (const { wait, key, cost } of sequence) {
          await clock.advance(duration(wait));
          let window = spent.get(key);
          if (window === undefined || clock.now() >= window.ends) {
            window = { ends: clock.now() + 1000, cost: 0 };
            spent.set(key, window);
          }
          const fits = window.cost + cost <= 5;
          if (fits) window.cost += cost;

          const decision = limiter.take(key, cost);
          assert.equal(decision.allowed, fits);
          assert.equal(decision.remaining, 5 - window.cost);
        }
      }),
    );
  });
});
