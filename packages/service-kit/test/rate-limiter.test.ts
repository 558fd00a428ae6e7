import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration, timestamp } from "@tse/domain";
import { VirtualClock } from "@tse/simulation";
import { RateLimiter, rateLimitHeaders } from "../src/index.ts";

const MINUTE = duration(60_000_000);

describe("a rate limiter", () => {
  it("allows the limit in a window, refuses more, and starts anew in the next", async () => {
    const clock = new VirtualClock(timestamp(0));
    const limiter = new RateLimiter(clock, { limit: 2, window: MINUTE });
    const allowed = (): boolean => limiter.take("k").allowed;

    assert.deepEqual([allowed(), allowed(), allowed()], [true, true, false]);
    await clock.advance(duration(59_999_999));
    assert.equal(allowed(), false);
    await clock.advance(duration(1));
    assert.equal(allowed(), true);
  });

  it("says what is left and when the window ends", async () => {
    const clock = new VirtualClock(timestamp(0));
    const limiter = new RateLimiter(clock, { limit: 10, window: MINUTE });
    limiter.take("k", 3);
    await clock.advance(duration(500_000));
    const decision = limiter.take("k");
    assert.deepEqual(decision, { allowed: true, limit: 10, remaining: 6, resetSeconds: 60 });
    assert.deepEqual(rateLimitHeaders(decision), {
      "RateLimit-Limit": "10",
      "RateLimit-Remaining": "6",
      "RateLimit-Reset": "60",
    });
  });

  it("takes nothing for what it refuses, and says when to try again", () => {
    const limiter = new RateLimiter(new VirtualClock(timestamp(0)), { limit: 5, window: MINUTE });
    limiter.take("k", 4);
    const refused = limiter.take("k", 2);
    assert.equal(refused.allowed, false);
    assert.equal(refused.remaining, 1);
    assert.equal(rateLimitHeaders(refused)["Retry-After"], "60");
    assert.equal(limiter.take("k", 1).allowed, true);
  });

  it("keeps keys apart", () => {
    const limiter = new RateLimiter(new VirtualClock(timestamp(0)), { limit: 1, window: MINUTE });
    assert.equal(limiter.take("a").allowed, true);
    assert.equal(limiter.take("b").allowed, true);
    assert.equal(limiter.take("a").allowed, false);
  });

  it("remembers so many keys and no more, and forgets the one idle longest", () => {
    const limiter = new RateLimiter(new VirtualClock(timestamp(0)), {
      limit: 1,
      window: MINUTE,
      maxKeys: 100,
    });
    limiter.take("busy");
    for (let i = 0; i < 10_000; i++) {
      limiter.take(`key-${i}`);
      assert.equal(limiter.take("busy").allowed, false);
    }
    assert.equal(limiter.size, 100);
    assert.equal(limiter.take("key-1").allowed, true);
  });
});
