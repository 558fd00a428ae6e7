import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  fromTimestamp,
  HealthStatus,
  HistoricalDataService,
  MarketDataService,
  PriceFeedService,
  type PriceUpdate,
  toTimestamp,
} from "@tse/contracts";
import { timestamp } from "@tse/domain";
import { GrpcCallFailed, GrpcChannel, type GrpcClient } from "@tse/service-kit";
import { type RunningService, startService } from "../support/running.ts";

let service: RunningService;
let channel: GrpcChannel;
let market: GrpcClient<typeof MarketDataService>;
before(async () => {
  service = await startService();
  channel = new GrpcChannel(service.grpc);
  market = channel.client(MarketDataService);
  await service.advance("30m");
});
after(async () => {
  channel.close();
  await service[Symbol.asyncDispose]();
});

/** The next updates of a stream, the stream then left. */
async function take(stream: AsyncIterable<PriceUpdate>, count: number): Promise<PriceUpdate[]> {
  const updates: PriceUpdate[] = [];
  for await (const update of stream) {
    updates.push(update);
    if (updates.length === count) break;
  }
  return updates;
}

async function refused(call: Promise<unknown>): Promise<readonly [string, string | undefined]> {
  const error = await call.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  assert.ok(error instanceof GrpcCallFailed);
  return [error.status, error.code];
}

