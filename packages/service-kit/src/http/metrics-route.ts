import type { MetricsPort } from "../metrics/metrics-port.ts";
import { mergeExpositions } from "./exposition.ts";
import type { HttpHost } from "./host.ts";

/**
 * `GET /metrics`, in the form that the scraper asks for.
 *
 * @param refresh brings gauges up to date before each answer
 */
export function serveMetrics(host: HttpHost, metrics: MetricsPort, refresh: () => void): void {
  const render = metrics.getHttpHandler();
  host.get("/metrics", { schema: { hide: true } }, async (request, reply) => {
    refresh();
    const { contentType, body } = await render(request.headers.accept);
    return reply.header("Content-Type", contentType).serializer(String).send(body);
  });
}

/**
 * `GET /metrics` with the series of several registries, such as a service's own and those that only operators
 * see.
 *
 * @param refresh brings gauges up to date before each answer
 */
export function serveMergedMetrics(
  host: HttpHost,
  metrics: readonly MetricsPort[],
  refresh: () => void,
): void {
  const scrapes = metrics.map((each) => each.getHttpHandler());
  host.get("/metrics", async (_request, reply) => {
    refresh();
    const answers = await Promise.all(scrapes.map((scrape) => scrape()));
    return reply
      .header("Content-Type", answers[0]?.contentType ?? "text/plain")
      .serializer(String)
      .send(mergeExpositions(answers.map(({ body }) => body)));
  });
}
