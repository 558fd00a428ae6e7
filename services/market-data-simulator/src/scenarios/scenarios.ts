import type { Random, Timestamp } from "@tse/domain";
import type {
  Planned,
  ScenarioDefinition,
  ScenarioRefusal,
  ScenarioStart,
} from "@tse/market-model";
import { seededRandom } from "@tse/simulation";
import type { Feed } from "../feed/feed.ts";
import type { FeedDriver } from "../feed/feed-driver.ts";
import type { ScenarioFaults } from "./scenario-faults.ts";

export interface ScenariosParts {
  readonly feed: Feed;
  readonly driver: FeedDriver;
  readonly faults: ScenarioFaults;
  /** The world's: what a scenario draws when nobody names a seed. */
  readonly seed: string;
  readonly enabled: boolean;
}

export interface StartWish {
  readonly definition: ScenarioDefinition;
  readonly seed?: string | undefined;
  readonly intensity?: number;
  readonly scale?: number;
  readonly timeFactor?: number;
  readonly assets?: readonly string[];
  readonly maxDeviation?: number | undefined;
  readonly maxDuration?: number;
  readonly respectHalt?: boolean;
}

export type Started =
  | { readonly status: "started"; readonly start: ScenarioStart; readonly at: Timestamp }
  | { readonly status: "refused"; readonly refusal: ScenarioRefusal };

/**
 * What operators do with the scenarios of the shared market. Everything is planned first, then recorded with the values that were
 * drawn, and only then takes effect: a restart makes the same scenarios again without drawing anything.
 */
export class Scenarios {
  readonly #parts: ScenariosParts;

  constructor(parts: ScenariosParts) {
    this.#parts = parts;
  }

  get enabled(): boolean {
    return this.#parts.enabled;
  }

  start(wish: StartWish): Started {
    return this.#begin("start", this.#newId(wish.definition.name), wish);
  }

  /** Ends the scenario and starts another in its place, at the same moment. */
  replace(id: string, wish: StartWish): Started {
    return this.#begin("replace", id, wish);
  }

  /** @returns whether there was one */
  stop(id: string): boolean {
    const { driver, feed, faults } = this.#parts;
    const planned = driver.direct((at) => feed.scenarios.plan({ kind: "stop", id, at }));
    if (planned.status === "accepted") faults.end(id);
    return planned.status === "accepted";
  }

  /** Ends all of them; prices go on from where they are. */
  clear(): void {
    const { driver, feed, faults } = this.#parts;
    driver.direct((at) => feed.scenarios.plan({ kind: "clear", at }));
    faults.endAll();
  }

  #begin(kind: "start" | "replace", id: string, wish: StartWish): Started {
    const { driver, feed, seed: worldSeed } = this.#parts;
    const { definition, seed = worldSeed, intensity, scale, timeFactor, assets } = wish;
    const random: Random = seededRandom(seed).fork("scenarios");
    let started: ScenarioStart | undefined;
    let startedAt: Timestamp | undefined;
    const planned: Planned = driver.direct((at) => {
      const plan = feed.scenarios.plan({
        kind,
        id,
        definition,
        at,
        random,
        seed,
        logPrice: (asset) => feed.logPrice(asset),
        limits: {
          ...(wish.maxDeviation !== undefined && { maxDeviation: wish.maxDeviation }),
          ...(wish.maxDuration !== undefined && { maxDuration: wish.maxDuration }),
        },
        respectHalt: wish.respectHalt ?? false,
        ...(intensity !== undefined && { intensity }),
        ...(scale !== undefined && { scale }),
        ...(timeFactor !== undefined && { timeFactor }),
        ...(assets && { assets }),
      });
      startedAt = at;
      if (plan.status === "accepted" && "start" in plan.command) started = plan.command.start;
      return plan;
    });
    if (planned.status === "refused") return planned;
    this.#parts.faults.end(id);
    this.#parts.faults.begin(started as ScenarioStart);
    return { status: "started", start: started as ScenarioStart, at: startedAt as Timestamp };
  }

  /** Unique in this world, and the same for the same commands: a count of the ticks so far stands for the moment. */
  #newId(name: string): string {
    const { feed } = this.#parts;
    const taken = new Set(feed.scenarios.state().runs.map(({ start }) => start.id));
    const stem = `${name}-${feed.time.toString(36)}`;
    let id = stem;
    for (let n = 2; taken.has(id); n++) id = `${stem}-${n}`;
    return id;
  }
}
