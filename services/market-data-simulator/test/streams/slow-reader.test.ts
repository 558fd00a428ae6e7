import assert from "node:assert/strict";
import { getDefaultHighWaterMark } from "node:stream";
import { describe, it } from "node:test";
import { openSocket, type RunningService, startService } from "../support/running.ts";

const subscribe = (more: object = {}) => ({
  op: "subscribe",
  channels: ["BTC/USD", "USDT/USD", "BTC/USDT"].map((symbol) => ({ channel: "price", symbol })),
  ...more,
});

const ONE = { DEFAULT_SYMBOLS: "BTC/USD", PRICE_MODE: "static", STREAM_FLUSH_MS: "0" };

/** Twice this is more than a socket's buffers take: hours of prices. */
const LONG = "80m";

/** What a connection takes before it is waited for, and the batch with which it has enough. */
const UNSENT_MAX = getDefaultHighWaterMark(false) + 64 * 1_024;

/** Bytes that wait for clients, as the service counts them. */
async function unsent({ http }: RunningService): Promise<number> {
  const metrics = await (await fetch(`${http}/metrics`)).text();
  const [, bytes] =
    /^market_data_memory_usage_bytes\{.*buffer_type="clients".*\} (\d+)$/m.exec(metrics) ?? [];
  return Number(bytes);
}

describe("A client that stops reading", () => {
  it("costs no more the longer it does, and goes on with the newest price", async () => {
    await using service = await startService(ONE);
    const socket = await openSocket(`${service.ws}/api/v1/ws`, { perMessageDeflate: false });
    await socket.ask(subscribe());
    await socket.event("price");
    socket.socket.pause();
    for (let times = 0; times < 2; times++) {
      await service.advance(LONG);
      const waiting = await unsent(service);
      assert.ok(waiting <= UNSENT_MAX, `${waiting} bytes`);
    }
    assert.ok((await unsent(service)) > 0, "its connection takes nothing more");
    socket.socket.resume();
    const all = await socket.until("price", 9_601);
    const events = all.filter(({ symbol }) => symbol === "BTC/USD");
    const conflated = events.filter(({ skipped }) => skipped > 0);
    assert.ok(conflated.length > 0, "some were passed over");
    let expected = 2;
    for (const { sequence, skipped } of events) {
      assert.equal(sequence, expected + skipped, "what is missing is announced");
      expected = sequence + 1;
    }
    socket.close();
  });

  it("is let go when it wanted every tick", async () => {
    await using service = await startService(ONE);
    const socket = await openSocket(`${service.ws}/api/v1/ws`, { perMessageDeflate: false });
    await socket.ask(subscribe({ everyTick: true }));
    await socket.event("price");
    socket.socket.pause();
    await service.advance(LONG);
    await service.advance(LONG);
    const { body } = await service.admin("GET", "/admin/state");
    assert.equal(body.subscribers, 0);
    socket.socket.resume();
    // It is told why, unless it is so late to read on that it was cut off meanwhile.
    const { code } = await socket.closed();
    assert.ok([4008, 1006].includes(code), `closed with ${code}`);
  });
});
