import { Problem } from "@tse/service-kit";
import type { onRequestHookHandler } from "fastify";
import type { Chaos } from "./chaos.ts";

/** What still answers while the exchange plays dead: whether the process lives, and how it is. */
const ALWAYS_UP: ReadonlySet<string | undefined> = new Set([
  "/health",
  "/api/v1/health",
  "/api/v1/ready",
  "/metrics",
]);

/** The answer to whoever needs the exchange during a simulated downtime. */
function exchangeMaintenance(message: string): Problem {
  return new Problem({
    status: 503,
    code: "exchange_maintenance",
    title: "The exchange is down for maintenance",
    detail: message,
  });
}

/** Makes a listener answer 503 while a downtime is in force. An `onRequest` hook of the production listener. */
export function refuseDuringDowntime(
  chaos: Pick<Chaos, "downtime" | "countRefusal">,
): onRequestHookHandler {
  return (request, _reply, done) => {
    const route = request.routeOptions.url;
    const down = ALWAYS_UP.has(route) ? undefined : chaos.downtime();
    if (down === undefined) return done();
    chaos.countRefusal(`${request.method} ${route ?? "unknown"}`, request.id);
    done(exchangeMaintenance(down.message));
  };
}
