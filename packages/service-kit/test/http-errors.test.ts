import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { InvariantViolation } from "@tse/domain";
import { z } from "zod";
import { Problem } from "../src/index.ts";
import { exchangeBytes, type RunningHost, startHost } from "./support.ts";

const order = z.strictObject({
  symbol: z.string(),
  quantity: z.string().regex(/^\d+$/, "is a decimal"),
  tags: z.array(z.object({ name: z.string() })).optional(),
});

interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly instance: string;
  readonly code: string;
  readonly correlationId: string;
  readonly errors?: readonly { field: string; rule: string; message: string }[];
  readonly orderId?: string;
}

let host: RunningHost;

async function call(
  path: string,
  init: RequestInit = {},
): Promise<{ response: Response; problem: ProblemBody }> {
  const response = await fetch(`${host.url}${path}`, init);
  return { response, problem: (await response.json()) as ProblemBody };
}

function json(method: string, body: string): RequestInit {
  return { method, body, headers: { "Content-Type": "application/json" } };
}

before(async () => {
  host = await startHost(
    (app) => {
      app.post("/orders", { schema: { body: order } }, async (request) => request.body);
      app.get(
        "/orders",
        { schema: { querystring: z.object({ limit: z.coerce.number().int().max(500) }) } },
        async (request) => request.query,
      );
      app.get("/orders/:id", { schema: { params: z.object({ id: z.uuid() }) } }, async () => ({}));
      app.delete("/orders/:id", async () => ({}));
      app.get("/away", async () => {
        throw new Problem({
          status: 503,
          code: "storage_unavailable",
          title: "Storage is away",
          cause: new Error("the database can't be reached"),
        });
      });
      app.post("/refuse", async () => {
        throw new Problem({
          status: 422,
          code: "insufficient_balance",
          title: "The account lacks the funds",
          detail: "5.00 USD are available",
          headers: { "Retry-After": "1" },
          extra: { orderId: "o-1" },
        });
      });
      app.get("/fail", async () => {
        throw new Error("password=hunter2 at db.example.org");
      });
      app.get("/fail-oddly", async () => {
        // biome-ignore lint/style/useThrowOnlyError: what a careless library may do
        throw "a string";
      });
      app.get("/fail-with-status", async () => {
        throw Object.assign(new Error("driver says no"), { statusCode: 418, code: "EODD" });
      });
      app.get(
        "/wrong-answer",
        { schema: { response: { 200: z.object({ a: z.string() }) } } },
        async () => ({ a: 5 }) as never,
      );
      app.post("/dialect/v3/order", async (request) => request.body ?? {});
      app.get("/dialect/v3/fail", async () => {
        throw new Error("hidden");
      });
    },
    {
      bodyLimitBytes: 1000,
      errorRenderers: [
        {
          prefix: "/dialect",
          render: () => ({
            status: 500,
            contentType: "text/plain",
            body: "the longer prefix wins",
          }),
        },
        {
          prefix: "/dialect/v3",
          render: ({ status, code }, { method, path }) => ({
            status: status === 404 ? 400 : status,
            contentType: "application/json",
            body: JSON.stringify({ msg: code, method, path }),
          }),
        },
      ],
    },
  );
});

