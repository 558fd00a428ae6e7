import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ScenarioDefinition } from "@tse/market-model";
import { seededRandom } from "@tse/simulation";
import type { Intervention } from "../../src/feed/intervention.ts";
import type { MarketEvent } from "../../src/modes/world-market.ts";
import { after, SECOND } from "../support/feeds.ts";
import { begun, priceOf, SHOCK } from "./worlds.ts";

describe("Sources", () => {
  const consensus = { modes: { BTC: { mode: "consensus" } as const }, mode: "static" as const };
  const disturbed = (source: string, second: number, factor?: number): Intervention => ({
    kind: "source",
    source,
    symbols: ["BTC/USD"],
    at: after(second * SECOND),
    ...(factor !== undefined && { fault: { loss: 0, delay: 0, factor } }),
  });
  const kinds = (events: readonly MarketEvent[]) =>
    events.flatMap((event) => (event.kind === "consensus" ? [event.event.kind] : []));

  it("lose the wrong one of three, and the price is less sure", () => {
    const { feed, until } = begun(consensus);
    until(30);
    const before = feed.latest("BTC/USD")?.confidence ?? 0;
    feed.apply(disturbed("binance", 30, 1.05));
    until(60);
    assert.ok(Math.abs(priceOf(feed) / 45_000 - 1) < 1e-3);
    const now = feed.latest("BTC/USD")?.confidence ?? 1;
    assert.ok(before > 0.9 && now < before - 0.1, `${before}, ${now}`);
    assert.equal(feed.latest("BTC/USDT")?.confidence, now);
    assert.equal(feed.latest("ETH/USD")?.confidence, 1);
    assert.equal(feed.market.sources("BTC")?.at(-1)?.dropped, "outlier");
    feed.apply(disturbed("binance", 60));
    until(90);
    assert.equal(feed.market.sources("BTC")?.at(-1)?.dropped, undefined);
  });

  it("halt a symbol and its pairs when they move by 25 %, until they agree for a minute", () => {
    const { feed, ticks, events, until } = begun(consensus);
    const sources = ["binance", "coinmarketcap", "coingecko"];
    for (const source of sources) feed.apply(disturbed(source, 30, 0.75));
    until(40);
    const numbers = feed.sequence("BTC/USD");
    for (const symbol of ["BTC/USD", "BTC/USDT", "ETH/BTC"]) {
      assert.equal(feed.state(symbol, feed.time), "halted", symbol);
    }
    assert.equal(feed.state("ETH/USD", feed.time), "live");
    assert.ok(kinds(events).includes("halted"));
    until(60);
    assert.equal(feed.sequence("BTC/USD"), numbers);
    until(110);
    assert.equal(feed.state("BTC/USD", feed.time), "live");
    assert.ok(Math.abs(priceOf(feed) / 33_750 - 1) < 1e-3);
    assert.deepEqual(kinds(events).slice(-1), ["resumed"]);
    const own = ticks.filter(({ terms }) => terms.symbol === "BTC/USD");
    assert.deepEqual(
      own.map(({ sequence }) => sequence),
      own.map((_, i) => i + 1),
    );
    // A past with a halt in it has the same numbers when it is skipped.
    const again = begun(consensus);
    again.feed.skipTo(after(30 * SECOND));
    for (const source of sources) again.feed.apply(disturbed(source, 30, 0.75));
    again.feed.skipTo(after(109 * SECOND));
    again.until(110);
    assert.equal(again.feed.sequence("BTC/USD"), feed.sequence("BTC/USD"));
    assert.equal(again.feed.sequence("ETH/BTC"), feed.sequence("ETH/BTC"));
  });

  it("are heard again at once by the operator's word", () => {
    const { feed, until } = begun(consensus);
    for (const source of ["binance", "coinmarketcap", "coingecko"]) {
      feed.apply(disturbed(source, 30, 0.75));
    }
    until(40);
    feed.apply({ kind: "resume", symbol: "BTC/USD", at: after(40 * SECOND) });
    until(42);
    assert.equal(feed.state("BTC/USD", feed.time), "live");
    assert.ok(Math.abs(priceOf(feed) / 33_750 - 1) < 1e-3);
  });

  it("don't halt for a scenario, unless it is to respect the halt", () => {
    const fast: ScenarioDefinition["effects"] = [
      {
        on: "price",
        assets: ["BTC"],
        path: { path: "move", change: Math.log(0.7), after: 0, over: 0, shape: "jump" },
      },
    ];
    for (const respectHalt of [false, true]) {
      const { feed, until } = begun(consensus);
      until(30);
      const planned = feed.scenarios.plan({
        kind: "start",
        id: "jump",
        definition: { ...SHOCK, pinned: false, effects: fast },
        at: after(30 * SECOND),
        random: seededRandom(1),
        respectHalt,
      });
      assert(planned.status === "accepted");
      feed.apply({ kind: "scenario", at: after(30 * SECOND), command: planned.command });
      until(40);
      const state = feed.state("BTC/USD", feed.time);
      assert.equal(state, respectHalt ? "halted" : "live");
      if (!respectHalt) assert.ok(Math.abs(priceOf(feed) / 31_500 - 1) < 1e-3);
    }
  });

  it("publish nothing when none says anything, and the symbol is stale", () => {
    const { feed, until } = begun(consensus);
    const lost = { loss: 1, delay: 0, factor: 1 };
    until(10);
    for (const source of ["binance", "coinmarketcap", "coingecko"]) {
      const symbols = ["BTC/USD"];
      feed.apply({ kind: "source", source, symbols, at: after(10 * SECOND), fault: lost });
    }
    until(50);
    assert.equal(feed.state("BTC/USD", feed.time), "stale");
    const numbers = feed.sequence("BTC/USD");
    until(60);
    assert.equal(feed.sequence("BTC/USD"), numbers);
  });
});
