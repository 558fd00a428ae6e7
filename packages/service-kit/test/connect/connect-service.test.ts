import assert from "node:assert/strict";
import { once } from "node:events";
import { before, describe, it } from "node:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { type Client, Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import {
  ErrorInfoSchema,
  GetPriceRequestSchema,
  GetPriceResponseSchema,
  MarketDataService,
  PriceUpdateSchema,
} from "@tse/contracts";
import { InvariantViolation } from "@tse/domain";
import {
  type CallContext,
  closeHost,
  connectService,
  type HttpHost,
  type Outlet,
  Problem,
  type ServiceHandlers,
  streaming,
} from "../../src/index.ts";
import { failureOf, startGrpcHost } from "../grpc/support.ts";
import { type RunningHost, startHost } from "../support.ts";

const LARGE = "x".repeat(65_536);
const bugs: InvariantViolation[] = [];
let opened = Promise.withResolvers<[CallContext, Outlet<{ symbol: string }>]>();

/** One implementation for both transports. */
const handlers: ServiceHandlers<typeof MarketDataService> = {
  getPrice: ({ symbol }, context) => {
    if (symbol === "broken") throw new Error("password=secret");
    if (symbol === "bug") throw new InvariantViolation("the book is not crossed");
    if (symbol !== "BTC/USD") {
      throw new Problem({
        status: 404,
        code: "symbol_not_found",
        title: "There is no such symbol",
      });
    }
    context.logger.info("asked");
    return { symbol, price: 1.5, priceDecimal: "1.50", sequence: 7n };
  },
  streamPrices: streaming(async function* ({ symbols }) {
    for (const symbol of symbols) {
      if (symbol === "broken") throw new Problem({ status: 429, code: "slow", title: "Too slow" });
      yield toBinary(PriceUpdateSchema, create(PriceUpdateSchema, { symbol }));
    }
  }),
  streamScenario: (_request, context, outlet) => opened.resolve([context, outlet]),
};

const serve = (app: HttpHost): void =>
  connectService(app, MarketDataService, handlers, {
    service: "test-service",
    onBug: (bug) => bugs.push(bug),
    requestBytesMax: 1_000,
  });

