import assert from "node:assert/strict";
import { once } from "node:events";
import { before, describe, it } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { create, toBinary } from "@bufbuild/protobuf";
import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { MarketDataService, PriceFeedService, PriceUpdateSchema } from "@tse/contracts";
import { InvariantViolation } from "@tse/domain";
import {
  type CallContext,
  GrpcCallFailed,
  type GrpcClient,
  Problem,
  streaming,
  validationFailed,
} from "../../src/index.ts";
import { collect, failureOf, type RunningGrpcHost, startGrpcHost } from "./support.ts";

let running: RunningGrpcHost;
let prices: GrpcClient<typeof MarketDataService>;
const bugs: InvariantViolation[] = [];
/** The contexts of calls that wait until nobody waits for them. */
const waiting: CallContext[] = [];

const refusals: Readonly<Record<string, () => unknown>> = {
  unknown: () =>
    new Problem({
      status: 404,
      code: "symbol_not_found",
      title: "There is no such symbol",
      detail: "There is no symbol X/Y",
      extra: { symbol: "X/Y", known: 7 },
    }),
  field: () => validationFailed([{ field: "symbol", rule: "format", message: "is not a symbol" }]),
  own: () => new Problem({ status: 409, grpcStatus: "ABORTED", code: "moved", title: "It moved" }),
  long: () => new Problem({ status: 429, code: "limit", title: `é\ud800${"x".repeat(9_000)}` }),
  broken: () => new Error("password=secret"),
  away: () =>
    new Problem({ status: 503, code: "away", title: "Away", cause: new Error("it is gone") }),
  bug: () => new InvariantViolation("the book is not crossed"),
};

before(async () => {
  running = await startGrpcHost(
    (host) => {
      host.add(MarketDataService, {
        getPrice: async ({ symbol }, context) => {
          const refusal = refusals[symbol];
          if (refusal !== undefined) throw refusal();
          if (symbol === "wait") {
            waiting.push(context);
            await once(context.signal, "abort");
            throw context.signal.reason;
          }
          if (symbol === "noted") context.logger.info("noted");
          return { symbol, price: 1.5, source: context.header("authorization") ?? "" };
        },
        streamPrices: streaming(async function* ({ symbols }) {
          for (const symbol of symbols) {
            const refusal = refusals[symbol];
            if (refusal !== undefined) throw refusal();
            yield { symbol, sequence: 7n };
          }
        }),
        streamScenario: ({ symbol }, _context, outlet) => {
          const bytes = toBinary(PriceUpdateSchema, create(PriceUpdateSchema, { symbol }));
          outlet.write(bytes);
          outlet.write(bytes);
          outlet.end();
          outlet.end(new Problem({ status: 500, code: "late", title: "Too late" }));
          assert.equal(outlet.write(bytes), false);
        },
      });
    },
    { onBug: (bug) => bugs.push(bug), requestBytesMax: 1_000 },
  );
  prices = running.channel.client(MarketDataService);
});

