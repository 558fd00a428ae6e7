import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Json, openSocket, type RunningService, startService } from "../support/running.ts";

async function following(service: RunningService, symbol = "BTC/USD") {
  const socket = await openSocket(`${service.ws}/api/v1/ws`);
  await socket.ask({ op: "subscribe", channels: [{ channel: "price", symbol }] });
  await socket.event("price");
  return socket;
}

/** A flush comes within a ms, and may come behind the reply to one question, but not to so many. */
const QUESTIONS = 8;

/** Sequences that came before the reply to a few questions. */
async function arrived(socket: Awaited<ReturnType<typeof openSocket>>): Promise<number[]> {
  for (let count = 0; count < QUESTIONS; count++) {
    await socket.ask({ op: "unsubscribe", channels: [{ channel: "depth", symbol: "BTC/USD" }] });
  }
  const events = socket.messages.splice(0);
  return events.filter(({ channel }) => channel === "price").map(({ sequence }) => sequence);
}

const sequences = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => first + index);

describe("Faults on purpose", () => {
  it("lose ticks by seed, and say which in the record, while others get them all", async () => {
    const lost: number[][] = [];
    for (let run = 0; run < 2; run++) {
      await using service = await startService({ STREAM_FLUSH_MS: "0" });
      const [struck, spared] = [await following(service), await following(service)];
      const { status, body: fault } = await service.admin("POST", "/admin/faults", {
        effect: "drop",
        parameters: { probability: 0.3 },
        symbols: ["BTC"],
        subscribers: [1],
        duration_seconds: 60,
        seed: "seven",
      });
      assert.equal(status, 201);
      await service.advance("50s");
      const seen = await arrived(struck);
      assert.deepEqual(await arrived(spared), sequences(2, 50));
      const missing = sequences(2, 50).filter((sequence) => !seen.includes(sequence));
      const { body } = await service.admin("GET", "/admin/faults/record?limit=1000");
      assert.deepEqual(
        body.record.map(({ sequence }: Json) => sequence),
        missing,
      );
      const [first] = body.record;
      assert.deepEqual(
        [first.fault_id, first.effect, first.subscriber, first.client_type, first.symbol],
        [fault.fault_id, "drop", 1, "websocket", "BTC/USD"],
      );
      assert.ok(missing.length > 5 && missing.length < 25, `${missing.length}`);
      await service.advance("10s");
      assert.deepEqual((await service.admin("GET", "/admin/faults")).body.active, []);
      await service.advance("5s");
      assert.deepEqual((await arrived(struck)).slice(-5), sequences(62, 5));
      lost.push(missing);
      for (const socket of [struck, spared]) socket.close();
    }
    assert.deepEqual(lost[0], lost[1]);
  });

  it("delay in order, duplicate, reorder, and leave gaps", async () => {
    await using service = await startService({ STREAM_FLUSH_MS: "0" });
    const socket = await following(service);
    const strike = async (effect: string, parameters: object) => {
      const { status, body } = await service.admin("POST", "/admin/faults", { effect, parameters });
      assert.equal(status, 201, JSON.stringify(body));
      return async () => void (await service.admin("DELETE", `/admin/faults/${body.fault_id}`));
    };
    let end = await strike("latency", { latency_ms: 2_500 });
    await service.advance("4s");
    assert.deepEqual(await arrived(socket), [2]);
    await service.advance("1s");
    assert.deepEqual(await arrived(socket), [3]);
    await end();
    await service.advance("5s");
    assert.deepEqual(await arrived(socket), sequences(4, 8));

    end = await strike("duplicate", { probability: 1 });
    await service.advance("2s");
    assert.deepEqual(await arrived(socket), [12, 12, 13, 13]);
    await end();

    end = await strike("gap", { length: 3 });
    await service.advance("5s");
    assert.deepEqual(await arrived(socket), [17, 18]);
    await end();

    end = await strike("reorder", { probability: 0.5, distance: 2 });
    await service.advance("30s");
    await end();
    const mixed = await arrived(socket);
    assert.notDeepEqual(mixed, sequences(19, 30));
    assert.deepEqual(
      mixed.toSorted((a, b) => a - b),
      sequences(19, 30),
    );
    socket.close();
  });

  it("freeze, strike in bursts, and disconnect", async () => {
    await using service = await startService({ STREAM_FLUSH_MS: "0" });
    const socket = await following(service);
    const freeze = await service.admin("POST", "/admin/faults", {
      effect: "freeze",
      duration_seconds: 10,
    });
    assert.equal(freeze.status, 201);
    await service.advance("9s");
    assert.deepEqual(await arrived(socket), []);
    await service.advance("2s");
    assert.deepEqual(await arrived(socket), sequences(2, 11));

    await service.admin("POST", "/admin/faults", {
      effect: "burst",
      parameters: { enter: 0.05, leave: 0.2 },
      duration_seconds: 300,
    });
    await service.advance("200s");
    const seen = await arrived(socket);
    const gaps = seen.slice(1).map((sequence, index) => sequence - (seen[index] ?? 0) - 1);
    assert.ok(
      gaps.some((gap) => gap >= 2),
      "losses come together",
    );

    await service.admin("POST", "/admin/faults", { effect: "disconnect" });
    await socket.closed();
    assert.equal((await service.admin("GET", "/admin/state")).body.subscribers, 0);
  });

  it("are the chaos action feed-disruption, too", async () => {
    await using service = await startService({ STREAM_FLUSH_MS: "0" });
    const socket = await following(service, "ETH/USD");
    const { status, body } = await service.admin("POST", "/chaos/feed-disruption", {
      source: "feed",
      packet_loss_percentage: 100,
      duration_seconds: 30,
      affect_symbols: ["ETH-USD"],
    });
    assert.deepEqual(
      [status, body.starts_at, body.ends_at],
      [201, "2026-01-05T00:00:00.000Z", "2026-01-05T00:00:30.000Z"],
    );
    await service.advance("5s");
    assert.deepEqual(await arrived(socket), []);
    const { body: active } = await service.admin("GET", "/chaos/active-scenarios");
    assert.equal(active.scenarios[0].scenario_id, body.scenario_id);
    await service.admin("DELETE", `/chaos/stop-scenario/${body.scenario_id}`);
    await service.advance("1s");
    assert.deepEqual(await arrived(socket), [7]);
    socket.close();
  });

  it("are at most a hundred at a time", async () => {
    await using service = await startService({ STREAM_FLUSH_MS: "0" });
    const wish = { source: "feed", latency_ms: 1 };
    for (let i = 0; i < 100; i++) await service.admin("POST", "/chaos/feed-disruption", wish);
    for (const [path, body] of [
      ["/chaos/feed-disruption", wish],
      ["/admin/faults", { effect: "freeze" }],
    ] as const) {
      const { status, body: refused } = await service.admin("POST", path, body);
      assert.deepEqual([status, refused.code], [429, "too_many_faults"]);
    }
  });

  it("are refused with the field that is wrong, and where chaos is off", async () => {
    await using service = await startService({ STREAM_FLUSH_MS: "0" });
    for (const [body, field] of [
      [{ effect: "melt" }, "effect"],
      [{ effect: "drop" }, "parameters.probability"],
      [{ effect: "drop", parameters: { probability: 1.5 } }, "parameters.probability"],
      [{ effect: "freeze", duration_seconds: 0 }, "duration_seconds"],
      [{ effect: "freeze", symbols: ["XRP"] }, "symbols.0"],
    ] as const) {
      const answer = await service.admin("POST", "/admin/faults", body);
      assert.ok(answer.status === 400 || answer.status === 404, JSON.stringify(answer.body));
      assert.ok(answer.body.errors[0].field.endsWith(field.split(".").at(-1)), field);
    }
    assert.equal((await service.admin("POST", "/chaos/melt", {})).status, 404);
    assert.equal((await service.admin("DELETE", "/admin/faults/none")).status, 404);
    await using calm = await startService({ CHAOS_ENABLED: "false" });
    const refused = await calm.admin("POST", "/admin/faults", { effect: "freeze" });
    assert.deepEqual([refused.status, refused.body.code], [403, "chaos_disabled"]);
  });
});
