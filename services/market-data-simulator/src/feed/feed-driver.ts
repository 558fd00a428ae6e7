import { duration, type Timer, type Timestamp, timestamp } from "@tse/domain";
import type { Planned } from "@tse/market-model";
import type { ControllableClock } from "@tse/service-kit";
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
  readonly clock: Pick<ControllableClock, "now" | "after" | "state" | "onDeparture">;
  readonly recorder: FeedRecorder;
  /** Whether time has gone on, whatever became of this process, when another one starts: with the system's time it has. */
  readonly isTimeKept: boolean;
}

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
/** How often it is noted that the feed runs, while time is kept elsewhere. */
const MARK_EVERY = 5 * MINUTE;
/** World time that is reserved at once where more than twice as much is to pass: what a crash on the way can skip. */
const RESERVED = 60 * MINUTE;
/** Real seconds that are reserved at once of a time that runs: what a world may be ahead after a crash. */
const RESERVED_SECONDS = 5;

/**
 * Moves the feed with the world's clock, and carries out what operators ask for.
 *
 * Nothing is published that another process could publish differently. Where time is kept elsewhere it is enough that an
 * intervention has its time. A virtual clock would start where the record ends: so time is reserved in the record before
 * anything is published in it, in spans, and never beyond where the clock is told to go.
 */
export class FeedDriver {
  readonly #parts: FeedDriverParts;
  #timer: Timer | undefined;
  #markedAt = 0;
  /** Up to here the record says that something may have been published. */
  #reserved = 0;
  /** Where a clock that stands still is told to go. */
  #target = 0;
  #end = () => {};

  constructor(parts: FeedDriverParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#end = this.#parts.clock.onDeparture((target) => {
      this.#target = target;
      this.#reserve(this.#now());
    });
    this.#mark();
    this.#move();
  }

  /** Publishes nothing more, and notes how far the feed came. */
  stop(): void {
    this.#end();
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#mark();
  }

  /** What is planned on then starts from this moment. */
  catchUp(): void {
    this.#advanceTo(this.#now());
  }

  /** Carries it out now, durable before anybody sees it. @returns the tick that was published, if any was */
  intervene(wish: Wish): Tick | undefined {
    const at = this.#now();
    this.#advanceTo(at);
    return this.#carryOut({ ...wish, at } as Intervention);
  }

  /** Carries out now what `plan` makes of this moment, durable before anybody sees it; nothing when that is a refusal. */
  direct(plan: (at: Timestamp) => Planned): Planned {
    const at = this.#now();
    this.#advanceTo(at);
    const planned = plan(at);
    if (planned.status === "accepted") {
      this.#carryOut({ kind: "scenario", at, command: planned.command });
    }
    return planned;
  }

  #carryOut(intervention: Intervention): Tick | undefined {
    const { feed, recorder } = this.#parts;
    const takeOut = recorder.add(intervention);
    const before = this.#reserved;
    this.#reserved = intervention.at;
    try {
      return feed.apply(intervention);
    } catch (error) {
      // A fault of our own must not meet every start again.
      takeOut();
      this.#reserved = before;
      throw error;
    }
  }

  #move(): void {
    const { feed, clock } = this.#parts;
    const now = clock.now();
    this.#advanceTo(this.#now());
    // A candle closes when its minute is over, not when the next tick comes.
    const next = Math.min(after(now, feed.interval), after(now, MINUTE));
    this.#timer = clock.after(duration(next - now), () => this.#move());
  }

  /** Never before what was published: the clock of a world may know less of it than the record. */
  #now(): Timestamp {
    const { feed, clock } = this.#parts;
    return timestamp(Math.max(clock.now(), feed.time));
  }

  #advanceTo(time: Timestamp): void {
    const isLazy = this.#parts.isTimeKept && this.#parts.clock.state().mode === "real";
    if (!isLazy && time > this.#reserved) this.#reserve(time);
    this.#parts.feed.advanceTo(time);
    if (isLazy && time - this.#markedAt >= MARK_EVERY) this.#mark();
  }

  /** For what is published at `now`, and on the way from there. */
  #reserve(now: Timestamp): void {
    const { speed } = this.#parts.clock.state();
    const running = now + Math.ceil(RESERVED_SECONDS * SECOND * speed);
    const isNear = this.#target <= now + 2 * RESERVED;
    const moved = Math.max(now, isNear ? this.#target : now + RESERVED);
    const until = speed > 0 ? running : moved;
    if (until === this.#reserved) return;
    this.#parts.recorder.reserve(timestamp(until));
    this.#reserved = until;
  }

  #mark(): void {
    const now = this.#now();
    this.#parts.recorder.mark(now);
    this.#markedAt = now;
    this.#reserved = now;
  }
}

/** The first multiple of `length` behind a time. */
function after(time: Timestamp, length: number): number {
  return (Math.floor(time / length) + 1) * length;
}
