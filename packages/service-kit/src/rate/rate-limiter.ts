import { assert, type Clock, type Duration } from "@tse/domain";

export interface RateLimit {
  /** Cost that one key may spend in a window. */
  readonly limit: number;
  readonly window: Duration;
  /** Most keys remembered; the one that was idle longest is forgotten first. 100,000 by default. */
  readonly maxKeys?: number;
}

export interface RateDecision {
  readonly allowed: boolean;
  readonly limit: number;
  /** Cost left in this window. */
  readonly remaining: number;
  /** Whole seconds until the window ends, at least 1. */
  readonly resetSeconds: number;
}

interface Window {
  readonly ends: number;
  used: number;
}

/**
 * Counts what each key spends in fixed windows of world time; a key's window begins with its first
 * call. What is refused costs nothing. Memory is bounded by `maxKeys`.
 */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #rule: RateLimit;
  /** In order of last use, longest idle first. */
  readonly #windows = new Map<string, Window>();

  constructor(clock: Clock, rule: RateLimit) {
    assert(rule.limit >= 1 && rule.window > 0, "a rate limit allows something in some time");
    this.#clock = clock;
    this.#rule = rule;
  }

  /** Keys remembered now. */
  get size(): number {
    return this.#windows.size;
  }

  /** Spends `cost` of `key`'s window, or refuses when not that much is left. */
  take(key: string, cost = 1): RateDecision {
    const now = this.#clock.now();
    const { limit, window, maxKeys = 100_000 } = this.#rule;
    const before = this.#windows.get(key);
    const current =
      before !== undefined && now < before.ends ? before : { ends: now + window, used: 0 };

    const allowed = current.used + cost <= limit;
    if (allowed) current.used += cost;

    this.#windows.delete(key);
    this.#windows.set(key, current);
    if (this.#windows.size > maxKeys) this.#forgetOldest();

    const resetSeconds = Math.max(1, Math.ceil((current.ends - now) / 1_000_000));
    return { allowed, limit, remaining: limit - current.used, resetSeconds };
  }

  #forgetOldest(): void {
    const oldest = this.#windows.keys().next();
    if (oldest.done !== true) this.#windows.delete(oldest.value);
  }
}

/** The decision as headers: `RateLimit-*`, and `Retry-After` when it was refused. */
export function rateLimitHeaders(decision: RateDecision): Readonly<Record<string, string>> {
  const { allowed, limit, remaining, resetSeconds } = decision;
  return {
    "RateLimit-Limit": String(limit),
    "RateLimit-Remaining": String(remaining),
    "RateLimit-Reset": String(resetSeconds),
    ...(allowed ? {} : { "Retry-After": String(resetSeconds) }),
  };
}
