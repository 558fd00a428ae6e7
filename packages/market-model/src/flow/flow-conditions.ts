/**
 * What the price layer tells the flow of one instrument. The flow moves it to each point of its grid,
 * then asks; nothing that trades changes an answer.
 */
export interface FlowConditions {
  /** @param timeUs microseconds, never falling */
  advanceTo(timeUs: number): void;

  /** Fair price in ticks, before impact; above 0, not rounded. */
  fair(): number;

  /** Standard deviation of the log return of one second, now; from 0. */
  volatility(): number;

  /** Multiplier of the arrivals of market orders; from 0, usual 1. */
  activity(): number;

  /** Multiplier of the sizes of resting orders; from 0, usual 1. */
  depth(): number;

  /** Multiplier of distances; usual 1. */
  spread(): number;
}
