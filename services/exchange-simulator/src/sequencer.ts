import {
  assert,
  type Clock,
  type Command,
  type Sequence,
  type Timestamp,
  timestamp,
} from "@tse/domain";
import type { CommandLog, LogEntry } from "@tse/journal";
import type { Venue } from "@tse/venue";
import {
  type Exchange,
  ExchangeFull,
  ExchangeNotOpen,
  ExchangeStopped,
  type Origin,
  type Unit,
  type UnitListener,
} from "./exchange.ts";

/** Who acts for the world itself. */
const ENGINE = "engine";

interface Waiting {
  readonly unit: Unit;
  readonly shown: () => void;
  readonly reject: (error: Error) => void;
}

/** Something that needs the venue and the views to stand at one and the same command. */
interface Resting {
  readonly task: () => void;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

interface Watcher {
  readonly sequence: Sequence;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** The part of a long replay whose units are only passed on the way. */
export interface Passing {
  /** Its last unit. */
  readonly until: Sequence;
  /** Told of each, instead of the listeners. Their events leave out the changes of balances and levels. */
  readonly pass: (unit: Unit) => void;
  /** Told after the last, before the listeners are shown the next. */
  readonly passed: () => void;
}

export interface Replay {
  /** Not given: every unit is shown to the listeners. */
  readonly passing?: Passing | undefined;
  /** Told, after each run of entries, how far it has come. */
  readonly onProgress?: (sequence: Sequence) => void;
}

export interface SequencerParts {
  readonly venue: Venue;
  readonly log: CommandLog;
  readonly clock: Clock;
  /** Time of the venue's last command, when it was restored from a snapshot. */
  readonly lastTime?: Timestamp;
  /** Told once, when the journal failed or the venue broke one of its own rules: stop the process. */
  readonly onFatal: (error: unknown) => void;
}

/**
 * The one writer of a venue.
 *
 * ```
 * submit ─► stamp ─► venue.apply ─► waiting ─► log.append ─► listeners ─► caller
 *                                     └── group commit: all that arrived during one append ──┘
 * ```
 *
 * A unit is shown to nobody before the append that holds it has resolved. After a failed append
 * nothing is acknowledged any more: the venue's memory is ahead of the journal and only a restart
 * tells what survived.
 */
export class Sequencer implements Exchange {
  readonly clock: Clock;
  readonly #venue: Venue;
  readonly #log: CommandLog;
  readonly #onFatal: (error: unknown) => void;
  readonly #listeners = new Set<UnitListener>();
  #waiting: Waiting[] = [];
  #watchers: Watcher[] = [];
  #flushing = false;
  #released: Sequence;
  #lastTime: Timestamp;
  /** Waits for the commands under way to be shown; those that come meanwhile wait for it. */
  #resting: Resting | undefined;
  #held: (() => void)[] = [];
  #stopped: ExchangeStopped | undefined;
  /** While false, only the world itself sends commands. */
  #isOpen = true;

  constructor(parts: SequencerParts) {
    this.clock = parts.clock;
    this.#venue = parts.venue;
    this.#released = parts.venue.sequence;
    this.#lastTime = parts.lastTime ?? timestamp(0);
    this.#log = parts.log;
    this.#onFatal = parts.onFatal;
  }

  get venue(): Venue {
    return this.#venue;
  }

  /** Refuses everybody's commands but the world's own, until `open`. */
  keepClosed(): void {
    this.#isOpen = false;
  }

  open(): void {
    this.#isOpen = true;
  }

  /** Last command that is durable and shown. */
  get released(): Sequence {
    return this.#released;
  }

  /** Time of the last command; world time never goes behind it. */
  get lastTime(): Timestamp {
    return this.#lastTime;
  }

