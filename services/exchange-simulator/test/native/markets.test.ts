import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import { duration } from "@tse/domain";
import { faultsOf, type Production, startProduction } from "../support/production.ts";
import { BUY, clientOf, SELL } from "./clients.ts";

const FUNDS = { USD: "100000", BTC: "10" };
const get = (production: Production, path: string) => production.request("GET", `/api/v1${path}`);

describe("GET /api/v1/instruments", () => {
  it("shows every instrument's rules without a key", async () => {
    await using production = await startProduction();

    const { status, body } = await get(production, "/instruments");

    equal(status, 200);
    equal(body.instruments.length, 9);
    deepEqual(body.instruments[0], {
      symbol: "BTC/USD",
      baseAsset: "BTC",
      quoteAsset: "USD",
      status: "TRADING",
      marketDataState: "live",
      tickSize: "0.01",
      lotSize: "0.00001",
      minSize: "0.00010",
      maxSize: "100.00000",
      minNotional: "5.00000000",
      maxNotional: "9000000.00000000",
      priceBand: "0.2",
      priceMultiplierDown: "0.2",
      priceMultiplierUp: "5",
      maxOpenOrders: 200,
      maxSpreadBps: "10",
      makerFeeRate: "0.001",
      takerFeeRate: "0.001",
      referencePrice: "45000.00",
    });
  });

  it("finds one by every way to write its symbol", async () => {
    await using production = await startProduction();

    for (const symbol of ["BTC-USD", "BTCUSD", "BTC%2FUSD"]) {
      const { status, body } = await get(production, `/instruments/${symbol}`);
      deepEqual([status, body.instrument.symbol], [200, "BTC/USD"], symbol);
    }
    for (const path of ["/instruments/", "/orderbook/", "/ticker/"]) {
      for (const symbol of ["XXX-USD", "btc-usd", "BTC", "%F0%9F%98%80", "__proto__"]) {
        const reply = await get(production, path + symbol);
        deepEqual([reply.status, reply.body.code], [404, "symbol_not_found"], path + symbol);
      }
    }
    const tooLong = await get(production, `/instruments/${"X".repeat(33)}`);
    deepEqual([tooLong.status, faultsOf(tooLong)], [400, ["symbol: length"]]);
    const withNul = await get(production, "/instruments/BTC%00USD");
    deepEqual([withNul.status, faultsOf(withNul)], [400, ["symbol: text"]]);
    equal((await get(production, "/instruments/%E0%A4%A")).status, 400);
  });
});

describe("GET /api/v1/orderbook/{symbol}", () => {
  it("shows price levels, best first, as deep as asked", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, FUNDS);
    for (const price of ["44000", "44100", "44100"]) await client.order({ ...BUY, price });
    await client.order(SELL);

    const { status, body } = await get(production, "/orderbook/BTCUSD");

    equal(status, 200);
    deepEqual(body, {
      symbol: "BTC/USD",
      sequence: 4,
      timestamp: "2026-01-05T14:00:00.000Z",
      bids: [
        ["44100.00", "0.02000"],
        ["44000.00", "0.01000"],
      ],
      asks: [["46000.00", "0.01000"]],
      marketDataState: "live",
    });
    const shallow = await get(production, "/orderbook/BTCUSD?depth=1");
    deepEqual(shallow.body.bids, [["44100.00", "0.02000"]]);
  });

  it("refuses a depth that isn't from 1 to 1000", async () => {
    await using production = await startProduction();

    for (const depth of ["0", "1001", "-1", "1.5", "ten", "", "1e2", "٣"]) {
      const reply = await get(production, `/orderbook/BTCUSD?depth=${depth}`);
      deepEqual([reply.status, faultsOf(reply)], [400, ["depth: range"]], depth);
    }
    equal((await get(production, "/orderbook/BTCUSD?depth=1000")).status, 200);
  });
});

describe("GET /api/v1/trades/{symbol}/recent and /ticker/{symbol}", () => {
  it("show what was traded", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, FUNDS);
    const other = await clientOf(production, FUNDS);
    for (const price of ["45000", "45100", "44900"]) {
      await client.order({ ...SELL, price });
      await other.order({ ...BUY, price });
      await production.advance(duration(1_000_000));
    }
    await client.order({ ...BUY, price: "44000" });
    await other.order(SELL);

    const recent = await get(production, "/trades/BTC-USD/recent?limit=2");
    deepEqual(recent.body, {
      symbol: "BTC/USD",
      trades: [
        {
          tradeSeq: 3,
          price: "44900.00",
          quantity: "0.01000",
          takerSide: "BUY",
          executedAt: "2026-01-05T14:00:02.000Z",
        },
        {
          tradeSeq: 2,
          price: "45100.00",
          quantity: "0.01000",
          takerSide: "BUY",
          executedAt: "2026-01-05T14:00:01.000Z",
        },
      ],
    });
    const ticker = await get(production, "/ticker/BTC-USD");
    deepEqual(ticker.body, {
      symbol: "BTC/USD",
      timestamp: "2026-01-05T14:00:03.000Z",
      last: "44900.00",
      bid: "44000.00",
      ask: "46000.00",
      open: "45000.00",
      high: "45100.00",
      low: "44900.00",
      volume: "0.03000000",
      quoteVolume: "1350.00000000",
      change: "-100.00",
      changePercent: "-0.22",
      trades: 3,
      marketDataState: "live",
    });
  });

  it("show an empty market as one", async () => {
    await using production = await startProduction();

    const { body } = await get(production, "/ticker/ETH-BTC");

    const { last, bid, ask, open, change, trades } = body;
    deepEqual([last, bid, ask, open, change, trades], [null, null, null, null, null, 0]);
    deepEqual((await get(production, "/trades/ETH-BTC/recent")).body.trades, []);
    const tooMany = await get(production, "/trades/ETH-BTC/recent?limit=1001");
    deepEqual(faultsOf(tooMany), ["limit: range"]);
  });
});