describe("a service over Connect", () => {
  let host: RunningHost;
  const path = "/marketdata.MarketDataService";

  before(async () => {
    host = await startHost(
      (app) => {
        serve(app);
        app.post("/echo", async (request) => ({ body: request.body ?? null }));
      },
      { cors: { origins: ["*"] } },
    );
  });

  const post = (
    method: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ) =>
    fetch(`${host.url}${path}/${method}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body,
    });
  const client = (useBinaryFormat: boolean): Client<typeof MarketDataService> =>
    createClient(
      MarketDataService,
      createConnectTransport({ baseUrl: host.url, httpVersion: "1.1", useBinaryFormat }),
    );

  it("blames the caller for bytes that are no message", async () => {
    const garbage = new Uint8Array([0xff, 0xff, 0xff, 0xff, 0x07]);
    const answer = await post("GetPrice", garbage, { "Content-Type": "application/proto" });
    const { code, message } = (await answer.json()) as { code: string; message: string };
    assert.deepEqual([answer.status, code], [400, "invalid_argument"]);
    assert.equal(message, "the body is no message of this method");
  });

  it("answers JSON with JSON, with the headers of every answer", async () => {
    const headers = { "X-Correlation-Id": "run-7", Origin: "https://example.org" };
    const response = await post("GetPrice", '{"symbol":"BTC/USD"}', headers);
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), {
      symbol: "BTC/USD",
      price: 1.5,
      priceDecimal: "1.50",
      sequence: "7",
    });
    assert.equal(response.headers.get("x-correlation-id"), "run-7");
    assert.equal(response.headers.get("access-control-allow-origin"), "*");
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    const asked = host.log.lines().filter(({ message }) => message === "asked");
    assert.deepEqual(
      asked.map(({ correlation_id }) => correlation_id),
      ["run-7"],
    );
  });

  it("answers bytes with bytes", async () => {
    const request = toBinary(
      GetPriceRequestSchema,
      create(GetPriceRequestSchema, { symbol: "BTC/USD" }),
    );
    const response = await post("GetPrice", new Uint8Array(request), {
      "Content-Type": "application/proto",
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    assert.equal(fromBinary(GetPriceResponseSchema, bytes).price, 1.5);
  });

  it("may be called from any origin", async () => {
    const response = await fetch(`${host.url}${path}/GetPrice`, {
      method: "OPTIONS",
      headers: {
        Origin: "https://example.org",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,connect-protocol-version",
      },
    });
    assert.equal(response.status, 204);
    assert.equal(
      response.headers.get("access-control-allow-headers"),
      "content-type,connect-protocol-version",
    );
  });

  it("refuses with the same code as over gRPC", async () => {
    const response = await post("GetPrice", '{"symbol":"X/Y"}');
    assert.equal(response.status, 404);
    const body = (await response.json()) as { code: string; message: string };
    assert.deepEqual([body.code, body.message], ["not_found", "There is no such symbol"]);

    const error = ConnectError.from(await failureOf(client(true).getPrice({ symbol: "X/Y" })));
    const [info] = error.findDetails(ErrorInfoSchema);
    assert.deepEqual([info?.reason, info?.domain], ["symbol_not_found", "test-service"]);

    const grpc = await startGrpcHost((grpcHost) => grpcHost.add(MarketDataService, handlers));
    const same = await failureOf(
      grpc.channel.client(MarketDataService).getPrice({ symbol: "X/Y" }),
    );
    assert.equal((same as { code?: string }).code, info?.reason);
  });

  it("tells nothing of an unknown failure, and hands a bug on", async () => {
    const response = await post("GetPrice", '{"symbol":"broken"}', { "X-Correlation-Id": "c-2" });
    assert.equal(response.status, 500);
    assert.doesNotMatch(await response.text(), /secret/);
    const lines = host.log.lines().filter(({ correlation_id }) => correlation_id === "c-2");
    assert.deepEqual(
      lines.map(({ message, method }) => [message, method]),
      [["call failed", "marketdata.MarketDataService/GetPrice"]],
    );
    assert.equal((await post("GetPrice", '{"symbol":"bug"}')).status, 500);
    assert.equal(bugs.length, 1);
  });

  it("streams, in JSON and in bytes, also what was encoded already", async () => {
    for (const binary of [true, false]) {
      const seen: string[] = [];
      const stream = client(binary).streamPrices({ symbols: ["A", "B", "broken"] });
      const error = await failureOf(
        (async () => {
          for await (const { symbol } of stream) seen.push(symbol);
        })(),
      );
      assert.deepEqual(seen, ["A", "B"]);
      assert.equal(ConnectError.from(error).code, Code.ResourceExhausted);
    }
  });

  it("sees a slow reader, and one that has left", async () => {
    opened = Promise.withResolvers();
    const leave = new AbortController();
    const stream = client(true)
      .streamScenario({}, { signal: leave.signal })
      [Symbol.asyncIterator]();
    const first = stream.next();
    const [context, outlet] = await opened.promise;
    const drained = new Promise<void>((resolve) => {
      outlet.onDrain(resolve);
    });
    let written = 1;
    while (outlet.write({ symbol: LARGE })) written += 1;
    assert.equal(outlet.writable, false);
    await first;
    for (let read = 1; read < written; read += 1) await stream.next();
    await drained;
    assert.equal(outlet.writable, true);

    leave.abort();
    if (!context.signal.aborted) await once(context.signal, "abort");
    assert.equal(outlet.write({ symbol: "after" }), false);
  });

  it("refuses what isn't the protocol, and leaves other routes their bodies", async () => {
    assert.equal((await post("GetPrice", "{")).status, 400);
    assert.equal((await post("GetPrice", `{"symbol":"${"x".repeat(2_000)}"}`)).status, 429);
    assert.equal((await post("GenerateSimulation", "{}")).status, 501);
    assert.equal((await post("GetWeather", "{}")).status, 404);
    const text = await post("GetPrice", "x", { "Content-Type": "text/plain" });
    assert.equal(text.status, 415);
    const got = await fetch(`${host.url}${path}/GetPrice`);
    assert.deepEqual([got.status, got.headers.get("allow")], [405, "POST"]);

    const echo = await fetch(`${host.url}/echo`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: '{"a":1}',
    });
    assert.deepEqual(await echo.json(), { body: { a: 1 } });
  });

  it("is measured by route and status", async () => {
    const { body } = await host.metrics.getHttpHandler()();
    const counted = body.split("\n").filter((line) => line.startsWith("http_requests_total{"));
    const of = (method: string, code: number): number =>
      counted.filter(
        (line) => line.includes(`route="${path}/${method}"`) && line.includes(`code="${code}"`),
      ).length;
    assert.deepEqual([of("GetPrice", 200), of("GetPrice", 404), of("GetPrice", 500)], [1, 1, 1]);
  });

  it("ends its streams when the host closes", async () => {
    const closing = await startHost(serve);
    opened = Promise.withResolvers();
    const stream = createClient(
      MarketDataService,
      createConnectTransport({ baseUrl: closing.url, httpVersion: "1.1" }),
    ).streamScenario({});
    const read = failureOf(
      (async () => {
        for await (const _ of stream);
      })(),
    );
    await opened.promise;
    await closeHost(closing.app, 60_000);
    assert.equal(ConnectError.from(await read).code, Code.Unavailable);
  });
});
