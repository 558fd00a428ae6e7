import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { timestamp } from "@tse/domain";
import { after, MINUTE, SECOND, START } from "../support/feeds.ts";
import { candleRows, OLD, replayOf } from "./datasets.ts";
import { begun, DAY_ROWS, largest, modeAt, priceOf, pricesOf } from "./worlds.ts";

describe("A replay", () => {
  it("has the data set's prices, at any speed the same at the same places", () => {
    const seen = [1, 10, 1_000].map((speed) => {
      const { feed, ticks, until } = begun();
      feed.apply(modeAt(0, replayOf("day", { align: "absolute", speed })));
      until(Math.min(2_000, 86_400 / speed));
      const from = ticks.findIndex(({ source }) => source === "replay:day");
      const prices = pricesOf(ticks.slice(from));
      return new Map(prices.map((price, i) => [(i + 1) * speed, price]));
    });
    const [slow, ten, fast] = seen as [
      Map<number, number>,
      Map<number, number>,
      Map<number, number>,
    ];
    for (const [second, price] of ten) if (second <= 2_000) assert.equal(price, slow.get(second));
    for (const second of [1_000, 2_000]) assert.equal(fast.get(second), slow.get(second));
    for (const second of [1_000, 5_000, 19_000]) assert.equal(fast.get(second), ten.get(second));
    // Each minute of the data set begins at the candle's open and ends at its close.
    for (const [minute, { open, close }] of DAY_ROWS.slice(1, 30).entries()) {
      assert.equal(slow.get(60 * (minute + 1)), open);
      assert.equal(slow.get(60 * (minute + 1) + 59), close);
    }
  });

  it("ends with a smooth hand-over to what was there before", () => {
    const { feed, ticks, events, until } = begun();
    feed.apply(modeAt(0, { mode: "gbm" }));
    feed.apply(modeAt(10, replayOf("hour", { align: "absolute" })));
    const end = 10 + 59 * 60 + 59;
    until(end);
    const from = ticks.length;
    assert.equal(feed.latest("BTC/USD")?.source, "replay:hour");
    until(end + 1);
    const close = candleRows(60).at(-1)?.close;
    assert.equal(pricesOf(ticks.slice(0, from)).at(-1), close);
    until(end + 60);
    const newest = pricesOf(ticks.slice(from - 9));
    assert.ok(largest(newest) < 0.001, `${largest(newest)}`);
    assert.notEqual(newest[0], newest.at(-1));
    assert.equal(feed.market.terms("BTC").mode, "gbm");
    assert.deepEqual(
      events.map(({ kind, at }) => [kind, (at - START) / SECOND]),
      [["replay_ended", end]],
    );
    const [replay] = feed.market.replays;
    assert.deepEqual([replay?.state, replay?.position], ["ended", OLD + (59 * 60 + 59) * SECOND]);
  });

  it("pauses, plays on, seeks and stops", () => {
    const { feed, ticks, until } = begun();
    const direct = (second: number, action: "pause" | "resume" | "stop") =>
      feed.apply({ kind: "replay", id: "hour-1", at: after(second * SECOND), action });
    feed.apply(modeAt(0, replayOf("hour", { align: "absolute" })));
    direct(100, "pause");
    const held = priceOf(feed);
    until(200);
    assert.equal(priceOf(feed), held);
    const [paused] = feed.market.replays;
    assert.deepEqual([paused?.state, paused?.position], ["paused", OLD + 100 * SECOND]);
    direct(200, "resume");
    until(220);
    assert.equal(priceOf(feed), candleRows(60)[2]?.open);
    const to = timestamp(OLD + 30 * MINUTE);
    feed.apply({ kind: "replay", id: "hour-1", at: after(220 * SECOND), action: "seek", to });
    until(221);
    assert.equal(priceOf(feed), candleRows(60)[30]?.open);
    const from = ticks.length;
    direct(221, "stop");
    until(240);
    assert.ok(largest(pricesOf(ticks.slice(from - 9))) < 0.001);
    assert.equal(feed.market.terms("BTC").mode, "realistic");
    assert.equal(feed.market.replays[0]?.state, "stopped");
    direct(240, "resume");
    assert.equal(feed.latest("BTC/USD")?.source, "simulator");
  });

  it("goes on in a new stretch of the path from where it is, and then hands over", () => {
    const { feed, until } = begun();
    feed.apply(modeAt(0, { mode: "static" }));
    feed.apply(modeAt(0, replayOf("hour", { align: "absolute", speed: 10 })));
    until(100);
    const { market, modes } = feed.market.modes;
    assert.equal(market, "realistic");
    const prices = feed.market.prices;
    const worth = Math.exp(prices.logValue("BTC"));
    const next = begun({ modes, start: after(100 * SECOND) });
    assert.ok(Math.abs(next.feed.logPrice("BTC") - Math.log(45_000)) < 1e-9);
    next.until(110);
    until(110);
    const moved = [priceOf(feed) / worth, priceOf(next.feed) / 45_000];
    assert.ok(Math.abs((moved[0] as number) - (moved[1] as number)) < 1e-6);
    next.until(500);
    assert.equal(next.feed.market.terms("BTC").mode, "static");
  });
});
