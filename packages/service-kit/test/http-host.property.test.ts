import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { createHttpHost, PrometheusMetrics, silentLogger } from "../src/index.ts";

const order = z.strictObject({ symbol: z.string().max(20), quantity: z.number().positive() });

function createHost() {
  const metrics = new PrometheusMetrics({ constantLabels: {}, runtime: false });
  const app = createHttpHost({ logger: silentLogger, metrics, bodyLimitBytes: 500 });
  app.post("/orders", { schema: { body: order } }, async () => ({ taken: true }));
  app.get(
    "/orders/:id",
    { schema: { querystring: z.object({ limit: z.string() }) } },
    async () => ({}),
  );
  app.all("/any", async (request) => ({ body: request.body ?? null }));
  return { app, metrics };
}

const segment = fc.oneof(
  fc.constantFrom("orders", "any", "..", "%2e%2e", "%zz", "__proto__", "*", ":id", ""),
  fc.string({ maxLength: 20 }).map(encodeURIComponent),
);
const requests = fc.record({
  method: fc.constantFrom("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"),
  path: fc.oneof(
    fc.constantFrom("/orders", "/orders/5?limit=1", "/any"),
    fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join("/")}`),
  ),
  query: fc.oneof(
    fc.constant(""),
    fc.string({ maxLength: 30 }).map((text) => `?${encodeURI(text)}`),
  ),
  type: fc.constantFrom(
    undefined,
    "application/json",
    "application/x-www-form-urlencoded",
    "text/plain",
    "/",
  ),
  body: fc.oneof(
    fc.constant(""),
    fc.string({ unit: "binary", maxLength: 400 }),
    fc.constant(`"${"x".repeat(500)}"`),
    fc.json(),
    fc.record({ symbol: fc.string(), quantity: fc.double() }).map((value) => JSON.stringify(value)),
  ),
});

describe("an HTTP host, for every request", () => {
  it("answers below 500, errors as problem+json with a code, and series stay few", async () => {
    const { app, metrics } = createHost();
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(requests, async ({ method, path, query, type, body }) => {
        const response = await app.inject({
          method: method as "GET",
          url: `${path}${query}`,
          headers: type === undefined ? {} : { "content-type": type },
          payload: body,
        });
        const { statusCode, headers } = response;
        seen.add(statusCode);
        assert.ok(statusCode < 500, `${statusCode}`);
        assert.ok(headers["x-correlation-id"]);
        if (statusCode < 400 || method === "HEAD") return;
        assert.equal(headers["content-type"], "application/problem+json");
        const problem = response.json();
        assert.equal(problem.status, statusCode);
        assert.match(problem.code, /^[a-z_]+$/);
      }),
      { numRuns: 1500 },
    );

    for (const status of [200, 400, 404, 405, 413, 415]) assert.ok(seen.has(status), `${status}`);
    const { body } = await metrics.getHttpHandler()();
    assert.ok((body.match(/^http_requests_total/gm)?.length ?? 0) < 60);
  });
});