  /** Repeats what the journal holds beyond the venue's sequence. Before the first `submit`. */
  async replay({ passing, onProgress = () => {} }: Replay = {}): Promise<void> {
    const next = (this.#venue.sequence + 1) as Sequence;
    const passed = passing?.until ?? 0;
    for await (const run of this.#log.read(next)) {
      for (const entry of run) {
        if (entry.sequence > passed) this.#show(this.#repeat(entry, true));
        else this.#pass(entry, passing as Passing);
      }
      onProgress(this.#released);
    }
  }

  /**
   * Runs `task` at a moment when all that the venue applied is durable and shown, so that the venue and
   * the views stand at the same command. Commands that arrive meanwhile are taken right after it.
   */
  async atRest(task: () => void): Promise<void> {
    if (this.#stopped !== undefined) throw this.#stopped;
    assert(this.#resting === undefined, "one task at a time waits for the exchange to rest");
    await new Promise<void>((resolve, reject) => {
      this.#resting = { task, resolve, reject };
      this.#restWhenShown();
    });
  }

  submit<Answer = Unit>(
    command: Command,
    origin: Origin,
    answer: (unit: Unit) => Answer = itself,
  ): Promise<Answer> {
    if (this.#stopped !== undefined) return Promise.reject(this.#stopped);
    if (!this.#isOpen && origin.actor !== ENGINE) return Promise.reject(new ExchangeNotOpen());
    if (this.#resting !== undefined) {
      return new Promise((resolve, reject) => {
        this.#held.push(() => this.submit(command, origin, answer).then(resolve, reject));
      });
    }

    if (!this.#log.reserve(command, origin)) return Promise.reject(new ExchangeFull());

    const time = Math.max(this.clock.now(), this.#lastTime) as Timestamp;
    let unit: Unit;
    try {
      unit = this.#apply(command, origin, time);
    } catch (bug) {
      this.#fail(bug);
      return Promise.reject(bug);
    }
    return new Promise((resolve, reject) => {
      const shown = () => {
        try {
          resolve(answer(unit));
        } catch (refusal) {
          reject(refusal);
        }
      };
      this.#waiting.push({ unit, shown, reject });
      if (!this.#flushing) void this.#flush();
    });
  }

  durable(): Promise<void> {
    if (this.#stopped !== undefined) return Promise.reject(this.#stopped);
    const { sequence } = this.#venue;
    if (sequence <= this.#released) return Promise.resolve();
    return new Promise((resolve, reject) => this.#watchers.push({ sequence, resolve, reject }));
  }

  subscribe(listener: UnitListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes nothing more, settles what it took, and closes the journal. Safe to call twice. */
  async close(): Promise<void> {
    if (this.#stopped !== undefined) return;
    await this.durable();
    this.#stopped = new ExchangeStopped("the exchange is shutting down");
    await this.#log.close();
  }

  #apply(command: Command, origin: Origin, time: Timestamp, withState = true): Unit {
    this.#lastTime = time;
    const { events: log } = this.#venue;
    log.clear();
    const rejection = this.#venue.apply(command, time);
    const events = withState ? log.read() : log.readDeeds();
    return { sequence: this.#venue.sequence, time, origin, command, rejection, events };
  }

  #repeat({ command, origin, time, sequence }: LogEntry, withState: boolean): Unit {
    const unit = this.#apply(command, origin, time, withState);
    assert(unit.sequence === sequence, "the journal has no gap");
    return unit;
  }

  #pass(entry: LogEntry, { until, pass, passed }: Passing): void {
    const unit = this.#repeat(entry, false);
    this.#released = unit.sequence;
    pass(unit);
    if (unit.sequence === until) passed();
  }

  /** Appends batch after batch until nothing waits: what arrives during an append is the next batch. */
  async #flush(): Promise<void> {
    this.#flushing = true;
    await Promise.resolve();
    while (this.#waiting.length > 0 && this.#stopped === undefined) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#log.append(batch.map(({ unit }) => entryOf(unit)));
        for (const { unit, shown } of batch) {
          this.#show(unit);
          shown();
        }
        this.#settleWatchers();
        this.#restWhenShown();
      } catch (cause) {
        this.#waiting = [...batch, ...this.#waiting];
        this.#fail(cause);
      }
    }
    this.#flushing = false;
  }

  #show(unit: Unit): void {
    this.#released = unit.sequence;
    for (const listener of this.#listeners) listener(unit);
  }

  #restWhenShown(): void {
    const resting = this.#resting;
    if (resting === undefined || this.#released !== this.#venue.sequence) return;
    try {
      resting.task();
      resting.resolve();
    } catch (bug) {
      resting.reject(bug instanceof Error ? bug : new Error(String(bug)));
    }
    this.#resting = undefined;
    const held = this.#held;
    this.#held = [];
    for (const submit of held) submit();
  }

  #settleWatchers(): void {
    const waiting: Watcher[] = [];
    for (const watcher of this.#watchers) {
      if (watcher.sequence <= this.#released) watcher.resolve();
      else waiting.push(watcher);
    }
    this.#watchers = waiting;
  }

  #fail(cause: unknown): void {
    const stopped = new ExchangeStopped("the exchange stopped after a failure", { cause });
    this.#stopped = stopped;
    for (const { reject } of this.#waiting) reject(stopped);
    for (const { reject } of this.#watchers) reject(stopped);
    this.#resting?.reject(stopped);
    this.#resting = undefined;
    const held = this.#held;
    this.#waiting = [];
    this.#watchers = [];
    this.#held = [];
    for (const submit of held) submit();
    this.#onFatal(cause);
  }
}

/** The answer of who asks for none: the unit. */
function itself<Answer>(unit: Unit): Answer {
  return unit as Answer;
}

function entryOf({ sequence, time, origin, command }: Unit): LogEntry {
  return { sequence, time, origin, command };
}
