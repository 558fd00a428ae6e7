import type { Clock } from "@tse/domain";
import { formatTime, type Health, type HttpHost } from "@tse/service-kit";
import { errorCatalogue } from "../problems.ts";
import { errorList, healthReply, readyReply, timeReply } from "../wire/system.ts";

interface SystemDeps {
  readonly clock: Clock;
  readonly health: Pick<Health, "liveness" | "readiness">;
}

const tags = ["System"];

/** How the service is, what time it has, and what its errors mean. */
export function systemRoutes(app: HttpHost, deps: SystemDeps): void {
  const { clock, health } = deps;

  app.get(
    "/health",
    { schema: { tags, summary: "The process lives", response: { 200: healthReply } } },
    async () => health.liveness(),
  );
  app.get(
    "/ready",
    {
      schema: {
        tags,
        summary: "The service can do its work",
        response: { 200: readyReply, 503: readyReply },
      },
    },
    async (_request, reply) => {
      const readiness = await health.readiness();
      reply.code(readiness.status === "not_ready" ? 503 : 200);
      return readiness;
    },
  );
  app.get(
    "/time",
    { schema: { tags, summary: "The venue's time", response: { 200: timeReply } } },
    async () => {
      const now = clock.now();
      return { serverTime: formatTime(now), unixMicroseconds: now };
    },
  );
  const errors = [...errorCatalogue()];
  app.get(
    "/errors",
    { schema: { tags, summary: "Every error code", response: { 200: errorList } } },
    async () => ({ errors }),
  );
}
