import type { Random } from "@tse/domain";
import { EventQueue } from "./event-queue.ts";
import { NumberedDraws } from "./numbered-draws.ts";

/** What can happen, in the order in which it does when it falls on the same microsecond. */
export const KIND = {
  step: 0,
  news: 1,
  immigrant: 2,
  arrival: 3,
  makerLooks: 4,
  makerRenews: 5,
  makerReacts: 6,
  reflex: 7,
  join: 8,
  scatter: 9,
  end: 10,
  position: 11,
  trend: 12,
} as const;

export type Kind = (typeof KIND)[keyof typeof KIND];

const KINDS = 16;
/** Clocks of one kind, at most. */
const CLOCKS = 16;

/**
 * When what happens next: Poisson clocks with a stream each, and single events. Everything here follows
 * from the seed and the price layer; nothing that trades adds or moves an event.
 */
export class Agenda {
  readonly #queue = new EventQueue();
  readonly #draws: NumberedDraws[] = [];
  /** By clock: how often it rang. */
  readonly #rings = new Float64Array(KINDS * CLOCKS);
  #events = 0;
  #digest = 0;

  constructor(random: Random) {
    for (let kind = 0; kind < KINDS; kind++) {
      this.#draws.push(new NumberedDraws(random.fork(`clock ${kind}`)));
    }
  }

  get nextTime(): number {
    return this.#queue.nextTime;
  }

  get kind(): Kind {
    return this.#queue.nextKind as Kind;
  }

  get detail(): number {
    return this.#queue.nextDetail;
  }

  /** Events so far. */
  get events(): number {
    return this.#events;
  }

  /** 32-bit digest of all events so far: time, kind and detail. */
  get digest(): number {
    return this.#digest;
  }

  add(timeUs: number, kind: Kind, detail: number): void {
    this.#queue.add(timeUs, kind, detail);
  }

  /** The earliest event is over. */
  finish(): void {
    this.#count();
    this.#queue.drop();
  }

  /** The earliest event is over, and comes again at `timeUs`. */
  repeatAt(timeUs: number): void {
    this.#count();
    this.#queue.replaceNext(timeUs, this.kind, this.detail);
  }

  /** The earliest event is a clock's: it rings again after an exponential time. */
  ringAgain(perSecond: number): void {
    const { kind, detail, nextTime } = this;
    const clock = kind * CLOCKS + detail;
    const ring = this.#rings[clock] as number;
    this.#rings[clock] = ring + 1;
    const gap = (this.#draws[kind] as NumberedDraws).exponential(ring, detail) / perSecond;
    this.repeatAt(nextTime + Math.ceil(gap * 1e6));
  }

  #count(): void {
    this.#events += 1;
    const event = Math.imul(this.nextTime | 0, 0x9e3779b1) ^ ((this.kind << 26) | this.detail);
    this.#digest = (Math.imul(this.#digest, 31) + event) | 0;
  }
}
