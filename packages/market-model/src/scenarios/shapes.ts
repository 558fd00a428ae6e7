/** How a move goes from nothing (0) to all of it (1). */
export const PATH_SHAPES = [
  "linear",
  "exponential",
  "logistic",
  "smoothstep",
  "root",
  "jump",
] as const;
export type PathShape = (typeof PATH_SHAPES)[number];

/** Time constants in the length of an exponential approach: after them 0.7 % would be left, which is scaled away. */
const TIME_CONSTANTS = 5;
/** Half-width of a logistic curve in its own units. */
const LOGISTIC_REACH = 6;

/**
 * Share of a move that is done at `progress` of its time, from 0 at 0 to exactly 1 at 1; never decreasing.
 * Outside 0 to 1 it stays at the nearer end. `jump` is done at once.
 */
export function shareDone(shape: PathShape, progress: number): number {
  if (progress >= 1) return 1;
  if (shape === "jump") return progress >= 0 ? 1 : 0;
  if (!(progress > 0)) return 0;
  switch (shape) {
    case "linear":
      return progress;
    case "exponential":
      return (1 - Math.exp(-TIME_CONSTANTS * progress)) / (1 - Math.exp(-TIME_CONSTANTS));
    case "logistic": {
      const low = logistic(-LOGISTIC_REACH);
      const here = logistic(LOGISTIC_REACH * (2 * progress - 1));
      return (here - low) / (1 - 2 * low);
    }
    case "smoothstep":
      return progress * progress * (3 - 2 * progress);
    case "root":
      return Math.sqrt(progress);
  }
}

/** `progress` of a stretch of time that may have no length. */
export function progressOf(elapsed: number, length: number): number {
  if (length > 0) return elapsed / length;
  return elapsed >= 0 ? 1 : -1;
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
