import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { before, describe, it } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { closeHost, createHttpHost, listen, PortUnavailable, silentLogger } from "../src/index.ts";
import { exchangeBytes, type Line, type RunningHost, startHost } from "./support.ts";

describe("a request", () => {
  let host: RunningHost;

  before(async () => {
    host = await startHost((app) => {
      app.all("/echo", async (request) => {
        request.logger.info("handled");
        return { body: request.body ?? null, raw: request.rawBody, query: request.query };
      });
      app.get("/noted", async (request) => {
        request.log.info("by the framework");
        return {};
      });
      app.get("/broken", async () => {
        throw new Error("broken");
      });
      app.get("/slow", async (_request, reply) => {
        while (reply.elapsedTime < 101) await nextTurn();
        return {};
      });
    });
  });

  const echo = async (init: RequestInit, query = ""): Promise<Record<string, unknown>> => {
    const response = await fetch(`${host.url}/echo${query}`, init);
    assert.equal(response.status, 200);
    return (await response.json()) as Record<string, unknown>;
  };

  it("with JSON's type and nothing behind it has no body, for every method", async () => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const headers = { "Content-Type": "application/json" };
      assert.deepEqual(await echo({ method, headers }), { body: null, raw: "", query: {} });
    }
  });

  it("with a form's type has its fields, and keeps its text as it came", async () => {
    const text = "symbol=BTCUSDT&price=1%2E50&a=1&a=2&__proto__=x&signature=AB";
    const headers = { "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8" };
    const { body, raw } = await echo({ method: "POST", headers, body: text });
    assert.equal(raw, text);
    const fields = body as Record<string, unknown>;
    assert.equal(fields.price, "1.50");
    assert.deepEqual(fields.a, ["1", "2"]);

    assert.equal((await echo({ method: "DELETE", headers })).body, null);
  });

  it("with JSON keeps its text as it came", async () => {
    const text = '{ "a": 1.50 }';
    const headers = { "Content-Type": "application/json; charset=utf-8" };
    const { body, raw } = await echo({ method: "POST", headers, body: text });
    assert.deepEqual(body, { a: 1.5 });
    assert.equal(raw, text);
  });

  it("can't reach a prototype by its query", async () => {
    const { query } = await echo({}, "?__proto__[x]=1&constructor=2&a=1&a=2");
    assert.deepEqual((query as Record<string, unknown>).a, ["1", "2"]);
    assert.equal(({} as Record<string, unknown>).x, undefined);
  });

  it("keeps the correlation id it came with, in the answer and in the log", async () => {
    const headers = { "X-Correlation-Id": "run-7:order.1_a" };
    const response = await fetch(`${host.url}/echo`, { headers });
    assert.equal(response.headers.get("x-correlation-id"), "run-7:order.1_a");
    const lines = host.log.lines().filter((line) => line.correlation_id === "run-7:order.1_a");
    assert.deepEqual(
      lines.map(({ message }) => message),
      ["handled"],
    );
  });

  it("gets a new correlation id when it came without, or with one unfit for a log", async () => {
    const ids = new Set<string>();
    for (const given of [undefined, "", "a b", "x".repeat(129), "-x", '"', "é"]) {
      const headers = given === undefined ? {} : { "X-Correlation-Id": given };
      const response = await fetch(`${host.url}/echo`, { headers });
      const id = response.headers.get("x-correlation-id") ?? "";
      assert.match(id, /^[0-9a-f-]{36}$/);
      ids.add(id);
    }
    assert.equal(ids.size, 7);
  });

  it("stays in the trace it came with, as a part of its own, in the answer and in the log", async () => {
    const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    const parent = "00f067aa0ba902b7";
    for (const path of ["/echo", "/noted", "/broken", "/nothing", "/%zz"]) {
      const correlation = `trace-of-${path.replace(/[^a-z]/g, "")}`;
      const { headers } = await fetch(`${host.url}${path}`, {
        headers: { traceparent: `00-${trace}-${parent}-01`, "X-Correlation-Id": correlation },
      });
      const [, span = ""] =
        new RegExp(`^00-${trace}-([0-9a-f]{16})-01$`).exec(headers.get("traceparent") ?? "") ?? [];
      assert.notEqual(span, "", path);
      assert.notEqual(span, parent);
      const lines = host.log.lines().filter(({ correlation_id }) => correlation_id === correlation);
      assert.equal(lines.length, ["/nothing", "/%zz"].includes(path) ? 0 : 1, path);
      for (const line of lines) assert.deepEqual([line.trace_id, line.span_id], [trace, span]);
    }
  });

  it("begins a trace when it came without one, or with none that is valid", async () => {
    const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    const span = "00f067aa0ba902b7";
    const traces = new Set<string>();
    const given = [
      undefined,
      "",
      "x",
      `00-${"0".repeat(32)}-${span}-01`,
      `00-${trace}-${"0".repeat(16)}-01`,
      `00-${trace.toUpperCase()}-${span}-01`,
      `00-${trace}-${span}-01-more`,
      `ff-${trace}-${span}-01`,
      `00-${trace}-${span}-01, 00-${trace}-${span}-01`,
    ];
    for (const traceparent of given) {
      const headers = traceparent === undefined ? {} : { traceparent };
      const answer =
        (await fetch(`${host.url}/echo`, { headers })).headers.get("traceparent") ?? "";
      const [, made = ""] = /^00-([0-9a-f]{32})-[0-9a-f]{16}-00$/.exec(answer) ?? [];
      assert.ok(made !== "" && made !== trace, `${traceparent} gave ${answer}`);
      traces.add(made);
    }
    assert.equal(traces.size, given.length);

    const later = { traceparent: `01-${trace}-${span}-01-more` };
    const { headers } = await fetch(`${host.url}/echo`, { headers: later });
    assert.match(headers.get("traceparent") ?? "", new RegExp(`^00-${trace}-`));
  });

  it("is answered with headers fit for an API", async () => {
    const { headers } = await fetch(`${host.url}/echo`);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("cache-control"), "no-store");
    assert.match(headers.get("content-security-policy") ?? "", /default-src 'none'/);
    assert.equal(headers.get("access-control-allow-origin"), null);
    assert.equal(headers.get("x-powered-by"), null);
  });

  it("is logged when it took more than 100 ms, by route", async () => {
    const { headers } = await fetch(`${host.url}/slow?signature=hunter2`);
    const slow = (): Line | undefined =>
      host.log.lines().find(({ message }) => message === "slow request");
    while (slow() === undefined) await nextTurn();
    assert.equal(slow()?.route, "/slow");
    assert.ok(Number(slow()?.ms) >= 100);
    assert.equal(slow()?.correlation_id, headers.get("x-correlation-id"));
    assert.ok(!host.log.text().includes("hunter2"));
  });
});

