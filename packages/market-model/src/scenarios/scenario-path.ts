import { assert, type Random } from "@tse/domain";
import {
  bandOf,
  type CurveParameters,
  curveFault,
  hasRecoveryLeg,
  multiplierAt,
  volatilityAt,
} from "./scenario-curve.ts";
import { shareDone } from "./shapes.ts";

export interface ScenarioPathOptions extends CurveParameters {
  /** The price that the path begins with, above 0. */
  readonly start: number;
  /** Standard deviation of the usual log return of a step. */
  readonly volatility: number;
  /** Steps of the main leg before `durationFactor`, at least 1. */
  readonly steps: number;
  readonly random: Random;
}

export interface ScenarioPoint {
  /** 0 to 1 of the main leg, 1 to 2 of a recovery leg. */
  readonly progress: number;
  readonly price: number;
  /** The price without the scenario: what a reference moves like, in a divergence. */
  readonly baseline: number;
}

/** Noise is gone at every eighth of the way: the curve's own values stand there. */
const PINS = 8;
/** Share of the main leg in which a consolidation gives back half of a deviation. */
const HALF_LIFE = 1 / 12;

/**
 * A hypothetical path of one symbol that takes the curve of its scenario, noise on top; the first point is the
 * start. It touches no market. Equal options and an equal stream give an equal path. Parameters are valid by
 * `curveFault`.
 */
export function* scenarioPath(options: ScenarioPathOptions): Generator<ScenarioPoint> {
  assert(curveFault(options) === undefined, "the parameters of a curve are in range");
  const { start } = options;
  const steps = Math.max(1, Math.round(options.steps * options.durationFactor));
  const noise = noiseOf(options, steps);
  const legs = hasRecoveryLeg(options) ? 2 : 1;
  for (let step = 0; step <= legs * steps; step++) {
    const progress = step / steps;
    const baseline = start * Math.exp(step === 0 ? 0 : noise(step));
    yield { progress, price: baseline * multiplierOf(options, progress), baseline };
  }
}

/** The recovery leg leads straight back by its share. */
function multiplierOf(options: ScenarioPathOptions, progress: number): number {
  if (progress <= 1) return multiplierAt(options, progress);
  const back = shareDone(options.gradual ? "smoothstep" : "linear", progress - 1);
  return 1 + (multiplierAt(options, 1) - 1) * (1 - options.recoveryFactor * back);
}

/** Log return of the noise by each step; asked for steps 1, 2, 3 in order. */
function noiseOf(options: ScenarioPathOptions, steps: number): (step: number) => number {
  switch (options.type) {
    case "volatility_spike":
      return wildWalk(options, steps);
    case "consolidation":
      return heldWalk(options, steps);
    default:
      return bridgedWalk(options, steps);
  }
}

/** A random walk; in the recovery leg the volatility comes down by its share. */
function wildWalk(options: ScenarioPathOptions, steps: number) {
  const { volatility, random, recoveryFactor } = options;
  const main = volatilityAt({ ...options, gradual: false }, 1);
  let walked = 0;
  return (step: number) => {
    const progress = (step - 0.5) / steps;
    const times =
      progress < 1
        ? volatilityAt(options, progress)
        : 1 + (main - 1) * (1 - recoveryFactor * (progress - 1));
    walked += volatility * times * random.normal();
    return walked;
  };
}

/** Pulled to the start, and mirrored at the edges of its band. */
function heldWalk(options: ScenarioPathOptions, steps: number) {
  const { volatility, random, intensity } = options;
  const band = Math.log1p(bandOf(intensity));
  const keep = 2 ** (-1 / (steps * HALF_LIFE));
  let walked = 0;
  return (step: number) => {
    const times = volatilityAt(options, (step - 0.5) / steps);
    const next = keep * walked + volatility * times * random.normal();
    const mirrored = Math.abs(next) > band ? Math.sign(next) * 2 * band - next : next;
    walked = Math.min(Math.max(mirrored, -band), band);
    return walked;
  };
}

/** A chain of Brownian bridges: a random walk that is at 0 at every eighth of the way. */
function bridgedWalk({ volatility, random }: ScenarioPathOptions, steps: number) {
  let walked = 0;
  let pin = 0;
  return (step: number) => {
    const here = step - 1;
    if (here >= pin) pin = nextPin(here, steps);
    const left = pin - here;
    walked += -walked / left + volatility * Math.sqrt((left - 1) / left) * random.normal();
    return walked;
  };
}

/** The first step after `step` that is nearest to an eighth of the way. */
function nextPin(step: number, steps: number): number {
  let eighth = Math.floor((step * PINS) / steps);
  while (Math.round((eighth * steps) / PINS) <= step) eighth += 1;
  return Math.round((eighth * steps) / PINS);
}
