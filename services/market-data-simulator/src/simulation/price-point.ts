import type { Timestamp } from "@tse/domain";

/**
 * What a price did from `at` on until the next point. Figures for statistics, not money: prices and
 * volume are floating, prices above 0 with low ≤ open, close ≤ high, volume in base units from 0.
 */
export interface PricePoint {
  readonly at: Timestamp;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}
