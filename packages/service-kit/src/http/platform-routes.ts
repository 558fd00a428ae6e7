import { z } from "zod";
import type { Health } from "../health/health.ts";
import type { MetricsPort } from "../metrics/metrics-port.ts";
import type { HttpHost } from "./host.ts";

export interface PlatformParts {
  readonly health: Health;
  readonly metrics: MetricsPort;
}

const liveness = z.object({
  status: z.literal("healthy"),
  timestamp: z.string(),
  service: z.string(),
  instance: z.string(),
  version: z.string(),
  environment: z.string(),
});

const readiness = z.object({
  status: z.enum(["ready", "degraded", "not_ready"]),
  timestamp: z.string(),
  checks: z.record(z.string(), z.looseObject({ state: z.string() })),
});

/** What every service answers: whether it lives, whether it can work, and what it measured. */
export function platformRoutes(app: HttpHost, { health, metrics }: PlatformParts): void {
  const scrape = metrics.getHttpHandler();

  for (const url of ["/health", "/api/v1/health"]) {
    app.get(url, { schema: { response: { 200: liveness } } }, async () => health.liveness());
  }
  app.get(
    "/api/v1/ready",
    { schema: { response: { 200: readiness, 503: readiness } } },
    async (_request, reply) => {
      const result = await health.readiness();
      return reply.code(result.status === "not_ready" ? 503 : 200).send(result);
    },
  );
  app.get("/metrics", async (request, reply) => {
    const { contentType, body } = await scrape(request.headers.accept);
    return reply.header("Content-Type", contentType).send(body);
  });
}
