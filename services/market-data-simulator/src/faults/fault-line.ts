import type { Random } from "@tse/domain";
import type { StreamEvent } from "../fan-out/topic.ts";
import type { Effect } from "./effects.ts";

/** Told of each event that something was done to. */
export type Note = (effect: Effect["name"], event: StreamEvent) => void;

interface Held {
  readonly event: StreamEvent;
  /** Events that are yet to pass before it. */
  left: number;
}

/**
 * One fault's effects on one subscriber: what comes in, and what of it goes on. Draws from a stream of its own, so that
 * no other subscriber changes what happens to this one.
 */
export class FaultLine {
  readonly #effects: readonly Effect[];
  readonly #random: Random;
  readonly #note: Note;
  readonly #lost = new Map<string, number>();
  #held: Held[] = [];
  #isInBurst = false;

  constructor(effects: readonly Effect[], random: Random, note: Note) {
    this.#effects = effects;
    this.#random = random;
    this.#note = note;
  }

  /** Delay of what passes now, in ms. */
  delayMs(): number {
    let delay = 0;
    for (const effect of this.#effects) {
      if (effect.name !== "latency") continue;
      delay += effect.latency_ms + effect.jitter_ms * this.#random.next();
    }
    return delay;
  }

  /** What goes on of one event, and of what was held back. */
  pass(event: StreamEvent): readonly StreamEvent[] {
    let events: StreamEvent[] = [event];
    for (const effect of this.#effects) {
      events = events.flatMap((each) => this.#apply(effect, each));
    }
    const released = this.#release(events.length);
    return [...events, ...released];
  }

  /** What is still held back, when the fault ends. */
  drain(): readonly StreamEvent[] {
    const events = this.#held.map(({ event }) => event);
    this.#held = [];
    return events;
  }

  #apply(effect: Effect, event: StreamEvent): readonly StreamEvent[] {
    const isLost = this.#loses(effect, event);
    if (isLost) {
      this.#note(effect.name, event);
      return [];
    }
    if (effect.name === "duplicate" && this.#random.next() < effect.probability) {
      this.#note("duplicate", event);
      return [event, event];
    }
    if (effect.name === "reorder" && this.#random.next() < effect.probability) {
      this.#note("reorder", event);
      this.#held.push({ event, left: effect.distance });
      return [];
    }
    if (effect.name === "latency") this.#note("latency", event);
    return [event];
  }

  #loses(effect: Effect, event: StreamEvent): boolean {
    switch (effect.name) {
      case "drop":
        return this.#random.next() < effect.probability;
      case "gap": {
        const { symbol } = event.topic;
        const lost = this.#lost.get(symbol) ?? 0;
        this.#lost.set(symbol, lost + 1);
        return lost < effect.length;
      }
      case "burst": {
        const turn = this.#isInBurst ? effect.leave : effect.enter;
        if (this.#random.next() < turn) this.#isInBurst = !this.#isInBurst;
        return this.#isInBurst && this.#random.next() < effect.loss;
      }
      default:
        return false;
    }
  }

  #release(passed: number): readonly StreamEvent[] {
    if (this.#held.length === 0 || passed === 0) return [];
    const released: StreamEvent[] = [];
    for (const held of this.#held) {
      held.left -= passed;
      if (held.left <= 0) released.push(held.event);
    }
    this.#held = this.#held.filter(({ left }) => left > 0);
    return released;
  }
}
