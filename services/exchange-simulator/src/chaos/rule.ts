import { type Random, type Timestamp, timestamp } from "@tse/domain";
import { FAULTS } from "./actions.ts";
import type { Effect, Scope } from "./fault.ts";
import type { Parameters, Plan } from "./settings.ts";

/** One action taken against the world, as operators see it. */
export interface ChaosRule {
  /** UUIDv7. */
  readonly id: string;
  /** Name form. */
  readonly action: string;
  /** As they took effect, defaults included. */
  readonly parameters: Parameters;
  readonly startedAt: Timestamp;
  readonly expiresAt: Timestamp;
  /** What its random decisions follow from, together with its count of matches. */
  readonly seed: number;
  /** How often it changed what happened. */
  readonly applied: number;
}

const SAMPLES_PER_SECOND = 10;
const SECOND = 1_000_000;

/** A rule in force. */
export class ActiveRule {
  readonly #plan: Plan;
  readonly #id: string;
  readonly #seed: number;
  readonly #startedAt: Timestamp;
  readonly #chance: Random;
  #scope: Scope;
  #effect: Effect;
  #applied = 0;
  #sampledSecond = 0;
  #samples = 0;

  /** @param start.chance the stream of `start.seed` */
  constructor(
    plan: Plan,
    start: {
      readonly id: string;
      readonly at: Timestamp;
      readonly seed: number;
      readonly chance: Random;
    },
  ) {
    this.#plan = plan;
    this.#id = start.id;
    this.#seed = start.seed;
    this.#startedAt = start.at;
    this.#chance = start.chance;
    this.#scope = plan.scope;
    this.#effect = this.#effectOn(plan.scope);
  }

  get id(): string {
    return this.#id;
  }

  get effect(): Effect {
    return this.#effect;
  }

  get scope(): Scope {
    return this.#scope;
  }

  set scope(scope: Scope) {
    this.#scope = scope;
    this.#effect = this.#effectOn(scope);
  }

  /** Counts one application. @returns whether it is one to record: the first ten of each second are */
  apply(at: Timestamp): boolean {
    this.#applied += 1;
    const second = Math.floor(at / SECOND);
    this.#samples = second === this.#sampledSecond ? this.#samples + 1 : 1;
    this.#sampledSecond = second;
    return this.#samples <= SAMPLES_PER_SECOND;
  }

  describe(): ChaosRule {
    return {
      id: this.#id,
      action: this.#plan.action,
      parameters: this.#plan.settings,
      startedAt: this.#startedAt,
      expiresAt: timestamp(this.#startedAt + this.#plan.length),
      seed: this.#seed,
      applied: this.#applied,
    };
  }

  #effectOn(scope: Scope): Effect {
    return FAULTS[this.#plan.action].effect(this.#plan.settings, scope, this.#chance);
  }
}
