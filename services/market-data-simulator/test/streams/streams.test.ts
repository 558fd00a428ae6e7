import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { WebSocket } from "ws";
import { within } from "../support/patience.ts";
import { type Json, openSocket, openSse, startService } from "../support/running.ts";

const price = (symbol: string, more: object = {}) => ({ channel: "price", symbol, ...more });

/** Bitcoin's ticks of a stream of server-sent events, up to a sequence. */
async function bitcoinUntil(
  sse: Awaited<ReturnType<typeof openSse>>,
  sequence: number,
): Promise<Json[]> {
  const ticks: Json[] = [];
  while (ticks.at(-1)?.sequence !== sequence) {
    const { event, data } = await sse.next();
    assert.equal(event, "price");
    if (data.asset === "BTC") ticks.push(data.data);
  }
  return ticks;
}

describe("Streams", () => {
  it("show the same sequences and prices, whatever the protocol, interval and start", async () => {
    await using service = await startService();
    const each = await openSocket(`${service.ws}/api/v1/ws`);
    await each.ask({ op: "subscribe", channels: [price("BTC/USD")] });
    await service.advance("10s");
    const slow = await openSocket(`${service.ws}/api/v1/ws`);
    await slow.ask({ op: "subscribe", channels: [price("BTC-USD", { interval: "5s" })] });
    const sse = await openSse(`${service.http}/api/v1/stream/prices?symbols=BTC,ETH`);
    const first = await sse.next();
    assert.deepEqual(Object.keys(first.data), ["BTC", "ETH"]);
    await service.advance("20s");

    const seen = new Map<number, string>();
    for (const event of await each.until("price", 31)) seen.set(event.sequence, event.data.price);
    assert.equal(seen.size, 31);
    const slowly = await slow.until("price", 31);
    assert.deepEqual(
      slowly.map(({ sequence, skipped, type }) => [sequence, skipped, type]),
      [
        [11, 0, "snapshot"],
        [16, 4, "update"],
        [21, 4, "update"],
        [26, 4, "update"],
        [31, 4, "update"],
      ],
    );
    for (const { sequence, data } of slowly) assert.equal(data.price, seen.get(sequence));

    assert.equal(first.data.BTC.price, seen.get(first.data.BTC.sequence));
    const eventSource = await bitcoinUntil(sse, 31);
    for (const { sequence, price } of eventSource) assert.equal(price, seen.get(sequence));
    assert.deepEqual(
      eventSource.map(({ sequence }) => sequence),
      Array.from({ length: 20 }, (_, index) => index + 12),
    );
    const { body } = await service.api("/prices/BTC/history?limit=500");
    for (const tick of body.ticks) assert.equal(tick.price, seen.get(tick.sequence));
    for (const socket of [each, slow]) socket.close();
    sse.close();
  });

  it("are the same for clients who take them compressed, and for who can't take our window", async () => {
    await using service = await startService();
    const url = `${service.ws}/api/v1/ws`;
    const clients = await Promise.all([
      openSocket(url, { perMessageDeflate: false }),
      openSocket(url, { perMessageDeflate: true }),
      openSocket(url, { perMessageDeflate: { serverMaxWindowBits: 9 } }),
    ]);
    const channels = [price("BTC/USD"), { channel: "depth", symbol: "BTC/USD" }];
    for (const client of clients) await client.ask({ op: "subscribe", channels });
    await service.advance("60s");
    const seen = await Promise.all(clients.map((client) => client.until("price", 61)));
    assert.deepEqual(seen[1], seen[0]);
    assert.deepEqual(seen[2], seen[0]);
    assert.deepEqual(
      clients.map(({ socket }) => socket.extensions),
      ["", "permessage-deflate", "permessage-deflate"],
    );
    const bytes = clients.map(({ read }) => read());
    const [plain = 0, compressed = 0, narrow = 0] = bytes;
    assert.ok(compressed < 0.75 * plain, bytes.join());
    assert.ok(narrow > 0.95 * plain, bytes.join());
    for (const client of clients) client.close();
  });

  it("resume behind a sequence, or behind the id of a server-sent event", async () => {
    await using service = await startService();
    await service.advance("1m");
    const socket = await openSocket(`${service.ws}/api/v1/ws`);
    const channels = [price("ETH/USD", { resumeAfter: 41 })];
    await socket.ask({ op: "subscribe", channels });
    const events = await socket.until("price", 61);
    assert.deepEqual(
      events.map(({ sequence, skipped, type }) => [sequence, skipped, type]),
      Array.from({ length: 20 }, (_, index) => [42 + index, 0, "update"]),
    );
    const id = String(Date.parse("2026-01-05T00:00:57Z") * 1_000);
    const sse = await openSse(`${service.http}/api/v1/stream/prices?symbols=ETH`, {
      "last-event-id": id,
    });
    await sse.next();
    for (const sequence of [59, 60, 61]) {
      const { data } = await sse.next();
      assert.equal(data.data.sequence, sequence);
    }
    socket.close();
    sse.close();
  });

  it("announce what a resuming client can't be given any more", async () => {
    await using service = await startService({ DEFAULT_SYMBOLS: "BTC/USD" });
    await service.advance("61m");
    const socket = await openSocket(`${service.ws}/api/v1/ws`);
    await socket.ask({ op: "subscribe", channels: [price("BTC/USD", { resumeAfter: 1 })] });
    const [oldest] = await socket.until("price", 1);
    assert.deepEqual([oldest.sequence, oldest.skipped], [62, 60]);
    // Everything else follows without a gap, however much it is.
    const rest = await socket.until("price", 3_661);
    assert.equal(rest.length, 3_599);
    assert.ok(rest.every(({ skipped }) => skipped === 0));
    socket.close();
  });

  it("carry candles, depth and snapshots, and stop them when asked", async () => {
    await using service = await startService();
    const socket = await openSocket(`${service.ws}/api/v1/ws`);
    const symbol = "BTC/USD";
    const channels = [
      { channel: "candle", symbol, interval: "1m" },
      { channel: "depth", symbol },
      { channel: "snapshot", symbol },
    ];
    const reply = await socket.ask({ op: "subscribe", channels });
    assert.deepEqual(reply.result.channels, channels);
    await service.advance("61s");
    const closed = await socket.take((event) => event.channel === "candle" && event.data.isClosed);
    assert.deepEqual([closed.data.ticks, closed.data.startTime], [60, "2026-01-05T00:00:00.000Z"]);
    const { body } = await service.api("/prices/BTC/history?interval=1m&limit=2");
    assert.deepEqual(closed.data, body.candles[1]);
    const depth = await socket.take((event) => event.channel === "depth" && event.sequence === 62);
    assert.equal(depth.data.bids.length, 10);
    const snapshot = await socket.take(
      (event) => event.channel === "snapshot" && event.sequence === 61,
    );
    assert.deepEqual(Object.keys(snapshot.data), [
      "lastPrice",
      "bid",
      "ask",
      "spread",
      "volume24h",
      "priceChange24h",
      "priceChangePercent24h",
    ]);
    await socket.ask({ op: "unsubscribe", channels });
    socket.messages.length = 0;
    await service.advance("5s");
    await socket.ask({ op: "subscribe", channels: [price(symbol)] });
    const [next] = await socket.until("price", 1);
    assert.equal(next.sequence, 67);
    assert.deepEqual(socket.messages, []);
    socket.close();
  });

  it("name what is wrong with a message and go on", async () => {
    await using service = await startService();
    const socket = await openSocket(`${service.ws}/api/v1/ws`);
    for (const [message, field, rule] of [
      ["{", "message", "json"],
      ["[]", "message", "type"],
      ['{"op":"buy"}', "op", "one_of"],
      ['{"op":"subscribe"}', "channels", "required"],
      ['{"op":"subscribe","channels":[]}', "channels", "length"],
      [JSON.stringify({ op: "subscribe", channels: [price("")] }), "channels.0.symbol", "length"],
      [
        JSON.stringify({ op: "subscribe", channels: [price("BTC/USD", { interval: "x" })] }),
        "channels.0.interval",
        undefined,
      ],
    ] as const) {
      const { type, error } = await socket.ask(message);
      assert.deepEqual([type, error.code], ["error", "validation_failed"], message);
      assert.equal(error.errors[0].field, field, message);
      if (rule !== undefined) assert.equal(error.errors[0].rule, rule, message);
    }
    const unknown = await socket.ask({
      op: "subscribe",
      channels: [price("BTC/USD"), price("XRP/USD")],
    });
    assert.deepEqual(
      [unknown.error.code, unknown.error.errors[0].field],
      ["symbol_not_found", "channels.1.symbol"],
    );
    await socket.ask({ op: "subscribe", channels: [price("BTC/USD")] });
    assert.equal((await socket.event("price")).sequence, 1);
    socket.close();
  });

  it("are paced at 100 ms where less is asked for, and not where nothing is", async () => {
    await using service = await startService();
    const sockets = await Promise.all(
      [{ interval: "10ms" }, { interval: "100ms" }, {}].map(async (pace) => {
        const socket = await openSocket(`${service.ws}/api/v1/ws`);
        await socket.ask({ op: "subscribe", channels: [price("BTC/USD", pace)] });
        return socket;
      }),
    );
    for (const by of ["1020ms", "20ms", "200ms"]) {
      await service.advance(by);
      await service.admin("POST", "/admin/prices/BTC-USD", { price: "45000" });
    }
    await service.advance("1s");
    const seen: number[][] = [];
    for (const socket of sockets) {
      const events = await socket.until("price", 6);
      seen.push(events.map(({ sequence }: Json) => sequence));
      socket.close();
    }
    assert.deepEqual(seen, [
      [1, 2, 5, 6],
      [1, 2, 5, 6],
      [1, 2, 3, 4, 5, 6],
    ]);
  });

  it("follow an announced subscription, and end with it", async () => {
    await using service = await startService();
    const { body } = await service.api("/subscribe", "POST", {
      clientId: "risk-monitor",
      symbols: ["BTC/USD", "ETH/USD"],
      interval: 2_000,
    });
    const socket = await openSocket(body.wsUrl);
    const symbols = [await socket.event("price"), await socket.event("price")];
    assert.deepEqual(
      symbols.map(({ symbol }: Json) => symbol),
      ["BTC/USD", "ETH/USD"],
    );
    const path = `/subscriptions/${body.subscriptionId}`;
    assert.equal((await service.api(path)).body.lastUpdate, "2026-01-05T00:00:00.000Z");
    await service.api(path, "DELETE");
    assert.equal((await socket.closed()).code, 1001);
    const late = new WebSocket(body.wsUrl);
    late.on("error", () => {});
    const [, response] = await once(late, "unexpected-response");
    assert.equal(response.statusCode, 404);
    late.terminate();
  });

  it("have room for so many subscribers of all, and of each symbol", async () => {
    await using service = await startService({ SUBSCRIBERS_MAX: "2", SYMBOL_SUBSCRIBERS_MAX: "1" });
    const one = await openSocket(`${service.ws}/api/v1/ws`);
    await one.ask({ op: "subscribe", channels: [price("BTC/USD")] });
    const two = await openSocket(`${service.ws}/api/v1/ws`);
    const refused = await two.ask({
      op: "subscribe",
      channels: [price("ETH/USD"), price("BTC/USD")],
    });
    assert.deepEqual([refused.error.status, refused.error.code], [429, "subscriber_limit"]);
    assert.match(refused.error.detail, /BTC\/USD/);
    const three = await openSocket(`${service.ws}/api/v1/ws`);
    assert.deepEqual(await three.closed(), { code: 1013, reason: "subscriber_limit" });
    assert.equal((await service.api("/stream/prices?symbols=ETH")).status, 429);
    one.close();
    await within(
      "room",
      (async () => {
        for (;;) {
          const answer = await two.ask({ op: "subscribe", channels: [price("BTC/USD")] });
          if (answer.type === "reply") return;
        }
      })(),
    );
    two.close();
  });

  it("tell everybody when the service stops", async () => {
    const service = await startService();
    const socket = await openSocket(`${service.ws}/api/v1/ws`);
    await socket.ask({ op: "subscribe", channels: [price("BTC/USD")] });
    const sse = await openSse(`${service.http}/api/v1/stream/prices`);
    await sse.next();
    const stopped = service.service.stop();
    assert.equal((await socket.closed()).code, 1001);
    const end = await sse.next();
    assert.deepEqual([end.event, end.data], ["end", { code: "shutting_down" }]);
    assert.equal(await stopped, true);
  });
});
