import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { call, type Json, type RunningService, startService } from "../support/running.ts";

let service: RunningService;
before(async () => {
  service = await startService();
  await service.advance("70m");
});
after(() => service[Symbol.asyncDispose]());

describe("The REST API", () => {
  it("lists symbols and prices, each with its state", async () => {
    const { body } = await service.api("/symbols");
    assert.equal(body.symbols.length, 9);
    assert.deepEqual(body.symbols[0], {
      symbol: "BTC/USD",
      baseAsset: "BTC",
      quoteAsset: "USD",
      displayName: "Bitcoin / US dollar",
      tickSize: "0.01",
      state: "live",
    });
    const { body: all } = await service.api("/prices");
    assert.deepEqual(
      all.prices.map(({ sequence, state }: Json) => [sequence, state]),
      new Array(9).fill([4_201, "live"]),
    );
  });

  it("shows one symbol's price under every way to write it", async () => {
    const answers = await Promise.all(
      [
        "/prices/BTC-USD",
        "/prices/BTCUSD/current",
        "/prices/BTC%2FUSD",
        "/prices/BTC",
        "/market/price/BTC",
      ].map((path) => service.api(path)),
    );
    for (const { status, body } of answers) {
      assert.equal(status, 200);
      assert.deepEqual(body, answers[0]?.body);
    }
    const { price, bid, ask, volume24h, timestamp, source } = answers[0]?.body ?? {};
    for (const text of [price, bid, ask]) assert.match(text, /^\d+\.\d{2}$/);
    assert.match(volume24h, /^\d+\.\d{4}$/);
    assert.deepEqual([timestamp, source], ["2026-01-05T01:10:00.000Z", "simulator"]);
    assert.ok(Number(bid) < Number(price) && Number(price) < Number(ask));
  });

  it("answers 404 for an unknown symbol everywhere, with a stable code", async () => {
    for (const path of [
      "/prices/XRP-USD",
      "/prices/XRP/current",
      "/prices/XRP/history",
      "/orderbook/XRP",
      "/stats/XRP/24h",
      "/correlations?symbols=BTC/USD,XRP/USD",
      "/stream/prices?symbols=XRP",
      "/market/price/XRP",
      "/market/history/XRP",
      "/market/orderbook/XRP",
      "/market/trades/XRP",
    ]) {
      const { status, body } = await service.api(path);
      assert.deepEqual([status, body.code], [404, "symbol_not_found"], path);
      assert.equal(body.errors[0].rule, "symbol_not_found");
    }
    const { status, body } = await service.api("/subscribe", "POST", {
      clientId: "test",
      symbols: ["BTC/USD", "XRP/USD"],
    });
    assert.deepEqual([status, body.errors[0].field], [404, "symbols.1"]);
  });

  it("names the field and the rule of what is malformed", async () => {
    for (const [path, field, rule] of [
      ["/prices/BTC/history?interval=2m", "interval", "one_of"],
      ["/prices/BTC/history?limit=501", "limit", "range"],
      ["/prices/BTC/history?start=yesterday", "start", "time"],
      ["/prices/BTC/history?start=2026-01-05T01:00:00Z&end=2026-01-05T01:00:00Z", "end", "order"],
      ["/prices/BTC/history?foo=1", "foo", "unknown_field"],
      ["/orderbook/BTC?depth=11", "depth", "range"],
      ["/correlations?symbols=BTC&window=9h&interval=1x", "interval", "one_of"],
      ["/correlations?symbols=BTC&window=100h&interval=1m", "window", undefined],
      ["/correlations", "symbols", "required"],
      ["/stream/prices?interval=soon", "interval", "duration"],
    ] as const) {
      const { status, body } = await service.api(path);
      assert.deepEqual([status, body.code], [400, "validation_failed"], path);
      assert.equal(body.errors[0].field, field, path);
      if (rule !== undefined) assert.equal(body.errors[0].rule, rule, path);
    }
    const { body } = await service.api("/prices/BTC/history?cursor=abc");
    assert.equal(body.code, "invalid_cursor");
  });

  it("pages through ticks without a gap, newest first", async () => {
    const seen: number[] = [];
    let cursor = "";
    for (let page = 0; page < 3; page++) {
      const { body } = await service.api(`/prices/ETH-USD/history?limit=500${cursor}`);
      seen.push(...body.ticks.map(({ sequence }: Json) => sequence));
      cursor = `&cursor=${body.nextCursor}`;
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 1_500 }, (_, index) => 4_201 - index),
    );
    const { body } = await service.api(
      "/prices/ETH-USD/history?start=2026-01-05T01:00:00Z&end=2026-01-05T01:00:03Z",
    );
    assert.deepEqual(
      body.ticks.map(({ timestamp }: Json) => timestamp.slice(11, 19)),
      ["01:00:02", "01:00:01", "01:00:00"],
    );
    assert.equal(body.nextCursor, null);
  });

  it("lists candles, the running one first, and pages into the closed ones", async () => {
    const { body } = await service.api("/prices/BTC-USD/history?interval=1h&limit=1");
    assert.deepEqual(
      body.candles.map(({ startTime, isClosed, ticks }: Json) => [startTime, isClosed, ticks]),
      [["2026-01-05T01:00:00.000Z", false, 601]],
    );
    const next = await service.api(
      `/prices/BTC-USD/history?interval=1h&limit=1&cursor=${body.nextCursor}`,
    );
    assert.deepEqual(
      next.body.candles.map(({ isClosed, ticks }: Json) => [isClosed, ticks]),
      [[true, 3_600]],
    );
    assert.equal(next.body.nextCursor, null);
    const mixed = await service.api(`/prices/BTC-USD/history?cursor=${body.nextCursor}`);
    assert.equal(mixed.body.code, "invalid_cursor");
  });

  it("computes a day's statistics from the ticks, of which storage has the older ones", async () => {
    await using service = await startService({ DEFAULT_SYMBOLS: "SOL/USD" });
    await service.advance("70m");
    const ticks: Json[] = [];
    let cursor = "";
    do {
      const { body } = await service.api(`/prices/SOL-USD/history?limit=500${cursor}`);
      ticks.push(...body.ticks);
      cursor = body.nextCursor === null ? "" : `&cursor=${body.nextCursor}`;
    } while (cursor !== "");
    const { body: day } = await service.api("/stats/SOL-USD/24h");
    assert.deepEqual([day.count, ticks.length], [4_201, 4_201]);
    const prices = ticks.map(({ price }) => Number(price));
    assert.deepEqual(
      [day.open, day.last, Number(day.high), Number(day.low)],
      [ticks.at(-1).price, ticks[0].price, Math.max(...prices), Math.min(...prices)],
    );
    const volume = ticks.reduce((sum, tick) => sum + Math.round(Number(tick.volume) * 1e4), 0);
    assert.equal(Number(day.volume), volume / 1e4);
    const quote = ticks.reduce((sum, tick) => sum + Number(tick.price) * Number(tick.volume), 0);
    assert.ok(Math.abs(Number(day.quoteVolume) / quote - 1) < 1e-9);
    assert.ok(Math.abs(Number(day.vwap) - quote / (volume / 1e4)) < 1e-6);
    assert.ok(Math.abs(Number(day.change) - (Number(day.last) - Number(day.open))) < 1e-9);
    assert.ok(day.volatility > 0.3 && day.volatility < 2, `${day.volatility}`);
  });

  it("computes correlations of returns", async () => {
    const { body } = await service.api(
      "/correlations?symbols=BTC/USD,ETH/USD,USDT/USD&interval=1m",
    );
    assert.deepEqual([body.points, body.symbols.length], [69, 3]);
    const [[one, pair], [mirrored]] = body.matrix;
    assert.equal(one, 1);
    assert.equal(pair, mirrored);
    assert.ok(pair > 0.6 && pair < 0.95, `${pair}`);
    const short = await service.api("/correlations?symbols=BTC/USD,ETH/USD&interval=1d");
    assert.deepEqual(short.body.matrix, [
      [null, null],
      [null, null],
    ]);
  });

  it("shows depth and what user interfaces ask for", async () => {
    const { body } = await service.api("/orderbook/BTC-USD?depth=3");
    assert.deepEqual([body.bids.length, body.asks.length, body.sequence], [3, 3, 4_201]);
    const { body: book } = await service.api("/market/orderbook/BTC");
    assert.deepEqual(book.bids.slice(0, 3), body.bids);
    const { body: prices } = await service.api("/market/prices");
    assert.equal(prices.BTC.symbol, "BTC/USD");
    assert.equal(prices["ETH/BTC"].symbol, "ETH/BTC");
    const { body: candles } = await service.api("/market/history/ETH?interval=5m&limit=3");
    assert.equal(candles.candles.length, 3);
    const { body: trades } = await service.api("/market/trades/BTC?limit=5");
    assert.deepEqual([trades.trades.length, trades.trades[0].id], [5, "4201"]);
  });

  it("announces a subscription, shows and cancels it", async () => {
    const { status, body } = await service.api("/subscribe", "POST", {
      clientId: "risk-monitor",
      symbols: ["BTC", "BTC/USD", "ETH-USD"],
      interval: "500ms",
      bufferSize: 10,
    });
    assert.equal(status, 201);
    assert.match(body.wsUrl, /^ws:\/\/127\.0\.0\.1:\d+\/api\/v1\/ws\?subscription=/);
    const path = `/subscriptions/${body.subscriptionId}`;
    const shown = await service.api(path);
    assert.deepEqual(shown.body, {
      id: body.subscriptionId,
      state: "active",
      symbolCount: 2,
      lastUpdate: null,
    });
    assert.equal((await service.api(path, "DELETE")).body.state, "cancelled");
    assert.equal((await service.api("/subscriptions/none")).body.code, "subscription_not_found");
  });

  it("describes itself, says how it is, and shows nothing of the admin listener", async () => {
    const { body: openapi } = await service.api("/openapi.json");
    assert.equal(openapi.info.title, "market-data-simulator");
    assert.ok("/api/v1/prices/{symbol}/history" in openapi.paths);
    assert.equal((await service.api("/health")).body.status, "healthy");
    const ready = await service.api("/ready");
    assert.deepEqual([ready.status, ready.body.checks.feed.state], [200, "live"]);
    const { body: metrics } = await call(`${service.http}/metrics`);
    assert.match(metrics, /market_data_price_updates_total\{.*symbol="BTC\/USD".*\} 4201/);
    for (const path of ["/admin/state", "/admin/faults", "/chaos/status", "/debug/price-buffers"]) {
      assert.equal((await call(`${service.http}${path}`)).status, 404, path);
    }
    assert.equal((await call(`${service.adminUrl}/admin/state`)).status, 401);
  });
});
