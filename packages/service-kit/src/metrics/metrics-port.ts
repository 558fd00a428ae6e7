/** Values of a metric's labels. Never anything a user provided: each new value is a new series. */
export type Labels = Readonly<Record<string, string>>;

/**
 * Measurements of a service. A metric exists from its first use on, with the labels of that use; the
 * name's ending says what is counted (`_total`) or the unit (`_seconds`).
 */
export interface MetricsPort {
  incCounter(name: string, labels?: Labels, by?: number): void;
  observeHistogram(name: string, value: number, labels?: Labels): void;
  setGauge(name: string, value: number, labels?: Labels): void;

  /** Answers a scrape. */
  getHttpHandler(): MetricsHandler;
}

/** @param accept the request's `Accept` header: OpenMetrics for who asks for it, else plain text */
export type MetricsHandler = (
  accept?: string,
) => Promise<{ readonly contentType: string; readonly body: string }>;