describe("an error", () => {
  it("is problem+json with every member, and names its own correlation id", async () => {
    const { response, problem } = await call("/refuse", { method: "POST" });
    assert.equal(response.status, 422);
    assert.equal(response.headers.get("content-type"), "application/problem+json");
    assert.equal(response.headers.get("retry-after"), "1");
    assert.deepEqual(problem, {
      type: "/api/v1/errors#insufficient_balance",
      title: "The account lacks the funds",
      status: 422,
      detail: "5.00 USD are available",
      instance: "/refuse",
      code: "insufficient_balance",
      correlationId: response.headers.get("x-correlation-id"),
      orderId: "o-1",
    });
  });

  it("is 404 not_found for an unknown path, whatever the method and the body", async () => {
    for (const init of [
      {},
      { method: "DELETE" },
      json("POST", "{bad"),
      json("PUT", "x".repeat(5000)),
    ]) {
      const { response, problem } = await call("/nothing?x=1", init);
      assert.equal(response.status, 404);
      assert.equal(problem.code, "not_found");
      assert.equal(problem.instance, "/nothing");
    }
  });

  it("is 405 method_not_allowed with Allow for a known path", async () => {
    const { response, problem } = await call("/orders/5", { method: "PATCH" });
    assert.equal(response.status, 405);
    assert.equal(problem.code, "method_not_allowed");
    assert.equal(response.headers.get("allow"), "DELETE, GET, HEAD");
    assert.equal((await call("/orders", { method: "OPTIONS" })).response.status, 405);
    assert.match(
      await exchangeBytes(
        host.port,
        "PROPFIND /orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      ),
      /^HTTP\/1\.1 405 /,
    );
  });

  it("is 413 payload_too_large above the limit, also when the length isn't told", async () => {
    const { response, problem } = await call("/orders", json("POST", `"${"x".repeat(1000)}"`));
    assert.equal(response.status, 413);
    assert.equal(problem.code, "payload_too_large");

    const chunk = "x".repeat(1024);
    const head =
      "POST /orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert.match(
      await exchangeBytes(host.port, `${head}400\r\n${chunk}\r\n0\r\n\r\n`),
      /^HTTP\/1\.1 413 /,
    );
  });

  it("is 415 unsupported_media_type for other types than JSON and forms", async () => {
    for (const type of ["text/plain", "application/xml", "multipart/form-data", "nonsense"]) {
      const init = { method: "POST", body: "x", headers: { "Content-Type": type } };
      const { response, problem } = await call("/orders", init);
      assert.equal(response.status, 415);
      assert.equal(problem.code, "unsupported_media_type");
    }
  });

  it("names the body when it isn't JSON, or would poison a prototype", async () => {
    for (const body of [
      "{bad",
      "'x'",
      '{"a":1',
      '{"__proto__":{"x":1}}',
      '{"constructor":{"prototype":{}}}',
    ]) {
      const { response, problem } = await call("/orders", json("POST", body));
      assert.equal(response.status, 400);
      assert.equal(problem.code, "validation_failed");
      assert.deepEqual(problem.errors, [
        { field: "body", rule: "json", message: "is not valid JSON" },
      ]);
    }
  });

  it("names every field that doesn't fit and the rule it breaks", async () => {
    const body = { quantity: "1e5", tags: [{ name: 5 }], colour: "red", __other: 1 };
    const { response, problem } = await call("/orders", json("POST", JSON.stringify(body)));
    assert.equal(response.status, 400);
    assert.equal(problem.code, "validation_failed");
    const named = (problem.errors ?? []).map(({ field, rule }) => `${field} ${rule}`).sort();
    assert.deepEqual(named, [
      "__other unknown_field",
      "colour unknown_field",
      "quantity regex",
      "symbol invalid_type",
      "tags.0.name invalid_type",
    ]);
  });

  it("names the body, a query field, or a part of the path", async () => {
    assert.equal((await call("/orders", json("POST", "[]"))).problem.errors?.[0]?.field, "body");
    assert.equal((await call("/orders", { method: "POST" })).problem.errors?.[0]?.field, "body");
    const query = (await call("/orders?limit=501")).problem.errors?.[0];
    assert.equal(query?.field, "limit");
    assert.equal(query?.rule, "too_big");
    assert.equal((await call("/orders/5")).problem.errors?.[0]?.field, "id");
  });

  it("keeps the list of errors, and each message, short", async () => {
    const fields = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`f${i}`, 1]));
    const { problem } = await call("/orders", json("POST", JSON.stringify(fields)));
    assert.ok((problem.errors?.length ?? 99) <= 20);
  });

  it("refuses a query parameter given twice where one is asked for", async () => {
    const { response, problem } = await call("/orders?limit=1&limit=2");
    assert.equal(response.status, 400);
    assert.equal(problem.errors?.[0]?.field, "limit");
  });

  it("is 400 for a path that isn't percent-encoded", async () => {
    const { response, problem } = await call("/%zz");
    assert.equal(response.status, 400);
    assert.equal(problem.errors?.[0]?.field, "path");
    assert.ok(response.headers.get("x-correlation-id"));
  });

  it("is 404 for a part of the path that is longer than any can be", async () => {
    assert.equal((await call(`/orders/${"x".repeat(2000)}`)).response.status, 404);
  });

  it("is 431 for a query or headers beyond reason", async () => {
    const { response, problem } = await call(`/orders?limit=${"1".repeat(20_000)}`);
    assert.equal(response.status, 431);
    assert.equal(problem.code, "headers_too_large");
  });

  it("is 400 for what isn't HTTP at all", async () => {
    const answer = await exchangeBytes(host.port, "HELLO\r\n\r\n");
    assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/);
    assert.match(answer, /"code":"malformed_request"/);
  });

  it("is 500 internal for our failures, and shows nothing of them but the correlation id", async () => {
    for (const path of ["/fail", "/fail-oddly", "/fail-with-status", "/wrong-answer"]) {
      const { response, problem } = await call(path);
      assert.equal(response.status, 500, path);
      assert.equal(problem.code, "internal");
      assert.doesNotMatch(JSON.stringify(problem), /hunter2|example|driver|string|schema|\.ts/);
      const logged = host.log.lines().find((line) => line.correlation_id === problem.correlationId);
      assert.equal(logged?.message, "request failed");
    }
    assert.match(host.log.text(), /db\.example\.org/);
  });

  it("is 503 while something else is away, which the log says in a line, without a stack", async () => {
    const { response, problem } = await call("/away");
    assert.deepEqual([response.status, problem.code], [503, "storage_unavailable"]);
    const logged = host.log.lines().find((line) => line.correlation_id === problem.correlationId);
    const { level, message, code, reason } = logged ?? {};
    assert.deepEqual(
      [level, message, code, reason],
      ["warn", "request failed", "storage_unavailable", "the database can't be reached"],
    );
    assert.doesNotMatch(JSON.stringify(logged), /stack|\.ts/);
  });
});

