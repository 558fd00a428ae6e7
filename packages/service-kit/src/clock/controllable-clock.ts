import { performance } from "node:perf_hooks";
import {
  assert,
  type Clock,
  type Duration,
  type Timer,
  type Timestamp,
  timestamp,
} from "@tse/domain";
import { type Settle, VirtualClock } from "@tse/simulation";
import { Alarm } from "./alarm.ts";
import { type Pace, realPace, virtualPace } from "./pace.ts";
import { systemTime } from "./system-time.ts";

/** Slowest and fastest that a virtual clock runs, in world seconds a real second. */
export const SPEED_MIN = 0.01;
export const SPEED_MAX = 10_000;

/** Farthest that one change moves world time: 366 days. */
const JUMP_MAX = 366 * 86_400 * 1_000_000;

/** Latest time that a change leads to: whoever schedules from there still has a time to name. */
const TIME_MAX = Number.MAX_SAFE_INTEGER - JUMP_MAX;

/** Longest that due timers run before other work gets its turn. */
const SLICE_MS = 10;

export interface ClockOptions {
  readonly mode: "real" | "virtual";
  /** Where a virtual clock starts, and what a real one is never before; the system's time by default. */
  readonly start?: Timestamp;
  /** Speed of a virtual clock; 0, frozen, by default. */
  readonly speed?: number;
  /** Awaited after each timer of an `advance`, so that what the timer set off is done. */
  readonly settle?: Settle;
}

/** What is absent stays; `mode: "virtual"` alone freezes. */
export interface ClockChange {
  readonly mode: "real" | "virtual";
  /** World time to go to, running every timer on the way; for virtual mode only. */
  readonly now?: Timestamp | undefined;
  /** 0, or `SPEED_MIN` to `SPEED_MAX`; for virtual mode only. */
  readonly speed?: number | undefined;
}

export interface ClockState {
  readonly mode: "real" | "virtual";
  readonly now: Timestamp;
  /** World seconds a real second: 1 in real mode, 0 when frozen. */
  readonly speed: number;
  readonly pendingTimers: number;
}

/**
 * Why a change of the clock is refused; the clock is then as it was. After `stopped`, which ends a change
 * under way too, it stands wherever that had come to.
 */
export type ClockRefusal =
  | "stopped"
  | "time_goes_backward"
  | "too_far"
  | "speed_out_of_range"
  | "not_frozen"
  | "not_virtual";

/**
 * The world's clock, under an operator's control: the system's time, or time of its own that stands
 * still or runs at any speed. Never goes backward, whatever is asked and whatever the system's time does. Its timers follow it through
 * every change and don't keep the process alive.
 *
 * A running virtual clock never passes a timer: when timers can't keep up with the speed, the world
 * slows down and each timer still sees its own due time. In real mode a late timer sees the real time.
 */
export class ControllableClock implements Clock {
  readonly #world: VirtualClock;
  readonly #system = systemTime();
  readonly #settle: Settle;
  readonly #alarm = new Alarm(() => this.#run());
  #pace: Pace;
  /** The due time that the alarm is set for. */
  #armedFor: Timestamp | undefined;
  /** Whether a running clock's timers are being run: each sees its own time. */
  #running = false;
  /** Newest time that anybody saw. */
  #seen: Timestamp;
  /** Changes run one after another; settles when the last one did. */
  #changes: Promise<unknown> = Promise.resolve();
  #takesChanges = true;
  readonly #departures = new Set<(target: Timestamp) => void>();

