import { assert } from "@tse/domain";

const MICROSECONDS_PER_YEAR = 365 * 86_400 * 1_000_000;

/** Geometric Brownian motion, the mode `gbm`: constant volatility, correlated normal returns. */
export interface BrownianPath {
  readonly mode: "gbm";
  /** Standard deviation of a year's log return, from 0: 0.5 is 50 %. */
  readonly volatility: number;
  /** Expected return of a year; 0 by default. */
  readonly drift?: number;
}

/** Pulled back to its start price: an Ornstein-Uhlenbeck process of the log price, stepped exactly. */
export interface RevertingPath {
  readonly mode: "reverting";
  /** Standard deviation in the long run, as a share of the price. */
  readonly deviation: number;
  /** Microseconds in which half of a deviation is gone. */
  readonly halfLife: number;
}

/** Never moves. */
export interface StaticPath {
  readonly mode: "static";
}

export type AssetPath = BrownianPath | RevertingPath | StaticPath;

/**
 * One step of a path over a fixed length of time, seen from its start price at 0:
 * next = mean + keep · current + spread · z, where z is standard normal.
 */
export interface Step {
  readonly mean: number;
  readonly keep: number;
  readonly spread: number;
}

/** @param length of the step in microseconds */
export function stepOf(path: AssetPath, length: number): Step {
  switch (path.mode) {
    case "gbm": {
      const { volatility, drift = 0 } = path;
      assert(volatility >= 0 && Number.isFinite(volatility), "volatility is finite, from 0");
      assert(Number.isFinite(drift), "drift is finite");
      const years = length / MICROSECONDS_PER_YEAR;
      const mean = (drift - volatility ** 2 / 2) * years;
      return { mean, keep: 1, spread: volatility * Math.sqrt(years) };
    }
    case "reverting": {
      const { deviation, halfLife } = path;
      assert(deviation >= 0 && Number.isFinite(deviation), "deviation is finite, from 0");
      assert(halfLife > 0, "a half-life is above 0");
      const keep = 2 ** (-length / halfLife);
      return { mean: 0, keep, spread: deviation * Math.sqrt(1 - keep ** 2) };
    }
    case "static":
      return { mean: 0, keep: 1, spread: 0 };
  }
}
