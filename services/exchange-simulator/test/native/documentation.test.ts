import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { type Json, startProduction } from "../support/production.ts";

const METHODS = ["get", "post", "patch", "delete"];

async function describedApi(): Promise<Json> {
  await using production = await startProduction();
  const { body } = await production.request("GET", "/api/v1/openapi.json");
  return body;
}

function operations(document: Json): readonly (readonly [string, Json])[] {
  return Object.entries(document.paths as Record<string, Json>).flatMap(([path, methods]) =>
    Object.entries(methods as Json).map(
      ([method, operation]) => [`${method} ${path}`, operation] as const,
    ),
  );
}

describe("the API description", () => {
  it("is OpenAPI 3.1, the same at both of its paths", async () => {
    await using production = await startProduction();
    const one = await production.request("GET", "/openapi.json");
    const other = await production.request("GET", "/api/v1/openapi.json");

    deepEqual([one.status, one.body.openapi], [200, "3.1.0"]);
    match(one.headers.get("content-type") ?? "", /^application\/json/);
    deepEqual(other.body, one.body);
  });

  it("covers the accounts, funds, orders and market data of the API", async () => {
    const paths = Object.keys((await describedApi()).paths);

    for (const path of [
      "/api/v1/health",
      "/api/v1/instruments/{symbol}",
      "/api/v1/orderbook/{symbol}",
      "/api/v1/accounts/{accountId}/balances/{asset}",
      "/api/v1/orders/{orderId}",
      "/api/v1/orders/test",
      "/api/v1/trades",
      "/api/v1/stream/orders",
    ]) {
      ok(paths.includes(path), path);
    }
    for (const path of paths) doesNotMatch(path, /admin|chaos|debug|\/api\/v3|docs/);
  });

  it("describes every operation: summary, tag, id of its own, parameters of its path, answers", async () => {
    const document = await describedApi();
    const ids = new Set<string>();
    const tags = document.tags.map(({ name }: { name: string }) => name);

    for (const [name, operation] of operations(document)) {
      ok(METHODS.includes(name.split(" ")[0] as string), name);
      ok(operation.summary.length > 5, name);
      ok(tags.includes(operation.tags[0]), name);
      ids.add(operation.operationId);
      const inPath = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      const declared = (operation.parameters ?? []).filter((each: Json) => each.in === "path");
      deepEqual(
        declared.map((each: Json) => each.name),
        inPath,
        name,
      );
      for (const [status, response] of Object.entries<Json>(operation.responses)) {
        match(status, /^[2-5]\d\d$/);
        ok(response.description.length > 5 && response.description !== "Default Response", name);
      }
    }
    equal(ids.size, operations(document).length);
  });

  it("asks for a key exactly where a scope is needed", async () => {
    const document = await describedApi();

    const open = operations(document)
      .filter(([, { security }]) => security === undefined)
      .map(([name]) => name.replace("/api/v1", ""));
    deepEqual(open, [
      "get /health",
      "get /ready",
      "get /time",
      "get /errors",
      "get /instruments",
      "get /instruments/{symbol}",
      "get /orderbook/{symbol}",
      "get /trades/{symbol}/recent",
      "get /ticker/{symbol}",
      "post /accounts",
      "get /stream/trades",
      "get /stream/orderbook/{symbol}",
    ]);
    equal(document.components.securitySchemes.key.scheme, "bearer");
  });

  it("refers only to components that it has, and has none that nothing refers to", async () => {
    const document = await describedApi();
    const used = new Set(
      [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
        ([, name]) => name,
      ),
    );

    deepEqual([...used].sort(), Object.keys(document.components.schemas).sort());
    ok(used.has("Problem") && used.has("Order"));
  });

  it("forbids unknown fields in every body, and offers a request to copy", async () => {
    for (const [name, { requestBody }] of operations(await describedApi())) {
      if (requestBody === undefined) continue;
      const { schema, examples } = requestBody.content["application/json"];
      equal(schema.additionalProperties, false, name);
      ok(Object.keys(examples).length > 0, name);
    }
  });
});

describe("the page at /docs", () => {
  it("works offline: it names no other host and its policy forbids any", async () => {
    await using production = await startProduction();

    const page = await production.request("GET", "/docs");

    equal(page.status, 200);
    match(page.headers.get("content-type") ?? "", /^text\/html/);
    const html: string = page.body;
    const assets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path as string);
    ok(assets.length >= 4);
    for (const path of assets) {
      match(path, /^\/docs\/static\//);
      equal((await production.request("GET", path)).status, 200, path);
    }
    doesNotMatch(html, /https?:\/\//);
    const initializer = await production.request("GET", "/docs/static/swagger-initializer.js");
    match(initializer.body, /validatorUrl: null/);
    equal((await production.request("GET", "/docs/json")).body.openapi, "3.1.0");
    const policy = page.headers.get("content-security-policy") ?? "";
    match(policy, /default-src 'none'/);
    match(policy, /connect-src 'self'/);
    doesNotMatch(policy, /https?:/);
  });
});
