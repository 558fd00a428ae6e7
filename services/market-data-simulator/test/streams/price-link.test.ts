import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { MarketDataService } from "@tse/contracts";
import { duration } from "@tse/domain";
import { GrpcChannel } from "@tse/service-kit";
import type { PriceUpdate } from "../../src/streams/price-updates.ts";
import { within } from "../support/patience.ts";
import { type Json, openSocket, type RunningService, startService } from "../support/running.ts";

let service: RunningService;
before(async () => {
  service = await startService({ STREAM_FLUSH_MS: "0", DEFAULT_SYMBOLS: "BTC/USD" });
});
after(() => service[Symbol.asyncDispose]());

const sequences = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => first + index);

type Shown = { readonly [Name in keyof PriceUpdate]?: unknown };

/** What doesn't depend on how many updates share a message. */
function shown({ symbol, priceDecimal, price, bid, ask, volume, source, ...rest }: Shown): string {
  const { sequence, skipped } = rest;
  return [symbol, sequence, skipped, priceDecimal, price, bid, ask, volume, source].join(" ");
}

/** Until there are so many. */
async function subscribers(count: number): Promise<void> {
  while ((await service.admin("GET", "/admin/state")).body.subscribers < count);
}

/** The sequences that a follower in this process was told so far. */
function following({ service: market }: RunningService, symbols = ["BTC/USD"]) {
  const seen: number[] = [];
  const link = market.follow(symbols, ({ sequence }) => seen.push(sequence));
  return { seen, stop: () => link.stop() };
}

async function strike(to: RunningService, effect: string, more: object = {}): Promise<Json> {
  const { status, body } = await to.admin("POST", "/admin/faults", { effect, ...more });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

describe("A follower in the same process", () => {
  it("is told what a gRPC stream is, each price before the clock moves on", async () => {
    const told: unknown[] = [];
    const symbols = ["BTC/USD", "USDT/USD"];
    const link = service.service.follow([...symbols, "XRP/USD"], (update) => {
      assert.equal(service.service.clock.now(), update.timestamp);
      told.push(shown(update));
    });
    const channel = new GrpcChannel(service.grpc);
    const streamed: unknown[] = [];
    const complete = (async () => {
      for await (const update of channel.client(MarketDataService).streamPrices({ symbols })) {
        streamed.push(shown(update));
        if (streamed.length === 8) return;
      }
    })();
    await subscribers(2);
    await service.advance("3s");
    link.stop();
    await within("the stream", complete);
    channel.close();
    assert.deepEqual(new Set(told), new Set(streamed));
    assert.equal(told.length, 8);
    await service.advance("1s");
    assert.equal(told.length, 8);
  });

  it("is struck by faults like any client, and alone where they are meant for it", async () => {
    const link = following(service);
    const [first] = link.seen as [number];
    const socket = await openSocket(`${service.ws}/api/v1/ws`);
    await socket.ask({ op: "subscribe", channels: [{ channel: "price", symbol: "BTC/USD" }] });
    await strike(service, "freeze", { client_types: ["process"], duration_seconds: 10 });
    await service.advance("9s");
    assert.deepEqual(link.seen, [first]);
    assert.equal((await socket.until("price", first + 9)).length, 10);
    socket.close();
    await service.advance("1s");
    // What it missed is told at the moment when the fault ends, as to a client that reads again.
    assert.deepEqual(link.seen, sequences(first, 11));

    const parameters = { latency_ms: 2_500 };
    await strike(service, "latency", { parameters, duration_seconds: 4.5 });
    await service.advance("3s");
    assert.equal(link.seen.at(-1), first + 10);
    await service.advance("500ms");
    assert.equal(link.seen.at(-1), first + 11);
    link.stop();
    await service.advance("10s");
    assert.equal(link.seen.at(-1), first + 11);
  });

  it("comes back after a while of world time when its connection is cut", async () => {
    await using world = await startService({ DEFAULT_SYMBOLS: "BTC/USD" });
    const link = following(world);
    await world.advance("900ms");
    await strike(world, "disconnect");
    await world.advance("200ms");
    assert.deepEqual(link.seen, [1]);
    await world.advance("50ms");
    assert.deepEqual(link.seen, [1, 2]);
    await world.advance("1s");
    assert.deepEqual(link.seen, [1, 2, 3]);
    link.stop();
  });

  it("loses the same prices by the same seed, whoever came before it over a wire", async () => {
    const runs: number[][] = [];
    for (const clients of [0, 2]) {
      await using world = await startService({ DEFAULT_SYMBOLS: "BTC/USD" });
      for (let client = 0; client < clients; client++) {
        const socket = await openSocket(`${world.ws}/api/v1/ws`);
        await socket.ask({ op: "subscribe", channels: [{ channel: "price", symbol: "BTC/USD" }] });
      }
      const link = following(world);
      await strike(world, "drop", { parameters: { probability: 0.5 }, duration_seconds: 60 });
      await strike(world, "disconnect", { parameters: { probability: 0.5 } });
      await world.advance("60s");
      runs.push(link.seen);
    }
    assert.deepEqual(runs[1], runs[0]);
    const { length } = runs[0] ?? [];
    assert.ok(length > 15 && length < 45, String(length));
  });

  it("isn't cut off by a service that stops, but told nothing more", async () => {
    const world = await startService({ DEFAULT_SYMBOLS: "BTC/USD" });
    const link = following(world);
    await world.service.stop();
    await world.service.clock.advance(duration(5_000_000));
    assert.deepEqual(link.seen, [1]);
  });
});
