import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { duration } from "@tse/domain";
import { PrometheusMetrics } from "@tse/service-kit";
import { FanOut, type FanOutOptions } from "../../src/fan-out/fan-out.ts";
import { MarketTopics } from "../../src/fan-out/market-topics.ts";
import {
  type ClientKind,
  type EventOutlet,
  type StreamEnding,
  Subscriber,
  type SubscriberOptions,
} from "../../src/fan-out/subscriber.ts";
import type { StreamEvent } from "../../src/fan-out/topic.ts";
import { after, MINUTE, newFeed, SECOND } from "../support/feeds.ts";

/** A client that reads when the test says so. */
class Reader implements EventOutlet {
  readonly kind: ClientKind;
  isReady = true;
  readonly batches: (readonly StreamEvent[])[] = [];
  ended: StreamEnding | undefined;

  constructor(kind: ClientKind) {
    this.kind = kind;
  }

  get events(): readonly StreamEvent[] {
    return this.batches.flat();
  }

  get sequences(): readonly number[] {
    return this.events.map(({ sequence }) => sequence);
  }

  send(events: readonly StreamEvent[]): void {
    this.batches.push(events);
  }

  end(why: StreamEnding): void {
    this.ended = why;
  }
}

function market(options: Partial<FanOutOptions> = {}) {
  const metrics = new PrometheusMetrics({ constantLabels: {}, runtime: false });
  const feed = newFeed({ symbols: ["BTC/USD", "ETH/USD"] });
  const fanOut = new FanOut({
    flushMs: 60_000,
    subscribersMax: 100,
    symbolSubscribersMax: 100,
    metrics,
    ...options,
  });
  const topics = new MarketTopics(feed, fanOut);
  feed.begin();
  const join = (
    symbols: readonly string[],
    choice: Partial<SubscriberOptions> & { interval?: number; kind?: ClientKind } = {},
  ) => {
    const { interval, kind = "grpc", ...rest } = choice;
    const reader = new Reader(kind);
    const subscriber = fanOut.subscribe(reader, rest);
    assert.ok(subscriber instanceof Subscriber);
    const wanted = symbols.map((symbol) => {
      const topic = topics.find({ channel: "price", symbol });
      assert(topic !== undefined);
      return { topic, interval };
    });
    assert.equal(fanOut.follow(subscriber, wanted), undefined);
    return { reader, subscriber };
  };
  const dropped = async () => {
    const { body } = await metrics.getHttpHandler()();
    return body.split("\n").filter((line) => line.startsWith("market_data_dropped_ticks_total"));
  };
  return { feed, fanOut, topics, join, dropped, metrics };
}

