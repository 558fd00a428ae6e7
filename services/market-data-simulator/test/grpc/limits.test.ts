import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MarketDataService, type PriceUpdate } from "@tse/contracts";
import { GrpcCallFailed, GrpcChannel } from "@tse/service-kit";
import { within } from "../support/patience.ts";
import { type RunningService, startService } from "../support/running.ts";

const BITCOIN = { symbols: ["BTC/USD"] };

/** More than all buffers between a service and a client that doesn't read take. */
const LONG = "1h";

async function marketWith(environment: Readonly<Record<string, string>>) {
  const service = await startService({
    DEFAULT_SYMBOLS: "BTC/USD",
    STREAM_FLUSH_MS: "0",
    ...environment,
  });
  const channel = new GrpcChannel(service.grpc);
  return {
    service,
    ...channel.client(MarketDataService),
    async [Symbol.asyncDispose]() {
      channel.close();
      await service[Symbol.asyncDispose]();
    },
  };
}

/** A stream that has begun, read when the test says so. */
async function open(stream: AsyncIterable<PriceUpdate>) {
  const updates = stream[Symbol.asyncIterator]();
  const next = async (): Promise<PriceUpdate> => (await within("an update", updates.next())).value;
  const first = await next();
  return { first, next, close: () => updates.return?.() };
}

type Open = Awaited<ReturnType<typeof open>>;

/** Reads on until `sequence`. Fails where a gap wasn't announced. @returns how many were passed over */
async function readTo({ first, next }: Open, sequence: number): Promise<number> {
  let [last, passedOver] = [Number(first.sequence), 0];
  while (last < sequence) {
    const update = await next();
    assert.equal(Number(update.sequence), last + Number(update.skipped) + 1);
    last = Number(update.sequence);
    passedOver += Number(update.skipped);
  }
  return passedOver;
}

async function refusal(call: Promise<unknown>): Promise<readonly [string, string | undefined]> {
  const error = await call.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  assert.ok(error instanceof GrpcCallFailed, String(error));
  return [error.status, error.code];
}

const subscribers = async ({ admin }: RunningService): Promise<number> =>
  (await admin("GET", "/admin/state")).body.subscribers;

describe("A gRPC stream whose client doesn't read", () => {
  it("goes on with the newest price, and says how many it passed over", async () => {
    await using market = await marketWith({});
    const stream = await open(market.streamPrices(BITCOIN));
    for (let hour = 0; hour < 2; hour++) await market.service.advance(LONG);
    const passedOver = await readTo(stream, 7_201);
    assert.ok(passedOver > 0, "some were passed over");
    assert.equal(await subscribers(market.service), 1);
    await stream.close();
  });

  it("ends with RESOURCE_EXHAUSTED when it wanted every tick, without a gap before", async () => {
    await using market = await marketWith({});
    const request = { ...BITCOIN, everyTick: true, bufferSize: 10 };
    const stream = await open(market.streamPrices(request));
    for (let hour = 0; hour < 2; hour++) await market.service.advance(LONG);
    assert.equal(await subscribers(market.service), 0);
    let passedOver = 0;
    const all = readTo(stream, 7_201).then((count) => {
      passedOver = count;
    });
    assert.deepEqual(await refusal(all), ["RESOURCE_EXHAUSTED", "slow_consumer"]);
    assert.equal(passedOver, 0);
    const metrics = await (await fetch(`${market.service.http}/metrics`)).text();
    assert.match(
      metrics,
      /^market_data_dropped_ticks_total\{[^}]*reason="slow_consumer"[^}]*\} 1$/m,
    );
  });
});

describe("gRPC streams", () => {
  it("are refused with RESOURCE_EXHAUSTED where there is no room, and taken when there is", async () => {
    for (const limit of ["SUBSCRIBERS_MAX", "SYMBOL_SUBSCRIBERS_MAX"]) {
      await using market = await marketWith({ [limit]: "1" });
      const { service, streamPrices, streamPriceBatches } = market;
      const one = await open(streamPrices(BITCOIN));
      for (const other of [streamPrices(BITCOIN), streamPriceBatches(BITCOIN)]) {
        const refused = refusal(other[Symbol.asyncIterator]().next());
        assert.deepEqual(await refused, ["RESOURCE_EXHAUSTED", "subscriber_limit"], limit);
      }
      await one.close();
      while ((await subscribers(service)) > 0);
      await (await open(streamPrices(BITCOIN))).close();
    }
  });

  it("serve requests under 100 ms as those for 100 ms", async () => {
    await using market = await marketWith({ PRICE_UPDATE_INTERVAL: "100ms" });
    const { service, streamPrices } = market;
    const streams: Open[] = [];
    for (const updateIntervalMs of [0, 1, 50, 99, 100, 200]) {
      streams.push(await open(streamPrices({ ...BITCOIN, updateIntervalMs })));
    }
    await service.advance("1s");
    const counts = await Promise.all(streams.map((stream) => readTo(stream, 11)));
    assert.deepEqual(counts, [0, 0, 0, 0, 0, 5]);
    for (const { close } of streams) await close();
  });
});
