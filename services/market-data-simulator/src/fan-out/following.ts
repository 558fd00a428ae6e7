import { placeOf, type StreamEvent, type Topic } from "./topic.ts";

export interface FollowOptions {
  /** Longest sequence of the topic that the subscriber has; it goes on behind it. Price topics only. */
  readonly resumeAfter?: number | undefined;
  /** Microseconds of world time between two events; 0 for each event. */
  readonly interval?: number | undefined;
}

/** Events that one subscriber catches up on in one flush. */
const CHUNK = 256;

/**
 * Where one subscriber stands in one topic. It holds no events, only how far it came: a subscriber that doesn't read
 * costs nothing more, however long it does so.
 */
export class Following<Owner> {
  readonly owner: Owner;
  readonly topic: Topic<Following<Owner>>;
  readonly #interval: number;
  /** Position of the last event that was sent. */
  #cursor: number;
  /** Position of the last event that was looked at: paced, not each is sent. */
  #checked: number;
  /** Up to here the subscriber catches up on its own wish: it is not behind. */
  #resumesUntil: number;
  /** Whether what comes next shows how things stand. */
  #isFirst: boolean;
  /** World time of the last event, in intervals. */
  #lastSpan = -1;

  constructor(owner: Owner, topic: Topic<Following<Owner>>, options: FollowOptions) {
    const { newest } = topic.log;
    const { resumeAfter } = options;
    this.owner = owner;
    this.topic = topic;
    this.#interval = options.interval ?? 0;
    this.#isFirst = resumeAfter === undefined;
    this.#cursor = Math.min(resumeAfter ?? Math.max(0, newest - 1), newest);
    this.#checked = this.#cursor;
    this.#resumesUntil = newest;
  }

  /** Whether `collect` left something for the next flush. */
  get isCatchingUp(): boolean {
    return this.topic.log.newest > this.#checked;
  }

  /** Events that this subscriber is behind by, its own catching up aside. */
  get behind(): number {
    return Math.max(0, this.topic.log.newest - Math.max(this.#checked, this.#resumesUntil));
  }

  /** Adds what is to be sent now to `events`, oldest first. */
  collect(events: StreamEvent[]): void {
    // What the log doesn't hold any more is passed over: the next event says how much.
    const first = Math.max(this.#checked + 1, this.topic.log.oldest);
    const last = Math.min(this.topic.log.newest, first + CHUNK - 1);
    for (let position = first; position <= last; position++) {
      if (this.#isDue(position)) this.#push(position, events);
    }
    this.#checked = Math.max(this.#checked, last);
  }

  /** Passes everything over but the newest event, which says how many. @returns how many */
  skipToNewest(events: StreamEvent[]): number {
    const { newest } = this.topic.log;
    const skipped = newest - this.#checked - 1;
    this.#push(newest, events);
    this.#checked = newest;
    return skipped;
  }

  /** Paced, the first event of each span of world time. */
  #isDue(position: number): boolean {
    if (this.#interval === 0) return true;
    const item = this.topic.log.at(position);
    if (item === undefined) return false;
    const span = Math.floor(placeOf(item).timestamp / this.#interval);
    if (span === this.#lastSpan) return false;
    this.#lastSpan = span;
    return true;
  }

  #push(position: number, events: StreamEvent[]): void {
    const event = this.topic.event(position, position - this.#cursor - 1, this.#isFirst);
    if (event === undefined) return;
    this.#cursor = position;
    this.#isFirst = false;
    events.push(event);
  }
}
