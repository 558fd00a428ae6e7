import type {
  Effect,
  FeedEffect,
  LoadingEffect,
  MultiplierEffect,
  PriceEffect,
  PullEffect,
  Recovery,
  Span,
} from "./definition.ts";
import { check, type DefinitionFault, isOrdered, isWithin, LONGEST_SCENARIO } from "./fault.ts";
import { highOf, lowOf } from "./span.ts";

/** Price times or over 20,000: more is a slip of the pen. */
const LARGEST_MOVE = Math.log(20_000);
const LARGEST_MULTIPLIER = 1_000;
const MOST_POINTS = 1_000;
const ASSET = /^[A-Z0-9]{1,20}$/;
const SOURCE = /^[a-z][a-z0-9_-]{0,63}$/;

/** Faults of one effect; paths begin inside it. */
export function effectFaults(effect: Effect): DefinitionFault[] {
  return [...assetFaults(effect), ...bodyFaults(effect)];
}

function bodyFaults(effect: Effect): DefinitionFault[] {
  switch (effect.on) {
    case "price":
      return [...pathFaults(effect), ...recoveryFaults(effect.recovery)];
    case "pull":
      return pullFaults(effect);
    case "loading":
      return loadingFaults(effect);
    case "feed":
      return feedFaults(effect);
    default:
      return courseFaults(effect);
  }
}

function assetFaults({ assets }: Effect): DefinitionFault[] {
  if (assets === "*") return [];
  const faults = check(assets.length > 0, ["assets"], "at least one asset, or *");
  for (const [index, asset] of assets.entries()) {
    faults.push(...check(ASSET.test(asset), ["assets", index], "an asset such as BTC"));
  }
  return faults;
}

function pathFaults({ path }: PriceEffect): DefinitionFault[] {
  if (path.path === "keyframes") return pointFaults(path.points);
  const times = [
    ...timeFaults(path.after, ["path", "after"]),
    ...timeFaults(path.over, ["path", "over"]),
  ];
  if (path.path === "target") {
    return [...times, ...numberFaults(path.price, ["path", "price"], Number.MIN_VALUE, 1e15)];
  }
  const { change } = path;
  return [
    ...times,
    ...numberFaults(change, ["path", "change"], -LARGEST_MOVE, LARGEST_MOVE),
    ...check(lowOf(change) * highOf(change) >= 0, ["path", "change"], "a range has one direction"),
  ];
}

function pointFaults(points: readonly (readonly [number, number])[]): DefinitionFault[] {
  const faults = check(points.length >= 2, ["path", "points"], "at least two points");
  faults.push(...check(points.length <= MOST_POINTS, ["path", "points"], `at most ${MOST_POINTS}`));
  for (const [index, [at, logReturn]] of points.entries()) {
    const path = ["path", "points", index];
    const before = points[index - 1]?.[0] ?? -1;
    const inBounds = Math.abs(logReturn) <= LARGEST_MOVE;
    faults.push(
      ...check(index > 0 || at === 0, [...path, 0], "the first point is at 0"),
      ...check(at > before, [...path, 0], "points are in order of time"),
      ...check(inBounds, [...path, 1], "a move is at most 20,000 times up or down"),
    );
  }
  return faults;
}

function recoveryFaults(recovery: Recovery | undefined): DefinitionFault[] {
  if (recovery === undefined) return [];
  return [
    ...numberFaults(recovery.share, ["recovery", "share"], 0, 1),
    ...timeFaults(recovery.hold, ["recovery", "hold"]),
    ...timeFaults(recovery.time, ["recovery", "time"]),
  ];
}

function pullFaults({ halfLife, level }: PullEffect): DefinitionFault[] {
  return [
    ...numberFaults(halfLife, ["halfLife"], 1, LONGEST_SCENARIO),
    ...(level === undefined ? [] : numberFaults(level, ["level"], Number.MIN_VALUE, 1e15)),
  ];
}

function courseFaults({ course }: MultiplierEffect): DefinitionFault[] {
  switch (course.course) {
    case "constant":
      return multiplierFaults(course.times, ["course", "times"]);
    case "ramp":
      return [
        ...multiplierFaults(course.to, ["course", "to"]),
        ...timeFaults(course.after, ["course", "after"]),
        ...timeFaults(course.rise, ["course", "rise"]),
        ...timeFaults(course.hold ?? 0, ["course", "hold"]),
        ...timeFaults(course.fall, ["course", "fall"]),
      ];
    case "aftershock":
      return [
        ...multiplierFaults(course.peak, ["course", "peak"]),
        ...timeFaults(course.at, ["course", "at"]),
        ...timeFaults(course.rise, ["course", "rise"]),
        ...numberFaults(course.scale, ["course", "scale"], 1, LONGEST_SCENARIO),
        ...numberFaults(course.exponent, ["course", "exponent"], 0, 10),
      ];
  }
}

function multiplierFaults(span: Span, path: readonly string[]): DefinitionFault[] {
  const oneSided = (lowOf(span) - 1) * (highOf(span) - 1) >= 0;
  return [
    ...numberFaults(span, path, 1 / LARGEST_MULTIPLIER, LARGEST_MULTIPLIER),
    ...check(oneSided, path, "a range of multipliers lies on one side of 1"),
  ];
}

function loadingFaults({ rule, value, assets, transition }: LoadingEffect): DefinitionFault[] {
  const isPair = rule === "multiple" || assets === "*" || assets.length >= 2;
  return [
    ...numberFaults(value, ["value"], -1, 1),
    ...timeFaults(transition, ["transition"]),
    ...check(isPair, ["assets"], "a correlation needs two assets or more"),
  ];
}

function feedFaults({ source, at, lasts, size, fault }: FeedEffect): DefinitionFault[] {
  return [
    ...check(SOURCE.test(source), ["source"], "the name of a source, or feed"),
    ...timeFaults(at, ["at"]),
    ...timeFaults(lasts, ["lasts"]),
    ...(fault === "loss" ? numberFaults(size, ["size"], 0, 1) : timeFaults(size, ["size"])),
  ];
}

const timeFaults = (span: Span, path: readonly string[]): DefinitionFault[] =>
  numberFaults(span, path, 0, LONGEST_SCENARIO);

function numberFaults(
  span: Span,
  path: readonly (string | number)[],
  low: number,
  high: number,
): DefinitionFault[] {
  const bounds = low === Number.MIN_VALUE ? `above 0, at most ${high}` : `from ${low} to ${high}`;
  return [
    ...check(isOrdered(span), path, "a range goes from its low to its high end"),
    ...check(isWithin(span, low, high), path, bounds),
  ];
}
