import { type Clock, duration, type Timer } from "@tse/domain";
import type { DrawnFault, ScenarioStart } from "@tse/market-model";
import type { Effect } from "../faults/effects.ts";
import type { Faults } from "../faults/faults.ts";
import type { Feed } from "../feed/feed.ts";

export interface ScenarioFaultsParts {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly feed: Feed;
}

/** What of a scenario lies between the feed and its subscribers. Like every such fault it ends with the process. */
export class ScenarioFaults {
  readonly #parts: ScenarioFaultsParts;
  /** By scenario: what is still to begin, and what is in force. */
  readonly #timers = new Map<string, Timer[]>();
  readonly #begun = new Map<string, string[]>();

  constructor(parts: ScenarioFaultsParts) {
    this.#parts = parts;
  }

  /** A scenario has started: its faults of the published ticks come at their times. */
  begin({ id, intensity, scenario, seed }: ScenarioStart): void {
    if (intensity === 0) return;
    const ofFeed = scenario.faults.filter(({ source }) => source === "feed");
    const { clock, faults, feed } = this.#parts;
    const timers = ofFeed.map((fault, index) =>
      clock.after(duration(fault.at), () => {
        const symbols = feed.symbols.filter(({ base }) => fault.assets.includes(base));
        const begun = faults.begin({
          action: scenario.name,
          effects: [effectOf(fault)],
          target: { symbols: symbols.map(({ symbol }) => symbol) },
          length: duration(fault.lasts),
          seed: `${seed} ${id} ${index}`,
        });
        this.#begun.set(id, [...(this.#begun.get(id) ?? []), begun.id]);
      }),
    );
    if (timers.length > 0) this.#timers.set(id, timers);
  }

  /** The scenario was stopped before its time. */
  end(id: string): void {
    for (const timer of this.#timers.get(id) ?? []) timer.cancel();
    for (const fault of this.#begun.get(id) ?? []) this.#parts.faults.end(fault);
    this.#timers.delete(id);
    this.#begun.delete(id);
  }

  endAll(): void {
    for (const id of [...this.#timers.keys()]) this.end(id);
  }
}

function effectOf({ fault, size }: DrawnFault): Effect {
  switch (fault) {
    case "freeze":
      return { name: "freeze" } as Effect;
    case "gap":
      return { name: "drop", probability: 1 };
    case "loss":
      return { name: "drop", probability: Math.min(1, size) };
    case "latency":
      return { name: "latency", latency_ms: Math.min(60_000, size / 1_000), jitter_ms: 0 };
  }
}
