import { type Curve, curveAt } from "./keyframe-curve.ts";
import { type PathShape, progressOf, shareDone } from "./shapes.ts";

/** A move with its values drawn and scaled; times in microseconds since the scenario's start. */
export interface DrawnMove {
  readonly change: number;
  readonly after: number;
  readonly over: number;
  readonly shape: PathShape;
}

export interface DrawnRecovery {
  readonly share: number;
  readonly hold: number;
  readonly time: number;
  readonly shape: PathShape;
}

/** Log return of one asset that a scenario makes, as a function of time. Plain data. */
export interface DrawnPath {
  readonly leg: Curve | DrawnMove;
  readonly recovery?: DrawnRecovery;
}

/** Log return at `time` since the scenario's start; what is reached at the end stays. */
export function pathAt({ leg, recovery }: DrawnPath, time: number): number {
  const reached = legAt(leg, time);
  if (recovery === undefined) return reached;
  const since = time - legEnd(leg) - recovery.hold;
  if (since < 0) return reached;
  return (
    reached * (1 - recovery.share * shareDone(recovery.shape, progressOf(since, recovery.time)))
  );
}

/** The log return farthest from 0, the first of equals. */
export function extremeOf({ leg }: DrawnPath): number {
  if ("change" in leg) return leg.change;
  return leg.values.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
}

/** Times at which a pinned path is met exactly, increasing. */
export function pinsOf({ leg, recovery }: DrawnPath): number[] {
  const pins = "change" in leg ? [leg.after, leg.after + leg.over] : [...leg.times];
  if (recovery !== undefined) {
    const turn = legEnd(leg) + recovery.hold;
    pins.push(turn, turn + recovery.time);
  }
  return pins;
}

/** Lengths of what a path does, one after the other. Microseconds. */
export interface PathStages {
  /** Until the price is at its farthest. */
  readonly buildup: number;
  /** Until it begins to be given back, the buildup included. */
  readonly manipulation: number;
  /** From there to the path's end. */
  readonly recovery: number;
}

export function stagesOf(path: DrawnPath): PathStages {
  const { leg, recovery } = path;
  if ("change" in leg) {
    const buildup = legEnd(leg);
    const manipulation = buildup + (recovery?.hold ?? 0);
    return { buildup, manipulation, recovery: recovery?.time ?? 0 };
  }
  const extreme = leg.values.indexOf(extremeOf(path));
  const buildup = leg.times[extreme] ?? 0;
  return { buildup, manipulation: buildup, recovery: pathEnd(path) - buildup };
}

/** When the path, recovery included, has reached its end. */
function pathEnd({ leg, recovery }: DrawnPath): number {
  return legEnd(leg) + (recovery === undefined ? 0 : recovery.hold + recovery.time);
}

/** When the move is done and a recovery may begin. */
function legEnd(leg: DrawnPath["leg"]): number {
  return "change" in leg ? leg.after + leg.over : (leg.times.at(-1) ?? 0);
}

function legAt(leg: DrawnPath["leg"], time: number): number {
  if (!("change" in leg)) return curveAt(leg, time);
  return leg.change * shareDone(leg.shape, progressOf(time - leg.after, leg.over));
}
