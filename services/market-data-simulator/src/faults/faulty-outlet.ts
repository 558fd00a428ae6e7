import { type Clock, duration, type Random, type Timestamp } from "@tse/domain";
import type { ClientKind, EventOutlet, StreamEnding } from "../fan-out/subscriber.ts";
import type { StreamEvent } from "../fan-out/topic.ts";
import type { Effect } from "./effects.ts";
import { concerns, type Fault, strikes } from "./fault.ts";
import { FaultLine } from "./fault-line.ts";

export interface FaultyOutletParts {
  readonly outlet: EventOutlet;
  /** The subscriber's number. */
  readonly number: number;
  readonly clock: Clock;
  readonly faults: () => Iterable<Fault>;
  /** The subscriber's own stream for a fault. */
  readonly randomOf: (fault: Fault) => Random;
  readonly note: (fault: Fault, effect: Effect["name"], event: StreamEvent | undefined) => void;
}

/** Events that are on their way at most: a subscriber with more is not ready. */
const DELAYED_MAX = 256;

/** An outlet through the faults in force. Without any it does nothing at all. */
export class FaultyOutlet implements EventOutlet {
  readonly kind: ClientKind;
  readonly #parts: FaultyOutletParts;
  readonly #lines = new Map<Fault, FaultLine>();
  /** World time at which the newest delayed event arrives: what comes later doesn't overtake it. */
  #arrivesAt: Timestamp | 0 = 0;
  #delayed = 0;
  #hasEnded = false;

  constructor(parts: FaultyOutletParts) {
    this.kind = parts.outlet.kind;
    this.#parts = parts;
  }

  get number(): number {
    return this.#parts.number;
  }

  get isReady(): boolean {
    if (this.#delayed >= DELAYED_MAX) return false;
    return this.#parts.outlet.isReady && !this.#isFrozen();
  }

  send(events: readonly StreamEvent[]): void {
    const faults = this.#striking();
    if (faults.length === 0 && this.#delayed === 0) {
      this.#parts.outlet.send(events);
      return;
    }
    let passed = events;
    for (const fault of faults) passed = this.#through(fault, passed);
    this.#deliver(passed, faults);
  }

  end(why: StreamEnding): void {
    this.#hasEnded = true;
    this.#parts.outlet.end(why);
  }

  /** A fault is over: what it held back goes on. */
  forget(fault: Fault): void {
    const line = this.#lines.get(fault);
    this.#lines.delete(fault);
    const held = line?.drain() ?? [];
    if (held.length > 0) this.#deliver(held, []);
  }

  /** Whether a fault that has just begun ends the connection. */
  isCutBy(fault: Fault, probability: number): boolean {
    return this.#parts.randomOf(fault).fork("disconnect").next() < probability;
  }

  #striking(): readonly Fault[] {
    return [...this.#parts.faults()].filter((fault) => strikes(fault, this));
  }

  #isFrozen(): boolean {
    for (const fault of this.#parts.faults()) {
      const freezes = fault.effects.some(({ name }) => name === "freeze");
      // What freezes some symbols only is loss to the others: such a fault stops the whole stream.
      if (freezes && strikes(fault, this)) return true;
    }
    return false;
  }

  #through(fault: Fault, events: readonly StreamEvent[]): readonly StreamEvent[] {
    const line = this.#lineOf(fault);
    return events.flatMap((event) => (concerns(fault, event) ? line.pass(event) : [event]));
  }

  #lineOf(fault: Fault): FaultLine {
    const known = this.#lines.get(fault);
    if (known !== undefined) return known;
    const { randomOf, note } = this.#parts;
    const line = new FaultLine(fault.effects, randomOf(fault), (effect, event) =>
      note(fault, effect, event),
    );
    this.#lines.set(fault, line);
    return line;
  }

  /** Each event at its own time, in order; what is due already at once and together. */
  #deliver(events: readonly StreamEvent[], faults: readonly Fault[]): void {
    const { clock, outlet } = this.#parts;
    const now = clock.now();
    const due: StreamEvent[] = [];
    for (const event of events) {
      const delayMs = faults.reduce((sum, fault) => sum + this.#delayOf(fault, event), 0);
      const arrival = Math.max(madeAt(event, now) + Math.round(delayMs * 1_000), this.#arrivesAt);
      if (arrival <= now && this.#delayed === 0) due.push(event);
      else this.#delay(event, Math.max(arrival, now) as Timestamp);
    }
    if (due.length > 0) outlet.send(due);
  }

  #delayOf(fault: Fault, event: StreamEvent): number {
    return concerns(fault, event) ? this.#lineOf(fault).delayMs() : 0;
  }

  #delay(event: StreamEvent, arrival: Timestamp): void {
    const { clock, outlet } = this.#parts;
    this.#arrivesAt = arrival;
    this.#delayed += 1;
    clock.after(duration(arrival - clock.now()), () => {
      this.#delayed -= 1;
      if (!this.#hasEnded) outlet.send([event]);
    });
  }
}

/** World time at which there was something to send. A candle's own time is that of its beginning. */
function madeAt({ item, timestamp }: StreamEvent, now: Timestamp): Timestamp {
  return item.channel === "candle" ? now : timestamp;
}
