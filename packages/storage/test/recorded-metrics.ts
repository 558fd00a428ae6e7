import type { StorageMetrics } from "../src/index.ts";

/** Metrics that remember, by name and values of the labels: `"x_total postgres"`. */
export function recordedMetrics() {
  const gauges = new Map<string, number>();
  const counters = new Map<string, number>();
  const histograms = new Map<string, number[]>();
  const keyOf = (name: string, labels: Readonly<Record<string, string>>) =>
    [name, ...Object.values(labels)].join(" ");
  const metrics: StorageMetrics = {
    setGauge: (name, value, labels) => gauges.set(keyOf(name, labels), value),
    incCounter: (name, labels) => {
      const key = keyOf(name, labels);
      counters.set(key, (counters.get(key) ?? 0) + 1);
    },
    observeHistogram: (name, value, labels) => {
      const key = keyOf(name, labels);
      histograms.set(key, [...(histograms.get(key) ?? []), value]);
    },
  };
  return { metrics, gauges, counters, histograms };
}
