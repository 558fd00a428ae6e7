import { randomUUID } from "node:crypto";
import { type Clock, type Duration, duration, type Random, timestamp } from "@tse/domain";
import { Recent } from "@tse/service-kit";
import type { ClientKind, EventOutlet } from "../fan-out/subscriber.ts";
import type { StreamEvent } from "../fan-out/topic.ts";
import type { Effect } from "./effects.ts";
import { type Fault, type FaultEntry, strikes, type Target } from "./fault.ts";
import { FaultyOutlet } from "./faulty-outlet.ts";

export interface FaultsParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly enabled: boolean;
  /** Of a fault that names no duration. */
  readonly defaultLength: Duration;
}

export interface FaultWish {
  readonly action: string;
  readonly effects: readonly Effect[];
  readonly target: Target;
  readonly length?: Duration | undefined;
  /** Chosen from the world's seed when absent. */
  readonly seed?: string | undefined;
}

/** Faults that operators may have in force at a time: each is asked about every event of every subscriber. */
export const FAULTS_MAX = 100;
/** Newest entries of the record that are held. */
const RECORDED = 10_000;

/**
 * Faults on purpose between the fan-out and its subscribers, and the record of everything they did. Subscribers see
 * what a bad network would do to them, and nothing that tells why.
 */
export class Faults {
  readonly enabled: boolean;
  /** Cuts a subscriber off by its number. */
  disconnect: (number: number) => void = () => {};
  /** Told of each beginning and end. */
  onChange: (change: "started" | "ended", fault: Fault) => void = () => {};
  /** Subscribers that were not ready may be so again. */
  resume: () => void = () => {};
  readonly #parts: FaultsParts;
  readonly #active = new Map<string, Fault>();
  readonly #timers = new Map<string, { cancel(): void }>();
  readonly #outlets = new Set<FaultyOutlet>();
  readonly #record = new Recent<FaultEntry>(RECORDED);
  /** Subscribers of each kind that there ever were. */
  readonly #come = new Map<ClientKind, number>();
  #begun = 0;

  constructor(parts: FaultsParts) {
    this.enabled = parts.enabled;
    this.#parts = parts;
  }

  /** Of a fault that names no duration. */
  get defaultLength(): Duration {
    return this.#parts.defaultLength;
  }

  /** In order of their beginning. */
  get active(): readonly Fault[] {
    return [...this.#active.values()];
  }

  /** What was done, oldest first; the newest so many. */
  newest(limit: number): readonly FaultEntry[] {
    return [...this.#record.from(this.#record.length - limit)];
  }

  begin(wish: FaultWish): Fault {
    const { clock, defaultLength } = this.#parts;
    const { action, effects, target, length = defaultLength } = wish;
    this.#begun += 1;
    const startedAt = clock.now();
    const fault: Fault = {
      id: randomUUID(),
      action,
      effects,
      target,
      seed: wish.seed ?? `fault ${this.#begun}`,
      startedAt,
      endsAt: timestamp(startedAt + length),
      applied: 0,
    };
    this.#active.set(fault.id, fault);
    this.#timers.set(
      fault.id,
      clock.after(duration(length), () => this.end(fault.id)),
    );
    this.onChange("started", fault);
    this.#cut(fault);
    return fault;
  }

  /** @returns the fault that is over now; `undefined` when none in force has this id */
  end(id: string): Fault | undefined {
    const fault = this.#active.get(id);
    if (fault === undefined) return undefined;
    this.#active.delete(id);
    this.#timers.get(id)?.cancel();
    this.#timers.delete(id);
    for (const outlet of this.#outlets) outlet.forget(fault);
    this.resume();
    this.onChange("ended", fault);
    return fault;
  }

  endAll(): readonly Fault[] {
    return this.active.flatMap(({ id }) => this.end(id) ?? []);
  }

  /** The way to one subscriber, through whatever is in force while it lives. */
  through(outlet: EventOutlet, number: number): EventOutlet {
    const { clock, random } = this.#parts;
    const { kind } = outlet;
    const come = (this.#come.get(kind) ?? 0) + 1;
    this.#come.set(kind, come);
    const faulty: FaultyOutlet = new FaultyOutlet({
      outlet,
      number,
      clock,
      faults: () => this.#active.values(),
      // By kind: who comes over a wire changes no draw of those in the world.
      randomOf: ({ seed }) => random.fork(seed).fork(`${kind} ${come}`),
      note: (fault, effect, event) => this.#note(fault, effect, faulty, event),
    });
    this.#outlets.add(faulty);
    return faulty;
  }

  /** The subscriber is gone. */
  release(number: number): void {
    for (const outlet of this.#outlets) if (outlet.number === number) this.#outlets.delete(outlet);
  }

  /** Ends everything. For the end of the process. */
  close(): void {
    this.endAll();
  }

  #cut(fault: Fault): void {
    for (const effect of fault.effects) {
      if (effect.name !== "disconnect") continue;
      for (const outlet of [...this.#outlets]) {
        if (!strikes(fault, outlet) || !outlet.isCutBy(fault, effect.probability)) continue;
        this.#note(fault, "disconnect", outlet, undefined);
        this.disconnect(outlet.number);
      }
    }
  }

  #note(
    fault: Fault,
    effect: Effect["name"],
    { number: subscriber, kind: clientType }: { number: number; kind: ClientKind },
    event: StreamEvent | undefined,
  ): void {
    fault.applied += 1;
    const at = this.#parts.clock.now();
    this.#record.add({ at, faultId: fault.id, effect, subscriber, clientType, event });
  }
}