describe("The gRPC services", () => {
  it("give the price that REST gives, as double and exactly", async () => {
    const reply = await market.getPrice({ symbol: "BTC-USD" });
    const { body } = await service.api("/prices/BTC");
    assert.equal(reply.priceDecimal, body.price);
    assert.equal(reply.price, Number(body.price));
    assert.deepEqual(
      [Number(reply.sequence), reply.state, reply.source, reply.bid, reply.ask],
      [body.sequence, "live", "simulator", Number(body.bid), Number(body.ask)],
    );
    const feed = channel.client(PriceFeedService);
    assert.equal((await feed.getCurrentPrice({ symbol: "BTC" })).priceDecimal, body.price);
  });

  it("stream each symbol's newest tick first, then each, one by one or in batches", async () => {
    const symbols = ["BTC/USD", "ETH/USD"];
    const single = take(market.streamPrices({ symbols }), 12);
    const gathered: PriceUpdate[] = [];
    const batched = (async () => {
      for await (const { updates } of market.streamPriceBatches({ symbols })) {
        gathered.push(...updates);
        if (gathered.length >= 12) return;
      }
    })();
    // The streams are open once the first tick came.
    await openStreams(service, 2);
    await service.advance("5s");
    const updates = await single;
    await batched;
    assert.deepEqual(gathered, updates);
    const bitcoin = updates.filter(({ symbol }) => symbol === "BTC/USD");
    assert.deepEqual(
      bitcoin.map(({ sequence, skipped }) => [Number(sequence), Number(skipped)]),
      [1_801, 1_802, 1_803, 1_804, 1_805, 1_806].map((sequence) => [sequence, 0]),
    );
    const { body } = await service.api("/prices/BTC/history?limit=6");
    assert.deepEqual(
      bitcoin.map(({ priceDecimal }) => priceDecimal),
      body.ticks.map(({ price }: { price: string }) => price).reverse(),
    );
    const { body: day } = await service.api("/stats/BTC/24h");
    const { changeInfo } = bitcoin.at(-1) ?? {};
    assert.deepEqual(
      [changeInfo?.dailyHigh, changeInfo?.dailyLow, changeInfo?.dailyVolume],
      [Number(day.high), Number(day.low), Number(day.volume)],
    );
    const at = bitcoin.at(-1)?.timestamp;
    assert.equal(at && fromTimestamp(at), Date.parse("2026-01-05T00:30:05Z") * 1_000);
  });

  it("resume behind a sequence", async () => {
    const request = { symbols: ["SOL/USD"], resumeAfter: 1_700n };
    const updates = await take(market.streamPrices(request), 100);
    assert.deepEqual(
      updates.map(({ sequence, skipped }) => [Number(sequence), Number(skipped)]),
      Array.from({ length: 100 }, (_, index) => [1_701 + index, 0]),
    );
  });

  it("refuse what is malformed with a status and a stable code", async () => {
    const stream = (request: Parameters<typeof market.streamPrices>[0]) =>
      refused(take(market.streamPrices(request), 1));
    assert.deepEqual(await stream({ symbols: [] }), ["INVALID_ARGUMENT", "validation_failed"]);
    const many = new Array<string>(501).fill("BTC/USD");
    assert.deepEqual(await stream({ symbols: many }), ["INVALID_ARGUMENT", "validation_failed"]);
    assert.deepEqual(await stream({ symbols: ["XRP"] }), ["NOT_FOUND", "symbol_not_found"]);
    const wild = { symbols: ["BTC"], bufferSize: 10_001 };
    assert.deepEqual(await stream(wild), ["INVALID_ARGUMENT", "validation_failed"]);
    const none = refused(market.getPrice({ symbol: "XRP" }));
    assert.deepEqual(await none, ["NOT_FOUND", "symbol_not_found"]);
    const history = channel.client(HistoricalDataService);
    const interval = refused(history.getOHLCV({ symbol: "BTC", interval: "2m" }));
    assert.deepEqual(await interval, ["INVALID_ARGUMENT", "validation_failed"]);
    const at = toTimestamp(timestamp(1_767_571_200_000_000));
    const range = { symbol: "BTC", interval: "1m", startTime: at, endTime: at };
    assert.deepEqual(await refused(history.getOHLCV(range)), [
      "INVALID_ARGUMENT",
      "validation_failed",
    ]);
  });

  it("give history, candles, depth, volumes by price and correlations", async () => {
    const feed = channel.client(PriceFeedService);
    const history = channel.client(HistoricalDataService);
    const ticks = await feed.getPriceHistory({ symbol: "ETH", limit: 3 });
    assert.equal(ticks.points.length, 3);
    assert.ok(ticks.points.every(({ open, close }) => open === close));
    const candles = await history.getOHLCV({ symbol: "ETH", interval: "5m", limit: 4 });
    const { body } = await service.api("/prices/ETH/history?interval=5m&limit=4");
    assert.deepEqual(
      candles.points.map(({ open, high, low, close }) => [open, high, low, close]),
      body.candles
        .map((each: Record<string, string>) => [
          Number(each.open),
          Number(each.high),
          Number(each.low),
          Number(each.close),
        ])
        .reverse(),
    );
    assert.notEqual(candles.nextCursor, "");
    const depth = await feed.getMarketDepth({ symbol: "ETH", depth: 2 });
    assert.deepEqual([depth.bids.length, depth.asks.length], [2, 2]);
    const profile = await history.getVolumeProfile({ symbol: "ETH", limit: 10 });
    const total = profile.buckets.reduce((sum, { volume }) => sum + volume, 0);
    const { body: day } = await service.api("/stats/ETH/24h");
    assert.ok(Math.abs(total / Number(day.volume) - 1) < 1e-9);
    const { rows, points } = await history.getCorrelationMatrix({
      symbols: ["BTC", "ETH"],
      interval: "1m",
    });
    assert.deepEqual([rows.length, points], [2, 29]);
    assert.ok((rows[0]?.values[1] ?? 0) > 0.5);
  });

  it("refuse by the field that is wrong", async () => {
    const feed = channel.client(PriceFeedService);
    const history = channel.client(HistoricalDataService);
    const at = (seconds: number) => ({ startTime: { seconds: BigInt(seconds), nanos: 0 } });
    const messageOf = (call: Promise<unknown>) =>
      call.then(String, (error: Error) => error.message);
    assert.match(await messageOf(feed.getMarketDepth({ symbol: "ETH", depth: -1 })), /depth/);
    const range = { ...at(1_800_000_000), endTime: { seconds: 1_700_000_000n, nanos: 0 } };
    assert.match(
      await messageOf(market.generateSimulation({ symbol: "ETH", ...range })),
      /end_time/,
    );
    for (const seconds of [-1, 9_007_199_254_740]) {
      const call = history.getOHLCV({ symbol: "ETH", interval: "1m", ...at(seconds) });
      assert.match(await messageOf(call), /start_time/);
    }
  });

  it("say how the service is", async () => {
    const { status, details } = await market.healthCheck({ service: "market-data" });
    assert.deepEqual([status, details.feed], [HealthStatus.SERVING, "live"]);
    const unknown = await market.healthCheck({ service: "nobody" });
    assert.equal(unknown.status, HealthStatus.SERVICE_UNKNOWN);
  });
});

describe("The Connect protocol", () => {
  it("answers as gRPC does, with JSON and CORS", async () => {
    const post = (path: string, body: unknown) =>
      fetch(`${service.http}/marketdata.${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: "https://example.org" },
        body: JSON.stringify(body),
      });
    const answer = await post("MarketDataService/GetPrice", { symbol: "BTC/USD" });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("access-control-allow-origin"), "*");
    const reply = (await answer.json()) as Record<string, unknown>;
    const grpc = await market.getPrice({ symbol: "BTC/USD" });
    assert.deepEqual(
      [reply.priceDecimal, reply.sequence, reply.state],
      [grpc.priceDecimal, String(grpc.sequence), "live"],
    );
    const refusal = await post("MarketDataService/GetPrice", { symbol: "XRP" });
    const { code } = (await refusal.json()) as { code: string };
    assert.deepEqual([refusal.status, code], [404, "not_found"]);
  });
});

/** Until so many streams are open. */
async function openStreams({ admin }: RunningService, count: number): Promise<void> {
  for (;;) {
    const { body } = await admin("GET", "/admin/state");
    if (body.subscribers >= count) return;
  }
}
