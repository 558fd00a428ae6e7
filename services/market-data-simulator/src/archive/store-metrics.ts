import type { MetricsPort } from "@tse/service-kit";
import type { StorageMetrics } from "@tse/storage";

/** What is stored and read because operators do something: how often, and how long it takes, tells clients of it. */
const OPERATORS_OWN: readonly (string | undefined)[] = ["audit", "scenarioRun", "dataset"];

/** Measurements of storage: those of what operators do go where only they look. */
export function storeMetrics(shown: MetricsPort, hidden: MetricsPort): StorageMetrics {
  const placeOf = ({ repository }: Readonly<Record<string, string>>) =>
    OPERATORS_OWN.includes(repository) ? hidden : shown;
  return {
    incCounter: (name, labels) => placeOf(labels).incCounter(name, labels),
    observeHistogram: (name, value, labels) =>
      placeOf(labels).observeHistogram(name, value, labels),
    setGauge: (name, value, labels) => placeOf(labels).setGauge(name, value, labels),
  };
}
