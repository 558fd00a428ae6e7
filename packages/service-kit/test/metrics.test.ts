import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { InvariantViolation } from "@tse/domain";
import { LATENCY_BUCKETS, Problem, PrometheusMetrics } from "../src/index.ts";
import { type RunningHost, startHost } from "./support.ts";

const CONSTANT = 'service="test-service",instance="test-1",version="1.2.3"';

/** The samples of a scrape: lines that are neither comment nor empty. */
function samples(body: string): string[] {
  return body.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

/** The value of a sample, whatever order its labels are written in. */
function sample(body: string, name: string, labels: string): number | undefined {
  const wanted = `${labels},${CONSTANT}`.split(",").toSorted().join();
  for (const line of samples(body)) {
    const [, found, own, value] = /^(\w+)\{(.*)\} (\S+)$/.exec(line) ?? [];
    if (found === name && own?.split(",").toSorted().join() === wanted) return Number(value);
  }
  return undefined;
}

describe("a service's metrics", () => {
  let host: RunningHost;
  const scrape = async (accept = "*/*"): Promise<Response> =>
    fetch(`${host.url}/metrics`, { headers: { accept } });
  const body = async (): Promise<string> => (await scrape()).text();

  before(async () => {
    host = await startHost((app) => {
      app.get("/api/v1/prices/:symbol", async (request) => {
        const { symbol } = request.params as { symbol: string };
        if (symbol === "gone") throw new Problem({ status: 404, code: "x", title: "X" });
        return { symbol };
      });
    });
  });

  it("exposes metrics through the port", async () => {
    host.metrics.incCounter("orders_total", { side: "buy" });
    host.metrics.incCounter("orders_total", { side: "buy" });
    host.metrics.setGauge("open_orders", 7);
    host.metrics.observeHistogram("flush_seconds", 0.02);

    const text = await body();
    assert.equal(sample(text, "orders_total", 'side="buy"'), 2);
    assert.ok(text.includes(`open_orders{${CONSTANT}} 7`));
    assert.equal(sample(text, "flush_seconds_bucket", 'le="0.025"'), 1);
    assert.equal(sample(text, "flush_seconds_bucket", 'le="0.01"'), 0);
  });

  it("answers text/plain", async () => {
    const response = await scrape();
    assert.equal(response.status, 200);
    assert.match(response.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
  });

  it("includes runtime metrics", async () => {
    const names = new Set(samples(await body()).map((line) => line.slice(0, line.indexOf("{"))));
    for (const name of [
      "process_cpu_seconds_total",
      "process_resident_memory_bytes",
      "process_open_fds",
      "nodejs_heap_size_used_bytes",
      "nodejs_eventloop_lag_seconds",
      "nodejs_eventloop_lag_p99_seconds",
      "nodejs_active_handles",
      "nodejs_version_info",
    ]) {
      assert.ok(names.has(name), name);
    }
    assert.match(await body(), /# TYPE nodejs_gc_duration_seconds histogram/);
  });

  it("includes constant labels in all metrics", async () => {
    await fetch(`${host.url}/api/v1/prices/BTC`);
    const lines = samples(await body());
    assert.ok(lines.length > 50);
    for (const line of lines) {
      for (const label of CONSTANT.split(",")) assert.ok(line.includes(label), line);
    }
  });

  it("a success yields the RED metrics", async () => {
    const labels = 'method="GET",route="/api/v1/prices/:symbol",code="200"';
    const counted = sample(await body(), "http_requests_total", labels) ?? 0;
    await fetch(`${host.url}/api/v1/prices/ETH`);

    const text = await body();
    assert.equal(sample(text, "http_requests_total", labels), counted + 1);
    assert.equal(sample(text, "http_request_duration_seconds_count", labels), counted + 1);
    assert.equal(sample(text, "http_request_errors_total", labels), undefined);
  });

  it("an error increments the error counter", async () => {
    await fetch(`${host.url}/api/v1/prices/gone`);
    const labels = 'method="GET",route="/api/v1/prices/:symbol",code="404"';
    const text = await body();
    assert.equal(sample(text, "http_requests_total", labels), 1);
    assert.equal(sample(text, "http_request_errors_total", labels), 1);
  });

  it("the route pattern is used, not the path", async () => {
    await fetch(`${host.url}/api/v1/prices/BTC-USD?depth=5`);
    const text = await body();
    assert.ok(text.includes('route="/api/v1/prices/:symbol"'));
    assert.ok(!text.includes("BTC-USD") && !text.includes("depth"));
  });

  it("unknown routes do not explode the series count", async () => {
    const count = async (): Promise<number> =>
      samples(await body()).filter((line) => line.startsWith("http_requests_total")).length;
    await fetch(`${host.url}/nothing`);
    await fetch(`${host.url}/metrics`, { method: "DELETE" });
    await fetch(`${host.url}/%zz`);
    await count();

    const before = await count();
    for (let i = 0; i < 50; i++) await fetch(`${host.url}/nothing/${i}`);
    for (let i = 0; i < 10; i++) await fetch(`${host.url}/%zz${i}`);
    assert.equal(await count(), before);
    assert.ok(
      (sample(await body(), "http_requests_total", 'method="GET",route="unknown",code="404"') ??
        0) >= 51,
    );
  });

  it("say what they measure, more than their name does", async () => {
    await fetch(`${host.url}/nothing`);
    const helps = [...(await body()).matchAll(/^# HELP (\S+) (.*)$/gm)];
    const words = (text: string): string =>
      text
        .replace(/[^a-z]+/gi, " ")
        .trim()
        .toLowerCase();
    for (const name of [
      "http_requests_total",
      "http_request_duration_seconds",
      "http_request_errors_total",
      "nodejs_version_info",
    ]) {
      const help = helps.find(([, found]) => found === name)?.[2] ?? "";
      assert.ok(help !== "" && words(help) !== words(name), `${name}: ${help}`);
    }
  });

  it("answers OpenMetrics to who asks for it", async () => {
    const response = await scrape("application/openmetrics-text; version=1.0.0");
    assert.match(response.headers.get("content-type") ?? "", /^application\/openmetrics-text/);
    const text = await response.text();
    assert.ok(text.endsWith("\n# EOF\n"));
    assert.match(text, /^# TYPE http_requests counter$/m);
    assert.match(text, /^http_requests_total\{/m);
    assert.doesNotMatch(text, /\n\n/);
    assert.match(await body(), /^# TYPE http_requests_total counter$/m);
  });
});

describe("PrometheusMetrics", () => {
  const create = (options = {}): PrometheusMetrics =>
    new PrometheusMetrics({
      constantLabels: { service: "s", version: "1" },
      runtime: false,
      ...options,
    });
  const read = async (metrics: PrometheusMetrics): Promise<string> =>
    (await metrics.getHttpHandler()()).body;

  it("refuses a label with a constant label's name", () => {
    assert.throws(() => create().incCounter("orders_total", { version: "2" }), InvariantViolation);
    assert.throws(() => create().setGauge("orders", 1, { service: "x" }), InvariantViolation);
  });

  it("refuses other labels than at the first use, and counters that don't say so", () => {
    const metrics = create();
    metrics.incCounter("orders_total", { side: "buy" });
    assert.throws(() => metrics.incCounter("orders_total", { kind: "x" }), InvariantViolation);
    assert.throws(() => metrics.incCounter("orders_total"), InvariantViolation);
    assert.throws(() => metrics.incCounter("orders"), InvariantViolation);
  });

  it("takes a metric's labels in any order", async () => {
    const metrics = create();
    metrics.incCounter("orders_total", { side: "buy", kind: "x" });
    metrics.incCounter("orders_total", { kind: "x", side: "buy" });
    assert.match(await read(metrics), /^orders_total\{.*\} 2$/m);
  });

  it("bounds the series of a metric, and counts the samples it drops", async () => {
    const metrics = create({ maxSeries: 10 });
    for (let i = 0; i < 1000; i++) metrics.incCounter("calls_total", { user: `u${i}` });
    metrics.incCounter("calls_total", { user: "u1" });

    const text = await read(metrics);
    assert.equal(text.match(/^calls_total/gm)?.length, 10);
    assert.match(text, /^calls_total\{user="u1".*\} 2$/m);
    assert.match(text, /^metrics_samples_dropped_total\{metric="calls_total".*\} 990$/m);
  });

  it("takes buckets by name", async () => {
    const metrics = create({ buckets: { order_latency_seconds: LATENCY_BUCKETS } });
    metrics.observeHistogram("order_latency_seconds", 0.0002);
    assert.match(await read(metrics), /^order_latency_seconds_bucket\{le="0.00025".*\} 1$/m);
  });

  it("keeps two instances in one process apart", async () => {
    const [a, b] = [create(), create()];
    a.incCounter("orders_total");
    assert.doesNotMatch(await read(b), /orders_total/);
  });
});
