import type { HttpHost, MetricsPort } from "@tse/service-kit";

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
