import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openSocket, startService } from "../support/running.ts";

const subscribe = (more: object = {}) => ({
  op: "subscribe",
  channels: [{ channel: "price", symbol: "BTC/USD" }],
  ...more,
});

/** More than a socket's buffers take: hours of prices. */
const LONG = "4h";

describe("A client that stops reading", () => {
  it("costs no more the longer it does, and goes on with the newest price", async () => {
    await using service = await startService({ DEFAULT_SYMBOLS: "BTC/USD", STREAM_FLUSH_MS: "0" });
    const socket = await openSocket(`${service.ws}/api/v1/ws`);
    await socket.ask(subscribe());
    await socket.event("price");
    socket.socket.pause();
    await service.advance(LONG);
    await service.advance(LONG);
    socket.socket.resume();
    const events = await socket.until("price", 28_801);
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
    await using service = await startService({ DEFAULT_SYMBOLS: "BTC/USD", STREAM_FLUSH_MS: "0" });
    const socket = await openSocket(`${service.ws}/api/v1/ws`);
    await socket.ask(subscribe({ everyTick: true }));
    await socket.event("price");
    socket.socket.pause();
    await service.advance(LONG);
    await service.advance(LONG);
    const { body } = await service.admin("GET", "/admin/state");
    assert.equal(body.subscribers, 0);
    socket.socket.resume();
    assert.equal((await socket.closed()).code, 4008);
  });
});
