import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, it } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { MarketDataService } from "@tse/contracts";
import {
  type CallContext,
  closeHost,
  createHttpHost,
  GrpcCallFailed,
  type GrpcHost,
  listen,
  PortUnavailable,
  silentLogger,
} from "../../src/index.ts";
import { startHost } from "../support.ts";
import { collect, failureOf, openChannel, startGrpcHost } from "./support.ts";

/** A service whose prices come when `release` is called, and whose streams never end by themselves. */
function patient(): {
  readonly serve: (host: GrpcHost) => void;
  readonly release: () => void;
  readonly calls: CallContext[];
} {
  const { promise, resolve } = Promise.withResolvers<void>();
  const calls: CallContext[] = [];
  return {
    calls,
    release: resolve,
    serve: (host) =>
      host.add(MarketDataService, {
        getPrice: async ({ symbol }, context) => {
          calls.push(context);
          await promise;
          return { symbol };
        },
        streamPrices: (_request, context, outlet) => {
          calls.push(context);
          outlet.write({ symbol: "A" });
        },
      }),
  };
}

describe("a server that stops", () => {
  it("ends streams, lets calls finish, and then is gone", async () => {
    const { serve, release, calls } = patient();
    const { host, channel, address } = await startGrpcHost(serve);
    const prices = channel.client(MarketDataService);
    const stream = prices.streamPrices({})[Symbol.asyncIterator]();
    assert.equal((await stream.next()).value.symbol, "A");
    const call = prices.getPrice({ symbol: "B" });
    while (calls.length < 2) await nextTurn();
    assert.equal(host.figures().streamingClients, 1);

    const stopped = host.stop(60_000);
    assert.equal(host.stop(0), stopped);
    const error = await failureOf(stream.next());
    assert.ok(error instanceof GrpcCallFailed);
    assert.deepEqual([error.status, error.code], ["UNAVAILABLE", "shutting_down"]);
    assert.deepEqual(
      calls.map(({ signal }) => signal.aborted),
      [true, false],
    );

    release();
    assert.equal((await call).symbol, "B");
    await stopped;
    assert.equal(host.figures().isRunning, false);
    assert.equal(host.figures().connectionCount, 0);
    const late = await failureOf(openChannel(address).client(MarketDataService).getPrice({}));
    assert.equal((late as GrpcCallFailed).status, "UNAVAILABLE");
  });

  it("cuts what doesn't end in time", async () => {
    const { serve, calls } = patient();
    const { host, channel, log } = await startGrpcHost(serve);
    const failure = failureOf(channel.client(MarketDataService).getPrice({}));
    while (calls.length < 1) await nextTurn();

    await host.stop(10);
    assert.equal(((await failure) as GrpcCallFailed).status, "UNAVAILABLE");
    const [call] = calls;
    assert.ok(call !== undefined);
    if (!call.signal.aborted) await once(call.signal, "abort");
    assert.equal(log.lines().filter(({ message }) => message === "calls cut").length, 1);
  });

  it("cuts connections that say nothing, without waiting", async () => {
    const { host, port } = await startGrpcHost(() => {});
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    await once(socket, "connect");
    // The server has taken the connection when its first frame comes.
    await once(socket, "data");
    await Promise.all([once(socket, "close"), host.stop(60_000)]);
  });

  it("can stop without ever having listened, and one that stopped says so", async () => {
    const { host } = await startGrpcHost(() => {});
    await host.stop(0);
    await host.stop(0);
    assert.equal(host.figures().isRunning, false);
  });
});

describe("a port", () => {
  it("that is in use is refused as HTTP refuses it", async () => {
    const first = await startGrpcHost(() => {});
    const web = await startHost(() => {});
    for (const { port } of [first, web]) {
      const error = await failureOf(startGrpcHost(() => {}, {}, port));
      assert.ok(error instanceof PortUnavailable);
      assert.equal(
        error.message,
        `port ${port} is in use; stop the other program or choose one with --grpc-port`,
      );
    }
    const app = createHttpHost({ logger: silentLogger, metrics: web.metrics });
    const taken = { host: "127.0.0.1", port: first.port, choice: "--port" };
    assert.ok((await failureOf(listen(app, taken))) instanceof PortUnavailable);
    await closeHost(app, 0);
  });
});

describe("a channel", () => {
  it("connects again when the server is back, also for calls that wait for it", async () => {
    const { serve, release } = patient();
    release();
    const first = await startGrpcHost(serve);
    const channel = openChannel(first.address, { reconnectMs: { first: 20, longest: 50 } });
    const prices = channel.client(MarketDataService);
    await channel.ready(5_000);
    assert.equal((await prices.getPrice({ symbol: "A" })).symbol, "A");
    await first.host.stop(1_000);

    const failed = await failureOf(prices.getPrice({ symbol: "A" }));
    assert.equal((failed as GrpcCallFailed).status, "UNAVAILABLE");
    const waiting = prices.getPrice({ symbol: "B" }, { waitForReady: true });
    await startGrpcHost(serve, {}, first.port);
    assert.equal((await waiting).symbol, "B");
  });

  it("can't be ready when nobody listens", async () => {
    const { host, address } = await startGrpcHost(() => {});
    await host.stop(0);
    assert.ok((await failureOf(openChannel(address).ready(20))) instanceof Error);
  });

  it("ends a stream whose reader leaves, and the server is told", async () => {
    const { serve, calls } = patient();
    const { channel } = await startGrpcHost(serve);
    const prices = channel.client(MarketDataService);
    for await (const { symbol } of prices.streamPrices({})) {
      assert.equal(symbol, "A");
      break;
    }
    const [call] = calls;
    assert.ok(call !== undefined);
    if (!call.signal.aborted) await once(call.signal, "abort");

    const abort = new AbortController();
    const stream = prices.streamPrices({}, { signal: abort.signal });
    abort.abort(new Error("enough"));
    assert.equal(((await failureOf(collect(stream))) as Error).message, "enough");
  });
});
