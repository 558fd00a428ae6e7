import type { Clock } from "@tse/domain";
import { formatTime } from "../clock/system-time.ts";
import type { Health } from "../health/health.ts";
import type { HttpHost } from "./host.ts";
import { errorList, healthReply, readyReply, timeReply } from "./schema/system.ts";

/** One code that a service answers with. */
export interface ErrorEntry {
  readonly code: string;
  readonly status: number;
  readonly title: string;
}

export interface SystemRoutesParts {
  readonly clock: Clock;
  readonly health: Pick<Health, "liveness" | "readiness">;
  /** Every code, as a client is to read them. */
  readonly errors: readonly ErrorEntry[];
}

const tags = ["System"];

/** How the service is, what time it has, and what its errors mean. */
export function systemRoutes(app: HttpHost, parts: SystemRoutesParts): void {
  const { clock, health } = parts;

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
    { schema: { tags, summary: "The world's time", response: { 200: timeReply } } },
    async () => {
      const now = clock.now();
      return { serverTime: formatTime(now), unixMicroseconds: now };
    },
  );
  const errors = [...parts.errors];
  app.get(
    "/errors",
    { schema: { tags, summary: "Every error code", response: { 200: errorList } } },
    async () => ({ errors }),
  );
}