  constructor(options: ClockOptions) {
    const isReal = options.mode === "real";
    const given = options.start ?? this.#system();
    const start = isReal ? timestamp(Math.max(given, this.#system())) : given;
    const speed = options.speed ?? 0;
    assert(isSpeed(speed), "a clock's speed is 0 or from 0.01 to 10 000");
    this.#world = new VirtualClock(start);
    this.#seen = start;
    this.#pace = isReal ? realPace(this.#system, start) : virtualPace(start, speed);
    this.#settle = options.settle ?? nextTurn;
  }

  now(): Timestamp {
    this.#seen = timestamp(Math.max(this.#time(), this.#seen));
    return this.#seen;
  }

  after(delay: Duration, task: () => void): Timer {
    const timer = this.#world.at(timestamp(this.now() + delay), task);
    this.#schedule();
    return timer;
  }

  state(): ClockState {
    const { mode, speed } = this.#pace;
    return { mode, now: this.now(), speed, pendingTimers: this.#world.pending };
  }

  /** Changes mode, time and speed. Timers passed by a jump run, in order, before this resolves. */
  set(change: ClockChange): Promise<ClockRefusal | undefined> {
    return this.#inTurn(async () => {
      const refusal = this.#check(change);
      if (refusal !== undefined) return refusal;

      if ((await this.#freeze()) === "stopped") return "stopped";
      if (change.mode === "real") {
        this.#pace = realPace(this.#system, this.now());
      } else {
        const outcome = await this.#travel(change.now ?? this.now());
        if (outcome !== undefined) return outcome;
        this.#pace = virtualPace(this.now(), change.speed ?? 0);
      }
      this.#schedule();
      return undefined;
    });
  }

  /**
   * Moves frozen time on by `by`. Resolves when every timer due by then has run, in order, and what
   * each set off has settled. Requests and signals are served meanwhile.
   */
  advance(by: Duration): Promise<ClockRefusal | undefined> {
    return this.#inTurn(async () => {
      if (!this.#frozen) return "not_frozen";
      const target = timestamp(this.now() + by);
      return this.#checkTime(target) ?? this.#travel(target);
    });
  }

  /**
   * Calls the listener before each change of a clock that stands still or comes to stand still, with the time that it leads
   * to, which may be now: for who has to know before anything happens on the way. What it throws ends the change there.
   *
   * @returns ends the calls
   */
  onDeparture(listener: (target: Timestamp) => void): () => void {
    this.#departures.add(listener);
    return () => this.#departures.delete(listener);
  }

  /** Ends a change under way and refuses what follows as `stopped`. A running clock runs on. */
  endChanges(): void {
    this.#takesChanges = false;
  }

  /** Ends a change under way and stops running timers. For the end of the process. */
  stop(): void {
    this.endChanges();
    this.#disarm();
  }

  #time(): number {
    if (!this.#pace.waitsForTimers) return this.#pace.target();
    if (this.#frozen || this.#running) return this.#world.now();
    return Math.min(this.#pace.target(), this.#world.nextDue ?? Number.POSITIVE_INFINITY);
  }

  get #frozen(): boolean {
    return this.#pace.speed === 0;
  }

  #check(change: ClockChange): ClockRefusal | undefined {
    if (change.mode === "real") {
      if (change.now !== undefined || change.speed !== undefined) return "not_virtual";
      const ahead = this.#pace.mode === "virtual" && this.#system() < this.now();
      return ahead ? "time_goes_backward" : undefined;
    }
    const refusal = change.now === undefined ? undefined : this.#checkTime(change.now);
    return refusal ?? (isSpeed(change.speed ?? 0) ? undefined : "speed_out_of_range");
  }

  #checkTime(target: Timestamp): ClockRefusal | undefined {
    const now = this.now();
    if (target < now) return "time_goes_backward";
    const isNear = Number.isSafeInteger(target) && target <= Math.min(now + JUMP_MAX, TIME_MAX);
    return isNear ? undefined : "too_far";
  }

  /** Time stands still from here on; timers that are due already still run. */
  #freeze(): Promise<ClockRefusal | undefined> {
    const now = this.now();
    this.#pace = virtualPace(now, 0);
    this.#disarm();
    return this.#travel(now);
  }

  /**
   * Runs every timer due by `target`, settling what each sets off. Other work gets its turn after each
   * slice of real time: what comes in then happens at the time that the world has reached.
   */
  async #travel(target: Timestamp): Promise<ClockRefusal | undefined> {
    for (const listener of this.#departures) listener(target);
    let end = performance.now() + SLICE_MS;
    while (this.#takesChanges) {
      if (!this.#world.step(target)) return undefined;
      await this.#settle();
      if (performance.now() < end) continue;
      await nextTurn();
      end = performance.now() + SLICE_MS;
    }
    return "stopped";
  }

  /** Runs what is due, a slice at a time. */
  #run(): void {
    this.#armedFor = undefined;
    const end = performance.now() + SLICE_MS;
    const target = timestamp(Math.max(this.#pace.target(), this.#world.now()));
    let behind = true;
    this.#running = true;
    try {
      while (behind && performance.now() < end) behind = this.#world.step(target);
    } finally {
      this.#running = false;
      // Timers that can't keep up slow the world down; it doesn't hurry to catch up.
      if (behind && this.#pace.waitsForTimers) {
        this.#pace = virtualPace(this.now(), this.#pace.speed);
      }
      this.#schedule();
    }
  }

  #schedule(): void {
    if (this.#frozen) return;
    const due = this.#world.nextDue;
    if (due === undefined || due === this.#armedFor) return;
    this.#armedFor = due;
    this.#alarm.set((due - this.#pace.target()) / 1000 / this.#pace.speed);
  }

  #disarm(): void {
    this.#alarm.clear();
    this.#armedFor = undefined;
  }

  #inTurn(change: () => Promise<ClockRefusal | undefined>): Promise<ClockRefusal | undefined> {
    const done = this.#changes.then(() => (this.#takesChanges ? change() : "stopped"));
    this.#changes = done.catch(() => {});
    return done;
  }
}

/** The system's time, with no one to change it. */
export function realClock(): Clock {
  return new ControllableClock({ mode: "real" });
}

function isSpeed(speed: number): boolean {
  return speed === 0 || (speed >= SPEED_MIN && speed <= SPEED_MAX);
}

/** Every promise that is settled already has had its turn by then. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
