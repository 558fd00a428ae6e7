import process from "node:process";
import { assert } from "@tse/domain";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { HELP } from "./help.ts";
import type { Labels, MetricsHandler, MetricsPort } from "./metrics-port.ts";
import { toOpenMetrics } from "./open-metrics.ts";

/** Upper bounds in seconds of a histogram, unless `buckets` says otherwise for its name. */
export const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** Bounds for what should take less than a few milliseconds: orders and market data. */
export const LATENCY_BUCKETS = [
  0.0001,
  0.00025,
  0.0005,
  0.001,
  0.0025,
  ...DURATION_BUCKETS,
] as const;

const DROPPED = "metrics_samples_dropped_total";

export interface MetricsOptions {
  /** Labels on every series, such as service, instance and version. */
  readonly constantLabels: Labels;
  /** Bounds by histogram name. */
  readonly buckets?: Readonly<Record<string, readonly number[]>>;
  /** Help texts by metric name, beside those of what every service measures. */
  readonly help?: Readonly<Record<string, string>>;
  /** Most series of one metric, 1,000 by default; samples of further ones are dropped and counted. */
  readonly maxSeries?: number;
  /** Whether the process itself is measured too: memory, event loop, garbage collection; by default it is. */
  readonly runtime?: boolean;
}

interface Family<Metric> {
  readonly metric: Metric;
  readonly labelNames: readonly string[];
  readonly series: Set<string>;
}

/** Metrics in Prometheus' form, in a registry of their own. */
export class PrometheusMetrics implements MetricsPort {
  readonly #registry = new Registry();
  readonly #options: MetricsOptions;
  readonly #counters = new Map<string, Family<Counter>>();
  readonly #gauges = new Map<string, Family<Gauge>>();
  readonly #histograms = new Map<string, Family<Histogram>>();

  constructor(options: MetricsOptions) {
    this.#options = options;
    this.#registry.setDefaultLabels(options.constantLabels);
    if (options.runtime !== false) this.#measureProcess();
  }

  incCounter(name: string, labels: Labels = {}, by = 1): void {
    const family = this.#family(this.#counters, name, labels, (shape) => {
      assert(name.endsWith("_total"), `a counter's name ends with _total: ${name}`);
      return new Counter(shape);
    });
    if (this.#admits(family, name, labels)) family.metric.inc(labels, by);
  }

  observeHistogram(name: string, value: number, labels: Labels = {}): void {
    const family = this.#family(this.#histograms, name, labels, (shape) => {
      const buckets = [...(this.#options.buckets?.[name] ?? DURATION_BUCKETS)];
      return new Histogram({ ...shape, buckets });
    });
    if (this.#admits(family, name, labels)) family.metric.observe(labels, value);
  }

  setGauge(name: string, value: number, labels: Labels = {}): void {
    const family = this.#family(this.#gauges, name, labels, (shape) => new Gauge(shape));
    if (this.#admits(family, name, labels)) family.metric.set(labels, value);
  }

  getHttpHandler(): MetricsHandler {
    return async (accept = "") => {
      const text = await this.#registry.metrics();
      if (!accept.includes("application/openmetrics-text")) {
        return { contentType: Registry.PROMETHEUS_CONTENT_TYPE, body: text };
      }
      return { contentType: Registry.OPENMETRICS_CONTENT_TYPE, body: toOpenMetrics(text) };
    };
  }

  #family<Metric>(
    families: Map<string, Family<Metric>>,
    name: string,
    labels: Labels,
    create: (shape: Shape) => Metric,
  ): Family<Metric> {
    const existing = families.get(name);
    if (existing !== undefined) return existing;

    const labelNames = Object.keys(labels);
    for (const label of labelNames) {
      const constant = Object.hasOwn(this.#options.constantLabels, label);
      assert(!constant, `a label of ${name} isn't named like a constant label: ${label}`);
    }
    const help = this.#options.help?.[name] ?? HELP[name] ?? name.replaceAll("_", " ");
    const family: Family<Metric> = {
      metric: create({ name, help, labelNames, registers: [this.#registry] }),
      labelNames,
      series: new Set(),
    };
    families.set(name, family);
    return family;
  }

  /** Whether a sample's series exists or may still be made. */
  #admits<Metric>(family: Family<Metric>, name: string, labels: Labels): boolean {
    const key = seriesKey(family.labelNames, labels);
    assert(key !== undefined, `a metric has the same labels at each use: ${name}`);
    if (family.series.has(key)) return true;

    if (family.series.size >= (this.#options.maxSeries ?? 1000)) {
      this.incCounter(DROPPED, { metric: name });
      return false;
    }
    family.series.add(key);
    return true;
  }

  #measureProcess(): void {
    collectDefaultMetrics({ register: this.#registry });
    // Its label `version` is Node's, which would hide the service's.
    this.#registry.removeSingleMetric("nodejs_version_info");
    this.setGauge("nodejs_version_info", 1, { node_version: process.version });
  }
}

/** The values of `labels`, told apart; `undefined` when they aren't labels of these names. */
function seriesKey(names: readonly string[], labels: Labels): string | undefined {
  if (Object.keys(labels).length !== names.length) return undefined;
  let key = "";
  for (const name of names) {
    const value = labels[name];
    if (value === undefined) return undefined;
    key += `${value.length}:${value}`;
  }
  return key;
}

interface Shape {
  readonly name: string;
  readonly help: string;
  readonly labelNames: string[];
  readonly registers: [Registry];
}
