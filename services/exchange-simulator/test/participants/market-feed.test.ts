import assert from "node:assert/strict";
import { once } from "node:events";
import { after, describe, it } from "node:test";
import { MarketDataService } from "@tse/contracts";
import { type Instrument, increment } from "@tse/domain";
import {
  GrpcHost,
  Health,
  type Outlet,
  PrometheusMetrics,
  realClock,
  silentLogger,
} from "@tse/service-kit";
import { type FeedPrice, FeedSource } from "../../src/participants/feed-source.ts";
import { GrpcFeed } from "../../src/participants/grpc-feed.ts";

const instrument = (symbol: string, id: number, tick: string) =>
  ({ symbol, id, tickSize: increment(tick) }) as Instrument;

describe("The participants' prices from a feed", () => {
  const instruments = [instrument("BTC/USD", 0, "0.01"), instrument("ADA/USD", 3, "0.0005")];

  function heard(prices: readonly FeedPrice[]): unknown[] {
    const seen: unknown[] = [];
    let asked: readonly string[] = [];
    let stopped = 0;
    const source = new FeedSource({
      follow(symbols, listener) {
        asked = symbols;
        for (const price of prices) listener(price);
        return { stop: () => void stopped++ };
      },
    });
    source.start(instruments, (...price) => seen.push(price));
    assert.deepEqual(asked, ["BTC/USD", "ADA/USD"]);
    source.stop();
    source.stop();
    assert.equal(stopped, 1);
    return seen;
  }

  it("are counted on the instrument's own grid, to the nearest tick and at least one", () => {
    const prices = [
      { symbol: "BTC/USD", price: "45000.29", bid: 44_995.5, ask: 45_004.5 },
      { symbol: "ADA/USD", price: "0.5003", bid: 0, ask: 0 },
      { symbol: "ADA/USD", price: "0.0001", bid: 2, ask: 1 },
    ];
    assert.deepEqual(heard(prices), [
      [0, 4_500_029, { bid: 4_499_550, ask: 4_500_450 }],
      [3, 1001, undefined],
      [3, 1, undefined],
    ]);
  });

  it("are none where the feed sends another symbol or no price", () => {
    const none = ["", "x", "-1", "0", "1e300"].map((price) => ({
      symbol: "BTC/USD",
      price,
      bid: 0,
      ask: 0,
    }));
    assert.deepEqual(heard([{ symbol: "ETH/USD", price: "2500", bid: 0, ask: 0 }, ...none]), []);
  });
});

type Batches = Outlet<Parameters<Outlet<never>["write"]>[0]>;

/** A market-data service as its contract describes it, whose prices the test sends. */
class PublishedFeed {
  readonly #hosts: GrpcHost[] = [];
  readonly symbols: (readonly string[])[] = [];
  outlet: Batches | undefined;
  #subscribed = Promise.withResolvers<void>();

  constructor() {
    after(() => this.stop());
  }

  get subscribed(): Promise<void> {
    return this.#subscribed.promise;
  }

  async listen(port: number): Promise<number> {
    this.#subscribed = Promise.withResolvers<void>();
    const [clock, logger] = [realClock(), silentLogger] as const;
    const names = { service: "market-data-simulator", instance: "a", version: "1.0.0" };
    const metrics = new PrometheusMetrics({ constantLabels: names, runtime: false });
    const health = new Health({ ...names, environment: "test", clock, logger });
    const host = new GrpcHost({ service: names.service, logger, metrics, clock, health });
    host.add(MarketDataService, {
      streamPriceBatches: ({ symbols }, _, outlet) => {
        this.symbols.push(symbols);
        this.outlet = outlet as Batches;
        this.#subscribed.resolve();
      },
    });
    this.#hosts.push(host);
    return (await host.listen({ host: "127.0.0.1", port, choice: "--grpc-port" })).port;
  }

  send(...prices: readonly (readonly [symbol: string, priceDecimal: string])[]): void {
    const updates = prices.map(([symbol, priceDecimal]) => ({ symbol, priceDecimal }));
    this.outlet?.write({ updates } as never);
  }

  async stop(): Promise<void> {
    await this.#hosts.pop()?.stop(0);
  }
}

describe("A feed over gRPC", () => {
  it("brings each price in order, and subscribes again when the service comes back", async () => {
    const service = new PublishedFeed();
    const port = await service.listen(0);
    const prices = new EventTarget();
    const seen: string[] = [];
    const hear = ({ symbol, price }: FeedPrice) => {
      seen.push(`${symbol} ${price}`);
      prices.dispatchEvent(new Event("price"));
    };
    const following = new GrpcFeed(`127.0.0.1:${port}`, silentLogger).follow(["BTC/USD"], hear);
    await service.subscribed;
    const first = once(prices, "price");
    service.send(["BTC/USD", "45000"], ["BTC/USD", "45001"]);
    await first;

    await service.stop();
    assert.equal(await service.listen(port), port);
    await service.subscribed;
    const back = once(prices, "price");
    service.send(["BTC/USD", "45002"]);
    await back;
    assert.deepEqual(seen, ["BTC/USD 45000", "BTC/USD 45001", "BTC/USD 45002"]);
    assert.deepEqual(service.symbols, [["BTC/USD"], ["BTC/USD"]]);
    following.stop();
  });

  it("waits for a service that isn't there yet, and stops when told", async () => {
    const service = new PublishedFeed();
    const port = await service.listen(0);
    await service.stop();
    const following = new GrpcFeed(`127.0.0.1:${port}`, silentLogger).follow(["ETH/USD"], () => {});
    await service.listen(port);
    await service.subscribed;
    following.stop();
    const other = new GrpcFeed(`127.0.0.1:${port}`, silentLogger).follow(["ETH/USD"], () => {});
    other.stop();
    assert.deepEqual(service.symbols, [["ETH/USD"]]);
  });
});
