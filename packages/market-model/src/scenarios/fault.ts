import type { Span } from "./definition.ts";
import { highOf, lowOf } from "./span.ts";

/** What is wrong with one field. `path` leads to it: `["effects", 0, "path", "change"]`. */
export interface DefinitionFault {
  readonly path: readonly (string | number)[];
  readonly rule: string;
}

/** Microseconds: 366 days. */
export const LONGEST_SCENARIO = 366 * 86_400_000_000;

/** No fault when the rule holds. */
export function check(
  holds: boolean,
  path: readonly (string | number)[],
  rule: string,
): DefinitionFault[] {
  return holds ? [] : [{ path, rule }];
}

export const isOrdered = (span: Span): boolean => lowOf(span) <= highOf(span);

export const isWithin = (span: Span, low: number, high: number): boolean =>
  lowOf(span) >= low && highOf(span) <= high;
