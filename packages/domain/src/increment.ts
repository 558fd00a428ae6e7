import { assert } from "./assert.ts";
import { formatDecimal, parseDecimal } from "./decimal.ts";

/** The digits after the point that any step may have. */
const STEP_SCALE = 8;

/**
 * The step of a price or quantity: `minor × 10^-8`, shown with `digits` digits after the point.
 * A step of "0.01" is `{ minor: 1_000_000n, digits: 2 }`.
 */
export interface Increment {
  readonly minor: bigint;
  readonly digits: number;
}

/** The step written as `text`, or `undefined` when it isn't a positive decimal of at most 8 places. */
export function parseIncrement(text: string): Increment | undefined {
  const minor = parseDecimal(text, STEP_SCALE);
  if (minor === undefined || minor <= 0n) return undefined;
  const [, fraction = ""] = text.split(".");
  return { minor, digits: fraction.replace(/0+$/, "").length };
}

/** The step written as `text`, for constants in code. */
export function increment(text: string): Increment {
  const step = parseIncrement(text);
  assert(step !== undefined, `an increment is a positive decimal of at most 8 places: ${text}`);
  return step;
}

/**
 * How many whole steps a decimal is. Exact: no float takes part, nothing is rounded.
 *
 * @returns `undefined` when `text` isn't a decimal, isn't a multiple of the step, or is above 2^53 - 1 steps
 */
export function countOf(text: string, step: Increment): number | undefined {
  const minor = parseDecimal(text, STEP_SCALE);
  if (minor === undefined || minor % step.minor !== 0n) return undefined;
  const count = minor / step.minor;
  return count <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(count) : undefined;
}

/** The decimal of `count` steps, with the step's own number of digits: 29 steps of 0.01 are `"0.29"`. */
export function textOf(count: number, step: Increment): string {
  return formatDecimal(
    (BigInt(count) * step.minor) / 10n ** BigInt(STEP_SCALE - step.digits),
    step.digits,
  );
}
