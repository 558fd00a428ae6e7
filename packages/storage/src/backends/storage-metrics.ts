/** Where measurements of storage go: the part of a service's metrics that is needed here. */
export interface StorageMetrics {
  incCounter(name: string, labels: Readonly<Record<string, string>>): void;
  observeHistogram(name: string, value: number, labels: Readonly<Record<string, string>>): void;
  setGauge(name: string, value: number, labels: Readonly<Record<string, string>>): void;
}
