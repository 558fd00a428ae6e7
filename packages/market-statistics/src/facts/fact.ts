import type { MinuteSample } from "./minute-sample.ts";

/** One number that is measured of a market, and how. */
export interface Measurement<Sample> {
  /** Its row in the table of facts. */
  readonly row: number;
  readonly title: string;
  /** What one of it is; empty for a pure number. */
  readonly unit: string;
  /** `r`: 1-minute log returns, `V`: volumes, `acf`: autocorrelation, `E`: mean. */
  readonly formula: string;
  /** Deterministic; `undefined` where the sample has no such number. */
  readonly measure: (sample: Sample) => number | undefined;
}

/** One that is measured of candles. */
export interface Fact<Sample> extends Measurement<Sample> {
  /** Measured on windows of so many days; a series' value is the median over its windows. */
  readonly days: 7 | 28 | 365;
}

/** Of one symbol's candles. */
export type MinuteFact = Fact<MinuteSample>;
