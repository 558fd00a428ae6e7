import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { MarketDataService } from "@tse/contracts";
import {
  type CallContext,
  type GrpcCallFailed,
  type Outlet,
  Problem,
  pump,
  streaming,
} from "../../src/index.ts";
import { collect, failureOf, startGrpcHost } from "./support.ts";

const LARGE = "x".repeat(65_536);

describe("a slow reader", () => {
  it("is seen, may catch up, and can be sent away after what it was sent", async () => {
    const opened = Promise.withResolvers<Outlet<{ symbol: string }>>();
    const { channel } = await startGrpcHost((host) =>
      host.add(MarketDataService, {
        streamPrices: (_request, _context, outlet) => opened.resolve(outlet),
      }),
    );
    const stream = channel.client(MarketDataService).streamPrices({})[Symbol.asyncIterator]();
    const outlet = await opened.promise;
    let drains = 0;
    const drained = new Promise<void>((resolve) => {
      outlet.onDrain(() => {
        drains += 1;
        resolve();
      });
    });

    assert.equal(outlet.writable, true);
    let written = 1;
    while (outlet.write({ symbol: LARGE })) written += 1;
    assert.equal(outlet.writable, false);
    assert.ok(written < 1_000, "what waits for a slow reader is bounded");

    for (let read = 0; read < written; read += 1) await stream.next();
    await drained;
    assert.equal(outlet.writable, true);
    assert.equal(drains, 1);

    outlet.write({ symbol: "last" });
    outlet.end(
      new Problem({ status: 429, code: "slow_consumer", title: "The reader is too slow" }),
    );
    assert.equal(outlet.writable, false);
    assert.equal(outlet.write({ symbol: "after" }), false);
    assert.equal((await stream.next()).value.symbol, "last");
    const error = (await failureOf(stream.next())) as GrpcCallFailed;
    assert.deepEqual([error.status, error.code], ["RESOURCE_EXHAUSTED", "slow_consumer"]);
  });

  it("slows a generator down, and stops it when it leaves", async () => {
    let made = 0;
    const left = Promise.withResolvers<void>();
    const { channel } = await startGrpcHost((host) =>
      host.add(MarketDataService, {
        streamPrices: streaming(async function* ({ updateIntervalMs: count }) {
          try {
            for (made = 0; made < count; made += 1) yield { symbol: LARGE };
          } finally {
            left.resolve();
          }
        }),
      }),
    );
    const prices = channel.client(MarketDataService);
    const all = await collect(prices.streamPrices({ updateIntervalMs: 60 }));
    assert.equal(all.length, 60);

    for await (const _ of prices.streamPrices({ updateIntervalMs: 1_000_000 })) break;
    await left.promise;
    assert.ok(made < 1_000);
  });
});

describe("a pump", () => {
  /** An outlet that is slow after each item, as WebSockets and others may be. */
  const slow = (): Outlet<number> & {
    readonly taken: number[];
    drain: () => void;
    ended: number;
  } => ({
    taken: [],
    ended: 0,
    writable: false,
    drain() {},
    write(item) {
      this.taken.push(item);
      return false;
    },
    onDrain(listener) {
      this.drain = listener;
    },
    end() {
      this.ended += 1;
    },
  });

  it("waits for each drain, and ends the outlet after the last item", async () => {
    const outlet = slow();
    let asked = 0;
    async function* items(): AsyncIterable<number> {
      for (const item of [1, 2, 3]) {
        assert.deepEqual(outlet.taken.length, asked);
        asked += 1;
        yield item;
        setImmediate(() => outlet.drain());
      }
    }
    const done = pump(items(), outlet, new AbortController().signal);
    setImmediate(() => outlet.drain());
    await done.catch(assert.ifError);
    assert.deepEqual(outlet.taken, [1, 2, 3]);
    assert.equal(outlet.ended, 1);
  });

  it("stops while it waits when its signal aborts", async () => {
    const outlet = slow();
    const abort = new AbortController();
    const done = pump(
      (async function* () {
        yield 1;
        yield 2;
      })(),
      outlet,
      abort.signal,
    );
    setImmediate(() => abort.abort());
    await done;
    assert.deepEqual([outlet.taken, outlet.ended], [[1], 0]);
  });
});

describe("a stream's signal", () => {
  it("aborts when the handler has ended it, so that one place lets go", async () => {
    const ended = Promise.withResolvers<CallContext>();
    const { channel } = await startGrpcHost((host) =>
      host.add(MarketDataService, {
        streamPrices: (_request, context, outlet) => {
          once(context.signal, "abort").then(() => ended.resolve(context), ended.reject);
          outlet.end();
        },
      }),
    );
    await collect(channel.client(MarketDataService).streamPrices({}));
    assert.equal((await ended.promise).signal.aborted, true);
  });
});
