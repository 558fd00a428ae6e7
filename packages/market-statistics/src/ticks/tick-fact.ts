import type { Measurement } from "../facts/fact.ts";
import type { TickSample } from "./tick-sample.ts";

/** One number that is measured of a tape with quotes, and how. */
export interface TickFact extends Measurement<TickSample> {
  /** Fewer market orders than this say nothing about it. */
  readonly orders: number;
}
