import { type Clock, duration, type Timer, type Timestamp } from "@tse/domain";
import type { Planned } from "@tse/market-model";
import type { Feed } from "./feed.ts";
import type { FeedRecorder } from "./feed-record.ts";
import type { Intervention, ScenarioIntervention } from "./intervention.ts";
import type { Tick } from "./tick.ts";

/** What an operator does, without when: that is now. */
export type Wish =
  Exclude<Intervention, ScenarioIntervention> extends infer Each
    ? Each extends Intervention
      ? Omit<Each, "at">
      : never
    : never;

export interface FeedDriverParts {
  readonly feed: Feed;
  readonly clock: Clock;
  readonly recorder: FeedRecorder;
}

const MINUTE = 60_000_000;
/** How often it is noted that the feed runs. */
const MARK_EVERY = 5 * MINUTE;

/** Moves the feed with the world's clock, and carries out what operators ask for. */
export class FeedDriver {
  readonly #parts: FeedDriverParts;
  #timer: Timer | undefined;
  #markedAt: Timestamp | undefined;

  constructor(parts: FeedDriverParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#move();
  }

  /** Publishes nothing more, and notes how far the feed came. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#mark();
  }

  /** What is planned on then starts from this moment. */
  catchUp(): void {
    const { feed, clock } = this.#parts;
    feed.advanceTo(clock.now());
  }

  /** Carries it out now, durable before anybody sees it. @returns the tick that was published, if any was */
  intervene(wish: Wish): Tick | undefined {
    const { feed, clock, recorder } = this.#parts;
    const at = clock.now();
    feed.advanceTo(at);
    const intervention = { ...wish, at } as Intervention;
    recorder.add(intervention);
    return feed.apply(intervention);
  }

  /** Carries out now what `plan` makes of this moment, durable before anybody sees it; nothing when that is a refusal. */
  direct(plan: (at: Timestamp) => Planned): Planned {
    const { feed, clock, recorder } = this.#parts;
    const at = clock.now();
    feed.advanceTo(at);
    const planned = plan(at);
    if (planned.status === "accepted") {
      const intervention = { kind: "scenario", at, command: planned.command } as const;
      recorder.add(intervention);
      feed.apply(intervention);
    }
    return planned;
  }

  #move(): void {
    const { feed, clock } = this.#parts;
    const now = clock.now();
    feed.advanceTo(now);
    if (now - (this.#markedAt ?? 0) >= MARK_EVERY) this.#mark();
    // A candle closes when its minute is over, not when the next tick comes.
    const next = Math.min(after(now, feed.interval), after(now, MINUTE));
    this.#timer = clock.after(duration(next - now), () => this.#move());
  }

  #mark(): void {
    const { feed, recorder } = this.#parts;
    this.#markedAt = feed.time;
    recorder.mark(feed.time);
  }
}

/** The first multiple of `length` behind a time. */
function after(time: Timestamp, length: number): number {
  return (Math.floor(time / length) + 1) * length;
}
