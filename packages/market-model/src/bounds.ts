/** Bounds of a log price; `lowest` is below `highest`. */
export interface LogBounds {
  readonly lowest: number;
  readonly highest: number;
}

/** How far a price is mirrored at most: more than what a step moves it by, but for what scenarios and replays do. */
const REACH = 0.05;

/** Mirrored at the bound that it passed; what went further than prices go by themselves stands close to the bound. */
export function reflected(value: number, { lowest, highest }: LogBounds): number {
  if (value > highest) return Math.max(lowest, highest - Math.min(value - highest, REACH));
  if (value < lowest) return Math.min(highest, lowest + Math.min(lowest - value, REACH));
  return value;
}

/** At the bound that it passed. */
export function clamped(value: number, { lowest, highest }: LogBounds): number {
  return Math.min(Math.max(value, lowest), highest);
}