describe("The fan-out", () => {
  it("gives equal subscribers the same events, which are the same objects", () => {
    const { feed, fanOut, join } = market();
    const [one, other] = [join(["BTC/USD", "ETH/USD"]), join(["ETH/USD", "BTC/USD"])];
    fanOut.flush();
    feed.advanceTo(after(3 * SECOND));
    fanOut.flush();
    assert.equal(one.reader.batches.length, 2);
    assert.equal(one.reader.events.length, 8);
    for (const [index, event] of one.reader.events.entries()) {
      assert.equal(other.reader.events[index], event);
    }
  });

  it("holds nothing for one that doesn't read, and gives it the newest of each symbol", async () => {
    const { feed, fanOut, join, dropped } = market();
    const { reader, subscriber } = join(["BTC/USD", "ETH/USD"], { bufferSize: 100 });
    fanOut.flush();
    reader.isReady = false;
    feed.advanceTo(after(50 * SECOND));
    fanOut.flush();
    assert.equal(reader.events.length, 2);
    reader.isReady = true;
    fanOut.resume(subscriber);
    fanOut.flush();
    // Fifty of each of the two are no more than it may be behind by.
    assert.equal(reader.events.length, 102);

    reader.isReady = false;
    feed.advanceTo(after(20 * MINUTE));
    fanOut.flush();
    reader.isReady = true;
    fanOut.resume(subscriber);
    fanOut.flush();
    const last = reader.batches.at(-1) ?? [];
    assert.deepEqual(
      last.map(({ topic, sequence, skipped }) => [topic.symbol, sequence, skipped]),
      [
        ["BTC/USD", 1_201, 1_149],
        ["ETH/USD", 1_201, 1_149],
      ],
    );
    assert.deepEqual(await dropped(), ['market_data_dropped_ticks_total{reason="conflated"} 2298']);
  });

  it("cuts one off that wanted every tick and doesn't read", async () => {
    const { feed, fanOut, join, dropped } = market();
    const { reader } = join(["BTC/USD"], { bufferSize: 10, everyTick: true });
    fanOut.flush();
    reader.isReady = false;
    feed.advanceTo(after(10 * SECOND));
    fanOut.flush();
    assert.equal(reader.ended, undefined);
    feed.advanceTo(after(11 * SECOND));
    fanOut.flush();
    assert.equal(reader.ended, "slow_consumer");
    assert.equal(fanOut.size, 0);
    assert.deepEqual(await dropped(), [
      'market_data_dropped_ticks_total{reason="slow_consumer"} 1',
    ]);
  });

  it("leaves nobody behind when the world's clock leaps", () => {
    const { feed, fanOut, join } = market();
    const { reader } = join(["BTC/USD"], { everyTick: true });
    const paced = join(["BTC/USD"], { interval: 5 * MINUTE });
    feed.advanceTo(after(30 * MINUTE));
    fanOut.flush();
    assert.equal(reader.ended, undefined);
    assert.deepEqual(
      reader.sequences,
      Array.from({ length: 1_801 }, (_, index) => index + 1),
    );
    assert.deepEqual(paced.reader.sequences, [1, 301, 601, 901, 1_201, 1_501, 1_801]);
  });

  it("counts who follows what, and forgets who left", () => {
    const { fanOut, topics, join } = market();
    const { subscriber } = join(["BTC/USD", "ETH/USD"]);
    const other = join(["BTC/USD"]);
    assert.deepEqual(
      [...fanOut.bySymbol],
      [
        ["BTC/USD", 2],
        ["ETH/USD", 1],
      ],
    );
    const topic = topics.find({ channel: "depth", symbol: "BTC/USD" });
    assert(topic !== undefined);
    fanOut.follow(subscriber, [{ topic }]);
    assert.equal(fanOut.bySymbol.get("BTC/USD"), 2);
    fanOut.remove(subscriber);
    fanOut.remove(other.subscriber);
    assert.deepEqual([...fanOut.bySymbol.values()], [0, 0]);
    assert.equal(topic.followers.size, 0);
  });

  it("measures from the making of a tick to its handing over, by symbol and kind of client", async () => {
    const { feed, fanOut, join, metrics } = market();
    join(["BTC/USD"]);
    fanOut.flush();
    feed.advanceTo(after(SECOND));
    fanOut.flush();
    const { body } = await metrics.getHttpHandler()();
    const pattern =
      /market_data_publication_latency_ms_count\{symbol="BTC\/USD",client_type="grpc"\} 2/;
    assert.match(body, pattern);
  });

  it("doesn't let one in this process wait for a flush, and cuts, conflates and resumes it alike", () => {
    const { feed, fanOut, join } = market();
    const { reader, subscriber } = join(["ETH/USD", "BTC/USD"], { kind: "process" });
    feed.advanceTo(after(2 * SECOND));
    assert.deepEqual(
      reader.events.map(({ topic, sequence }) => [topic.symbol, sequence]),
      [1, 2, 3].flatMap((sequence) => [
        ["BTC/USD", sequence],
        ["ETH/USD", sequence],
      ]),
    );
    const eager = join(["BTC/USD"], { kind: "process", everyTick: true, bufferSize: 299 });
    for (const each of [reader, eager.reader]) each.isReady = false;
    feed.advanceTo(after(301 * SECOND));
    assert.equal(eager.reader.ended, undefined);
    feed.advanceTo(after(302 * SECOND));
    assert.equal(eager.reader.ended, "slow_consumer");
    reader.isReady = true;
    fanOut.resume(subscriber);
    assert.deepEqual(
      reader.events.slice(6).map(({ sequence, skipped }) => [sequence, skipped]),
      [
        [303, 299],
        [303, 299],
      ],
    );
  });

  it("sends by itself after a while", async () => {
    const { feed, join } = market({ flushMs: 1 });
    const { reader } = join(["BTC/USD"]);
    feed.advanceTo(after(duration(SECOND)));
    while (reader.events.length < 2) await turn();
    assert.deepEqual(reader.sequences, [1, 2]);
  });
});