describe("a bug found in a handler", () => {
  it("is answered like any failure, then told to whoever watches the process", async () => {
    const bugs: Error[] = [];
    const { url } = await startHost(
      (app) => {
        app.get("/bug", async () => {
          throw new InvariantViolation("a balance is never negative");
        });
      },
      { onBug: (bug) => bugs.push(bug) },
    );
    const response = await fetch(`${url}/bug`);
    assert.equal(response.status, 500);
    assert.doesNotMatch(await response.text(), /balance/);
    assert.deepEqual(
      bugs.map(({ message }) => message),
      ["a balance is never negative"],
    );
  });
});

describe("below a prefix with its own error form", () => {
  const bodyOf = async (path: string, init?: RequestInit): Promise<[number, string]> => {
    const response = await fetch(`${host.url}${path}`, init);
    return [response.status, await response.text()];
  };

  it("every error has that form, also those raised before the handler", async () => {
    const cases: [string, RequestInit, number, string][] = [
      ["/dialect/v3/nothing", {}, 400, "not_found"],
      ["/dialect/v3/order", { method: "PATCH" }, 405, "method_not_allowed"],
      ["/dialect/v3/order", json("POST", "x".repeat(1001)), 413, "payload_too_large"],
      ["/dialect/v3/order", json("POST", "{bad"), 400, "validation_failed"],
      ["/dialect/v3/%zz", {}, 400, "validation_failed"],
      ["/dialect/v3/fail", {}, 500, "internal"],
    ];
    for (const [path, init, status, msg] of cases) {
      const method = init.method ?? "GET";
      assert.deepEqual(await bodyOf(path, init), [status, JSON.stringify({ msg, method, path })]);
    }
  });

  it("ends where the prefix ends", async () => {
    assert.deepEqual(await bodyOf("/dialect/v2"), [500, "the longer prefix wins"]);
    const [, body] = await bodyOf("/dialectic");
    assert.match(body, /"code":"not_found"/);
  });
});
