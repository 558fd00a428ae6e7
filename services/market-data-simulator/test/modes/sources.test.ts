import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ScenarioBoard, ScenarioDefinition } from "@tse/market-model";
import { seededRandom } from "@tse/simulation";
import type { Feed } from "../../src/feed/feed.ts";
import type { Intervention } from "../../src/feed/intervention.ts";
import type { MarketMode } from "../../src/feed/markets.ts";
import type { ModeTerms } from "../../src/modes/mode-terms.ts";
import type { MarketEvent } from "../../src/modes/world-market.ts";
import { after, SECOND } from "../support/feeds.ts";
import { replayOf } from "./datasets.ts";
import { begun, largest, modeAt, priceOf, pricesOf, SHOCK } from "./worlds.ts";

const ALL = ["binance", "coinmarketcap", "coingecko"];

function planned(feed: Feed, request: Parameters<ScenarioBoard["plan"]>[0]): void {
  const made = feed.scenarios.plan(request);
  assert(made.status === "accepted");
  feed.apply({ kind: "scenario", at: request.at, command: made.command });
}

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

  it("don't halt for a scenario that is over before they say what it did", () => {
    const consequences = (mode: MarketMode, change: number, span: number, stopped?: number) => {
      const { feed, ticks, events, until } = begun({ ...consensus, mode });
      until(30);
      const before = priceOf(feed);
      const path = { path: "move", after: 0, over: SECOND, shape: "linear" } as const;
      const definition = {
        ...SHOCK,
        duration: span * SECOND,
        effects: [
          {
            on: "price",
            assets: ["BTC"],
            path: { ...path, change: Math.log(1 + change) },
          } as const,
        ],
      };
      planned(feed, {
        kind: "start",
        id: "move",
        definition,
        at: after(30 * SECOND),
        random: seededRandom(1),
        logPrice: (asset) => feed.logPrice(asset),
      });
      if (stopped !== undefined) {
        planned(feed, { kind: "stop", id: "move", at: after(stopped * SECOND) });
      }
      until(45);
      const moved = priceOf(feed) / before;
      for (const source of ALL) feed.apply(disturbed(source, 45, 1.25));
      until(55);
      return { moved, kinds: kinds(events), largest: largest(pricesOf(ticks)) };
    };
    for (const [mode, change, span, stopped] of [
      ["static", 0.4, 2],
      ["realistic", 0.4, 1],
      ["gbm", -0.3, 2],
      ["realistic", -0.5, 3_600, 31],
      ["static", -0.5, 3_600, 30.7],
    ] as const) {
      const { moved, kinds: told, largest: most } = consequences(mode, change, span, stopped);
      const share = stopped === 30.7 ? 0.5 ** 0.7 : 1 + change;
      assert.ok(Math.abs(moved / share - 1) < 5e-3, `${change}, ${span}, ${stopped}: ${moved}`);
      assert.ok(most < 0.35, `half of the way in a second: ${most}`);
      // What sources make of a price isn't a scenario's, and halts as soon after it as ever.
      assert.equal(told.filter((kind) => kind === "halted").length, 1);
    }
  });

  it("are trusted as the market's own price is until they say something", () => {
    const { feed, ticks, until } = begun(consensus);
    until(5);
    feed.apply({
      kind: "mode",
      symbol: "ETH/USD",
      at: after(5 * SECOND),
      terms: { mode: "consensus" },
    });
    until(10);
    for (const symbol of ["BTC/USD", "ETH/USD", "ETH/BTC"]) {
      const own = ticks.filter(({ terms }) => terms.symbol === symbol);
      assert.ok(
        own.every(({ confidence }) => confidence > 0.5),
        symbol,
      );
    }
    assert.deepEqual([ticks[0]?.terms.symbol, ticks[0]?.confidence], ["BTC/USD", 1]);
  });

  const away: readonly (readonly [ModeTerms, Intervention])[] = [
    [replayOf("hour"), { kind: "replay", id: "hour-1", at: after(60 * SECOND), action: "stop" }],
    [{ mode: "gbm" }, modeAt(60, { mode: "consensus" })],
    [{ mode: "consensus" }, modeAt(60, { mode: "consensus" })],
  ];
  for (const [terms, back] of away) {
    it(`begin afresh, from where the price is, when a symbol comes back: ${terms.mode}`, () => {
      const { feed, ticks, until } = begun(consensus);
      const states = (from: number, to: number) =>
        Array.from({ length: to - from }, (_, i) => {
          until(from + i + 1);
          return feed.state("BTC/USD", feed.time);
        });
      const halted = ALL.map((source) => disturbed(source, 30, 0.75));
      const leave = [...ALL.map((source) => disturbed(source, 40)), modeAt(40.5, terms)];
      for (const each of halted) feed.apply(each);
      assert.deepEqual(states(30, 40).slice(-1), ["halted"]);
      for (const each of leave) feed.apply(each);
      assert.deepEqual(new Set(states(41, 60)), new Set(["live"]));
      feed.apply(back);
      assert.deepEqual(new Set(states(60, 130)), new Set(["live"]));
      assert.equal(feed.latest("BTC/USD")?.source, "consensus");
      assert.ok(largest(pricesOf(ticks)) < 0.01, `${largest(pricesOf(ticks))}`);

      const again = begun(consensus);
      for (const each of [...halted, ...leave, back]) {
        again.feed.skipTo(each.at);
        again.feed.apply(each);
      }
      again.feed.skipTo(after(129 * SECOND));
      again.until(130);
      assert.equal(again.feed.sequence("BTC/USD"), feed.sequence("BTC/USD"));
      assert.equal(again.feed.logPrice("BTC"), feed.logPrice("BTC"));
    });
  }

  it("halt for what they say besides of a price at which they begin afresh", () => {
    const { feed, until } = begun(consensus);
    feed.apply(modeAt(10, replayOf("hour")));
    for (const source of ALL) feed.apply(disturbed(source, 20, 1.25));
    until(30);
    const before = priceOf(feed);
    feed.apply({ kind: "replay", id: "hour-1", at: after(30 * SECOND), action: "stop" });
    until(40);
    assert.equal(feed.state("BTC/USD", feed.time), "halted");
    assert.ok(Math.abs(priceOf(feed) / before - 1) < 1e-3);
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
