import { DROP_REASONS, type DropReason } from "@tse/market-model";
import type { MetricsPort } from "@tse/service-kit";

/** A source was left out. */
export function countSourceError(
  metrics: MetricsPort,
  { source, reason }: { readonly source: string; readonly reason: DropReason },
  count = 1,
): void {
  const labels = { source, error_type: reason };
  metrics.incCounter("market_data_source_errors_total", labels, count);
}

/** From the beginning there is a series of each: that one is new says nothing of what is done to the source. */
export function beginSourceErrors(metrics: MetricsPort, source: string): void {
  for (const reason of DROP_REASONS) countSourceError(metrics, { source, reason }, 0);
}
