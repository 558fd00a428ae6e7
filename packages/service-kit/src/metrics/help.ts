/** What the metrics that every service has count or measure. */
export const HELP: Readonly<Record<string, string>> = {
  http_requests_total: "Requests answered, by method, route pattern and status.",
  http_request_duration_seconds: "Time from a request's arrival to the end of its answer.",
  http_request_errors_total: "Requests answered with a status of 400 or above.",
  metrics_samples_dropped_total:
    "Samples dropped because their metric has all the series that it may have.",
  nodejs_version_info: "Always 1; the label node_version is the version of Node.js that runs.",
  service_dependency_ready:
    "1 while a dependency can be used, degraded or not; 0 while it is down.",
};
