/** What the metrics that every service has count or measure. */
export const HELP: Readonly<Record<string, string>> = {
  grpc_requests_total: "Calls that ended, by service, method and canonical status.",
  grpc_request_duration_seconds:
    "Time from a call's arrival to its end; of a stream, all its life.",
  grpc_request_errors_total: "Calls that ended neither well nor by the caller's own wish.",
  http_requests_total: "Requests answered, by method, route pattern and status.",
  http_request_duration_seconds: "Time from a request's arrival to the end of its answer.",
  http_request_errors_total: "Requests answered with a status of 400 or above.",
  metrics_samples_dropped_total:
    "Samples dropped because their metric has all the series that it may have.",
  nodejs_version_info: "Always 1; the label node_version is the version of Node.js that runs.",
  service_dependency_ready:
    "1 while a dependency can be used, degraded or not; 0 while it is down.",
};
