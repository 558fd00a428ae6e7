import { assert, type Sequence } from "@tse/domain";
import { Recent } from "@tse/service-kit";
import { type Encoding, encodeEvent, type Topic } from "./encoding.ts";

/** Events of one stream that are kept for resuming. */
const KEPT_EVENTS = 10_000;

/** Longest run of events that waits for a flush; more are sent at once. */
const BATCH_MAX = 1_000;

/** One event as it happened; it is rendered when somebody is to see it. */
export interface StreamEvent<Fact> {
  /** One more than that of the event before. Where a stream begins is its owner's choice. */
  readonly sequence: number;
  /** The unit that it comes from. */
  readonly unit: Sequence;
  readonly fact: Fact;
}

/** Someone who is sent what happens. */
export interface Subscriber {
  readonly encoding: Encoding;
  /** @param events how many events `bytes` holds; must not throw */
  deliver(bytes: Buffer, events: number): void;
}

/** What a stream shows, and how. */
export interface StreamKind<Fact> {
  readonly topic: Topic;
  /** Name of its events. */
  readonly type: string;
  render(fact: Fact): unknown;
}

/**
 * One gap-free series of events and those who follow it. Events are rendered and encoded once, in
 * batches, whoever follows; nobody follows, nothing is rendered.
 *
 * ```
 *  kept for resuming            │ waiting for the next flush
 *  oldest … … … … … … … … sent  │  … … … head
 * ```
 */
export class EventStream<Fact = unknown> {
  readonly kind: StreamKind<Fact>;
  readonly #events = new Recent<StreamEvent<Fact>>(KEPT_EVENTS);
  readonly #subscribers = new Set<Subscriber>();
  #head: number;
  #sent: number;
  #hasBegun: boolean;

  /** @param head sequence of the last event before it; not given, the first event says where it begins */
  constructor(kind: StreamKind<Fact>, head?: number) {
    this.kind = kind;
    this.#head = head ?? 0;
    this.#sent = this.#head;
    this.#hasBegun = head !== undefined;
  }

  /** Sequence of the newest event. */
  get head(): number {
    return this.#head;
  }

  get subscribers(): number {
    return this.#subscribers.size;
  }

  append(unit: Sequence, fact: Fact, sequence = this.#head + 1): void {
    if (!this.#hasBegun) this.#begin(sequence - 1);
    assert(sequence === this.#head + 1, "a stream's sequence has no gap");
    this.#head = sequence;
    this.#events.add({ sequence, unit, fact });
    if (this.#head - this.#sent >= BATCH_MAX) this.flush();
  }

  /** Whether everything after `sequence` is still here. */
  holds(sequence: number): boolean {
    return sequence >= this.#head - this.#events.length && sequence <= this.#head;
  }

  /** Sequence of the newest event of `unit` or of units before it. */
  sequenceAt(unit: Sequence): number {
    let last = this.#head;
    for (let index = this.#events.length - 1; index >= 0; index--, last--) {
      if ((this.#events.at(index) as StreamEvent<Fact>).unit <= unit) return last;
    }
    return last;
  }

  /** From here on `subscriber` gets what follows `sequence`. @returns ends it */
  follow(subscriber: Subscriber, sequence: number): () => void {
    this.flush();
    const missed = this.#encode(sequence, subscriber.encoding);
    if (missed.length > 0) subscriber.deliver(missed, 0);
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  /** Sends everyone what waits. */
  flush(): void {
    const waiting = this.#head - this.#sent;
    if (waiting === 0) return;
    const batches = new Map<Encoding, Buffer>();
    for (const subscriber of this.#subscribers) {
      const { encoding } = subscriber;
      const batch = batches.get(encoding) ?? this.#encode(this.#sent, encoding);
      batches.set(encoding, batch);
      subscriber.deliver(batch, waiting);
    }
    this.#sent = this.#head;
  }

  /** Forgets its events and lets the sequence jump, so that nobody resumes over what is missed. */
  suspend(): void {
    this.#events.clear();
    this.#head += 1;
    this.#sent = this.#head;
  }

  #begin(head: number): void {
    this.#head = head;
    this.#sent = head;
    this.#hasBegun = true;
  }

  #encode(after: number, encoding: Encoding): Buffer {
    const frames: Buffer[] = [];
    const first = this.#events.length - (this.#head - after);
    for (const { sequence, fact } of this.#events.from(first)) {
      const { topic, type } = this.kind;
      const data = this.kind.render(fact);
      frames.push(encodeEvent(topic, encoding, { type, sequence, data }));
    }
    return Buffer.concat(frames);
  }
}
