import { cacheText } from "../cache/cache-values.ts";
import { StorageError } from "../errors.ts";
import type { TimelinePoint } from "./timeline-repository.ts";

/** Points as both implementations keep them. */
export interface KeptPoint {
  readonly score: number;
  readonly value: string;
}

/** @throws StorageError `invalid_query` */
export function keptPoints(points: readonly TimelinePoint[], kept: number): KeptPoint[] {
  if (!Number.isSafeInteger(kept) || kept < 1) {
    throw new StorageError("invalid_query", "a timeline keeps 1 point or more");
  }
  return points.map(({ time, value }) => ({ score: time, value: cacheText(value) }));
}
