import type { MetricsPort } from "@tse/service-kit";

/** Why a subscriber or the archive was not given a tick. The first two are of subscribers. */
const DROP_REASONS = [
  "conflated",
  "slow_consumer",
  "archive_full",
  "archive_full_candle",
  "archive_conflict",
  "archive_refused",
] as const;

type DropReason = (typeof DROP_REASONS)[number];

export function countDropped(metrics: MetricsPort, reason: DropReason, count = 1): void {
  metrics.incCounter("market_data_dropped_ticks_total", { reason }, count);
}

/** From the beginning there is a series of each: that one is new says nothing of what is done to the feed. */
export function beginDropped(metrics: MetricsPort): void {
  for (const reason of DROP_REASONS) countDropped(metrics, reason, 0);
}
