import type { MetricsPort } from "../metrics/metrics-port.ts";

export interface HandledRequest {
  readonly method: string;
  /** The route's pattern, never the path; `undefined` when no route fitted. */
  readonly route: string | undefined;
  readonly status: number;
  readonly seconds: number;
}

/** Rate, errors and duration of requests. Series are bounded by routes × methods × statuses. */
export function recordRequest(metrics: MetricsPort, request: HandledRequest): void {
  const { method, status, seconds } = request;
  const labels = { method, route: request.route ?? "unknown", code: String(status) };
  metrics.incCounter("http_requests_total", labels);
  metrics.observeHistogram("http_request_duration_seconds", seconds, labels);
  if (status >= 400) metrics.incCounter("http_request_errors_total", labels);
}