describe("a call", () => {
  it("is answered with what the handler returns", async () => {
    const headers = { authorization: "Bearer a.b" };
    const reply = await prices.getPrice({ symbol: "BTC/USD" }, { headers });
    assert.deepEqual([reply.symbol, reply.price, reply.source], ["BTC/USD", 1.5, "Bearer a.b"]);
  });

  it("keeps the correlation id it came with, in the log and in what goes back", async () => {
    await prices.getPrice({ symbol: "noted" }, { correlationId: "run-7:price.1" });
    const lines = running.log.lines().filter(({ message }) => message === "noted");
    assert.deepEqual(
      lines.map(({ correlation_id }) => correlation_id),
      ["run-7:price.1"],
    );
    assert.match(String(lines[0]?.trace_id), /^[0-9a-f]{32}$/);

    const raw = new Client(running.address, credentials.createInsecure());
    const call = raw.makeUnaryRequest(
      "/marketdata.MarketDataService/GetPrice",
      (bytes: Buffer) => bytes,
      (bytes) => bytes,
      Buffer.alloc(0),
      () => {},
    );
    const [metadata] = await once(call, "metadata");
    assert.match(metadata.get("x-correlation-id")[0], /^[0-9a-f-]{36}$/);
    assert.match(metadata.get("traceparent")[0], /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    raw.close();
  });

  it("is refused with a canonical status, a stable code and the facts", async () => {
    const error = await failureOf(prices.getPrice({ symbol: "unknown" }, { correlationId: "c-1" }));
    assert.ok(error instanceof GrpcCallFailed);
    assert.equal(error.status, "NOT_FOUND");
    assert.equal(error.code, "symbol_not_found");
    assert.deepEqual(error.facts, { correlation_id: "c-1", symbol: "X/Y", known: "7" });
    assert.equal(
      error.message,
      "/marketdata.MarketDataService/GetPrice: NOT_FOUND There is no symbol X/Y",
    );
  });

  it("is told the field and the rule that its request breaks", async () => {
    const error = await failureOf(prices.getPrice({ symbol: "field" }));
    assert.ok(error instanceof GrpcCallFailed);
    assert.deepEqual([error.status, error.code], ["INVALID_ARGUMENT", "validation_failed"]);
    assert.match(error.message, /symbol: is not a symbol \(format\)$/);
    assert.deepEqual([error.facts.field, error.facts.rule], ["symbol", "format"]);
  });

  it("gets the status that the problem names, and a message that fits a header", async () => {
    for (const [symbol, status] of [
      ["own", "ABORTED"],
      ["long", "RESOURCE_EXHAUSTED"],
    ] as const) {
      const error = await failureOf(prices.getPrice({ symbol }));
      assert.ok(error instanceof GrpcCallFailed);
      assert.equal(error.status, status);
      assert.ok(error.message.length < 600);
    }
  });

  it("learns nothing of an unknown failure but the correlation id, which the log explains", async () => {
    const error = await failureOf(prices.getPrice({ symbol: "broken" }, { correlationId: "c-2" }));
    assert.ok(error instanceof GrpcCallFailed);
    assert.deepEqual([error.status, error.code], ["INTERNAL", "internal"]);
    assert.deepEqual(error.facts, { correlation_id: "c-2" });
    assert.doesNotMatch(error.message, /secret/);
    const lines = running.log.lines().filter(({ correlation_id }) => correlation_id === "c-2");
    assert.deepEqual(
      lines.map(({ message, method }) => [message, method]),
      [["call failed", "marketdata.MarketDataService/GetPrice"]],
    );
  });

  it("fails while something else is away, which the log says in a line, without a stack", async () => {
    const error = await failureOf(prices.getPrice({ symbol: "away" }, { correlationId: "c-3" }));
    assert.ok(error instanceof GrpcCallFailed);
    assert.deepEqual([error.status, error.code], ["UNAVAILABLE", "away"]);
    const [line] = running.log.lines().filter(({ correlation_id }) => correlation_id === "c-3");
    assert.deepEqual([line?.level, line?.reason], ["warn", "it is gone"]);
    assert.doesNotMatch(JSON.stringify(line), /stack|\.ts/);
  });

  it("hands a bug on after it was answered", async () => {
    const error = await failureOf(prices.getPrice({ symbol: "bug" }));
    assert.equal((error as GrpcCallFailed).status, "INTERNAL");
    assert.deepEqual(
      bugs.map(({ message }) => message),
      ["the book is not crossed"],
    );
  });

  it("of a method that nobody wrote is UNIMPLEMENTED", async () => {
    const error = await failureOf(prices.generateSimulation({}));
    assert.deepEqual(
      [(error as GrpcCallFailed).status, (error as GrpcCallFailed).code],
      ["UNIMPLEMENTED", "unimplemented"],
    );
    const feed = running.channel.client(PriceFeedService);
    const other = await failureOf(feed.getCurrentPrice({}));
    assert.equal((other as GrpcCallFailed).status, "UNIMPLEMENTED");
  });

  it("with bytes that are no request is INVALID_ARGUMENT", async () => {
    const raw = new Client(running.address, credentials.createInsecure());
    const error = await new Promise<ServiceError | null>((resolve) => {
      raw.makeUnaryRequest(
        "/marketdata.MarketDataService/GetPrice",
        (bytes: Buffer) => bytes,
        (bytes) => bytes,
        Buffer.from([10, 200, 1]),
        resolve,
      );
    });
    assert.equal(error?.details, "body: is not the method's request (protobuf)");
    raw.close();
  });

  it("with a request above the limit is RESOURCE_EXHAUSTED", async () => {
    const error = await failureOf(prices.getPrice({ symbol: "x".repeat(2_000) }));
    assert.equal((error as GrpcCallFailed).status, "RESOURCE_EXHAUSTED");
  });

  it("ends at its deadline, and its handler is told", async () => {
    const error = await failureOf(prices.getPrice({ symbol: "wait" }, { timeoutMs: 30 }));
    assert.equal((error as GrpcCallFailed).status, "DEADLINE_EXCEEDED");
    const context = waiting.shift();
    assert.ok(context !== undefined);
    if (!context.signal.aborted) await once(context.signal, "abort");
  });

  it("ends when its caller gives it up, with the caller's reason", async () => {
    const abort = new AbortController();
    const failure = failureOf(prices.getPrice({ symbol: "wait" }, { signal: abort.signal }));
    while (waiting.length === 0) await nextTurn();
    abort.abort(new Error("enough"));
    assert.equal(((await failure) as Error).message, "enough");
    const context = waiting.shift();
    assert.ok(context !== undefined);
    if (!context.signal.aborted) await once(context.signal, "abort");
    const early = failureOf(prices.getPrice({}, { signal: abort.signal }));
    assert.equal(((await early) as Error).message, "enough");
  });
});

describe("a stream", () => {
  it("gives what the handler yields, and ends", async () => {
    const updates = await collect(prices.streamPrices({ symbols: ["A", "B"] }));
    assert.deepEqual(
      updates.map(({ symbol, sequence }) => [symbol, sequence]),
      [
        ["A", 7n],
        ["B", 7n],
      ],
    );
  });

  it("takes bytes that are encoded already, and counts only its first end", async () => {
    const updates = await collect(prices.streamScenario({ symbol: "C" }));
    assert.deepEqual(
      updates.map(({ symbol }) => symbol),
      ["C", "C"],
    );
  });

  it("that fails tells why, after what came before", async () => {
    const stream = prices.streamPrices({ symbols: ["A", "unknown"] });
    const symbols: string[] = [];
    const error = await failureOf(
      (async () => {
        for await (const { symbol } of stream) symbols.push(symbol);
      })(),
    );
    assert.deepEqual(symbols, ["A"]);
    assert.equal((error as GrpcCallFailed).code, "symbol_not_found");
  });

  it("that failed before it was read fails when it is", async () => {
    const stream = prices.streamPrices({ symbols: ["unknown"] });
    await prices.getPrice({});
    await nextTurn();
    assert.equal(((await failureOf(collect(stream))) as GrpcCallFailed).code, "symbol_not_found");
  });
});

describe("the server's figures", () => {
  it("count calls by service, method and status; who leaves is no error", async () => {
    const count = async (name: string): Promise<Record<string, string>> => {
      const found: Record<string, string> = {};
      for (const line of await running.metrics(`${name}{`)) {
        if (!line.includes('grpc_service="marketdata.MarketDataService"')) continue;
        const [, method, code, value] = /method="(\w+)",code="(\w+)".*\} (\d+)$/.exec(line) ?? [];
        found[`${method} ${code}`] = value ?? line;
      }
      return found;
    };
    const all = await count("grpc_requests_total");
    assert.equal(all["GetPrice CANCELLED"], "1");
    assert.equal(all["GetPrice DEADLINE_EXCEEDED"], "1");
    assert.equal(all["GetPrice NOT_FOUND"], "1");
    assert.equal(all["GenerateSimulation UNIMPLEMENTED"], "1");
    assert.equal(all["StreamPrices OK"], "1");
    assert.equal(all["StreamPrices NOT_FOUND"], "2");
    assert.equal(all["StreamScenario OK"], "1");
    const errors = await count("grpc_request_errors_total");
    const failed = Object.entries(all).filter(([key]) => !/ (OK|CANCELLED)$/.test(key));
    assert.deepEqual(Object.entries(errors).toSorted(), failed.toSorted());
    assert.deepEqual(
      Object.entries(await count("grpc_request_duration_seconds_count")).toSorted(),
      Object.entries(all).toSorted(),
    );
  });

  it("are live", async () => {
    const before = running.host.figures();
    const open = failureOf(prices.getPrice({ symbol: "wait" }, { timeoutMs: 100 }));
    while (waiting.length === 0) await nextTurn();
    const during = running.host.figures();
    await open;
    waiting.length = 0;

    assert.equal(during.requestCount, before.requestCount + 1);
    assert.deepEqual([before.connectionCount, during.connectionCount], [0, 1]);
    assert.deepEqual([before.streamingClients, during.streamingClients], [0, 0]);
    assert.ok(before.avgResponseTimeMs > 0);
    assert.ok(during.uptimeSeconds > 0);
    assert.ok(before.startTime !== undefined && before.lastRequestTime !== undefined);
    assert.ok((during.lastRequestTime ?? 0) >= before.lastRequestTime);
    assert.ok(before.lastRequestTime >= before.startTime);
    assert.equal(during.isRunning, true);
    assert.equal(during.healthStatus, "NOT_SERVING");
  });
});