describe("CORS", () => {
  it("lets the origins in that it is told, and answers their preflights", async () => {
    const origin = "https://app.example.org";
    const { url } = await startHost((app) => app.post("/orders", async () => ({})), {
      cors: { origins: [origin] },
    });
    const preflight = await fetch(`${url}/orders`, {
      method: "OPTIONS",
      headers: {
        Origin: origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
      },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get("access-control-allow-origin"), origin);
    assert.equal(preflight.headers.get("access-control-allow-headers"), "authorization");

    const call = await fetch(`${url}/orders`, { method: "POST", headers: { Origin: origin } });
    assert.equal(call.headers.get("access-control-allow-origin"), origin);
    assert.equal(call.headers.get("vary"), "Origin");
    const other = { Origin: "https://evil.example.org" };
    const foreign = await fetch(`${url}/orders`, { method: "POST", headers: other });
    assert.equal(foreign.headers.get("access-control-allow-origin"), null);
  });

  it("opens to all origins with *", async () => {
    const { url } = await startHost((app) => app.get("/x", async () => ({})), {
      cors: { origins: ["*"] },
    });
    const { headers } = await fetch(`${url}/x`, { headers: { Origin: "null" } });
    assert.equal(headers.get("access-control-allow-origin"), "*");
  });
});

describe("a slow sender", () => {
  it("gets 408 when the head of its request takes too long", async () => {
    const { port } = await startHost(() => {}, { headersTimeoutMs: 50, requestTimeoutMs: 100 });
    const answer = await exchangeBytes(port, "GET / HTTP/1.1\r\nHost: x\r\n");
    assert.match(answer, /^HTTP\/1\.1 408 Request Timeout\r\n/);
  });
});

describe("listen", () => {
  const metrics = { incCounter() {}, observeHistogram() {}, setGauge() {} };
  const bare = () => createHttpHost({ logger: silentLogger, metrics: metrics as never });

  it("says in one sentence that a port is in use", async () => {
    const { port } = await startHost(() => {});
    const app = bare();
    const failure = await listen(app, { host: "127.0.0.1", port, choice: "--port" }).catch(
      (e) => e,
    );
    assert.ok(failure instanceof PortUnavailable);
    assert.equal(
      failure.message,
      `port ${port} is in use; stop the other program or choose one with --port`,
    );
    await app.close();
  });

  it("says that an address isn't this machine's", async () => {
    const app = bare();
    const options = { host: "192.0.2.1", port: 0, choice: "--port" };
    await assert.rejects(listen(app, options), {
      name: "PortUnavailable",
      message: "192.0.2.1 is not an address of this machine",
    });
    await app.close();
  });
});

describe("closing a host", () => {
  it("lets requests in flight finish, answers new ones 503, and ends kept-alive connections", async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    let waiting = 0;
    const { app, url, port } = await startHost((host) => {
      host.get("/held", async () => {
        waiting += 1;
        if (waiting === 2) arrived.resolve();
        await held;
        return { done: true };
      });
    });
    const keptAlive = connect(port, "127.0.0.1", () => {
      keptAlive.write("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    });
    const unused = connect(port, "127.0.0.1");
    await Promise.all([once(keptAlive, "data"), once(unused, "connect")]);
    const ended = Promise.all([once(keptAlive.resume(), "close"), once(unused.resume(), "close")]);

    const request = "GET /held HTTP/1.1\r\nHost: x\r\n\r\n";
    const busy = connect(port, "127.0.0.1", () => busy.write(request));
    let answers = "";
    busy.on("data", (chunk) => {
      answers += chunk;
    });
    const pending = fetch(`${url}/held`);
    await arrived.promise;
    const closed = closeHost(app, 3_600_000);
    await ended;
    busy.write(request);
    await once(app.server, "request");
    release();

    const response = await pending;
    assert.deepEqual(await response.json(), { done: true });
    await once(busy, "close");
    assert.match(answers, /HTTP\/1\.1 200 OK.*"done":true.*HTTP\/1\.1 503 .*shutting_down/s);
    await closed;
    await assert.rejects(fetch(`${url}/held`));
  });

  it("cuts what became another protocol's connection, too", async () => {
    const { app, port } = await startHost(() => {});
    app.server.on("upgrade", (_request, socket) => {
      socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
    });
    const socket = connect(port, "127.0.0.1", () => {
      socket.write("GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
    });
    await once(socket, "data");
    const ended = once(
      socket.on("error", () => {}),
      "close",
    );
    await closeHost(app, 50);
    await ended;
  });

  it("cuts what is still open when its time is over", async () => {
    const arrived = Promise.withResolvers<void>();
    const { app, url } = await startHost((host) => {
      host.get("/forever", () => {
        arrived.resolve();
        return new Promise(() => {});
      });
    });
    const pending = fetch(`${url}/forever`).then(
      () => "answered",
      () => "cut",
    );
    await arrived.promise;
    await closeHost(app, 50);
    assert.equal(await pending, "cut");
  });
});
