import type { Effect, MultiplierEffect, PriceEffect, ScenarioDefinition } from "@tse/market-model";

export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

type Named = Pick<ScenarioDefinition, "name" | "kind" | "title"> &
  Partial<Pick<ScenarioDefinition, "pinned" | "phases">>;

/** A scenario made of what an operator asked for, with a minute of release. */
export function definition(
  named: Named,
  duration: number,
  effects: readonly Effect[],
): ScenarioDefinition {
  return { pinned: false, phases: [], ...named, duration, release: MINUTE, effects };
}

interface MoveTerms {
  readonly assets: readonly string[];
  /** As a share of the price, above -1. */
  readonly change: number;
  readonly over: number;
  readonly shape: "linear" | "jump" | "smoothstep";
  readonly hold: number;
  readonly recovery: number;
  /** Part of the move that is given back: all of it by default. */
  readonly share?: number;
  readonly recoveryShape?: "linear" | "exponential" | "smoothstep";
}

export function move(terms: MoveTerms): PriceEffect {
  const { assets, change, over, shape, hold, recovery, share = 1 } = terms;
  return {
    on: "price",
    assets,
    path: { path: "move", change: Math.log1p(change), after: 0, over, shape },
    recovery: { share, hold, time: recovery, shape: terms.recoveryShape ?? "exponential" },
  };
}

/** A multiplier that comes at once, or over `rise`, and stays to the end. */
export function times(
  on: MultiplierEffect["on"],
  assets: readonly string[],
  to: number,
  rise = 0,
): MultiplierEffect {
  return { on, assets, course: { course: "ramp", to, after: 0, rise, fall: 0 } };
}
