/** What real markets show of one fact, both ends included. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * How a measured number stands to a range. `unmeasured`: the series is long enough but has no such
 * number, as a constant one has no correlation; `too_short`: it is not long enough.
 */
export type Verdict = "in range" | "below" | "above" | "unmeasured" | "too_short";

/** Never "in range" for what is not a finite number. */
export function verdictOf(value: number | undefined, range: Range): Verdict {
  if (value === undefined || !Number.isFinite(value)) return "unmeasured";
  if (value < range.low) return "below";
  return value > range.high ? "above" : "in range";
}

/** How many verdicts are good. */
export interface Score {
  readonly inRange: number;
  /** All but those that the series is too short for. */
  readonly judged: number;
  /** `inRange / judged`, from 0 to 1; 0 when nothing was judged. */
  readonly share: number;
}

export function scoreOf(verdicts: readonly { readonly verdict: Verdict }[]): Score {
  const inRange = verdicts.filter(({ verdict }) => verdict === "in range").length;
  const judged = verdicts.filter(({ verdict }) => verdict !== "too_short").length;
  return { inRange, judged, share: judged === 0 ? 0 : inRange / judged };
}
