import type { HttpHost } from "../http/host.ts";

/** Every call that may change something leaves a line, what it was and how it ended. */
export function logChanges(app: HttpHost): void {
  app.addHook("onResponse", (request, reply, done) => {
    const { method } = request;
    if (method !== "GET" && method !== "HEAD") {
      const route = request.routeOptions.url;
      request.logger.info("admin call", {
        actor: "admin",
        method,
        route,
        status: reply.statusCode,
      });
    }
    done();
  });
}
