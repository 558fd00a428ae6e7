import assert from "node:assert/strict";
import type { ScenarioDefinition } from "@tse/market-model";
import { seededRandom } from "@tse/simulation";
import type { Feed } from "../../src/feed/feed.ts";
import type { Intervention } from "../../src/feed/intervention.ts";
import { priceNumber, type Tick } from "../../src/feed/tick.ts";
import type { ModeTerms } from "../../src/modes/mode-terms.ts";
import type { MarketEvent } from "../../src/modes/world-market.ts";
import { after, type FeedChoice, MINUTE, newFeed, SECOND, ticksOf } from "../support/feeds.ts";
import { candleRows, MINUTES_A_DAY, refOf, replayOf, shelfOf } from "./datasets.ts";

export const DAY_ROWS = candleRows(MINUTES_A_DAY);
export const datasets = shelfOf({ day: DAY_ROWS, hour: candleRows(60) });

export const MODES: Readonly<Record<string, ModeTerms>> = {
  gbm: { mode: "gbm" },
  static: { mode: "static" },
  consensus: { mode: "consensus" },
  bootstrap: { mode: "bootstrap", dataset: refOf("day") },
  replay: replayOf("hour"),
};

export const modeAt = (second: number, terms: ModeTerms, symbol = "BTC/USD"): Intervention => ({
  kind: "mode",
  symbol,
  at: after(second * SECOND),
  terms,
});

export function begun(choice: FeedChoice = {}) {
  const events: MarketEvent[] = [];
  const onMarket = (event: MarketEvent) => events.push(event);
  const feed = newFeed({ mode: "realistic", datasets, onMarket, ...choice });
  const ticks = ticksOf(feed);
  feed.begin();
  const until = (second: number) => feed.advanceTo(after(second * SECOND));
  return { feed, ticks, events, until };
}

export const pricesOf = (ticks: readonly Tick[], symbol = "BTC/USD"): number[] =>
  ticks.flatMap((tick) =>
    tick.terms.symbol === symbol ? [priceNumber(tick.price, tick.terms)] : [],
  );

/** Largest move of a second. */
export function largest(prices: readonly number[]): number {
  const moves = prices.slice(1).map((price, i) => Math.abs(price / (prices[i] as number) - 1));
  return Math.max(...moves);
}

export const priceOf = (feed: Feed, symbol = "BTC/USD"): number => {
  const tick = feed.latest(symbol) as Tick;
  return priceNumber(tick.price, tick.terms);
};

export const SHOCK: ScenarioDefinition = {
  name: "shock",
  kind: "crash",
  title: "Shock",
  pinned: true,
  phases: [],
  duration: 5 * MINUTE,
  release: 0,
  effects: [
    {
      on: "price",
      assets: ["BTC"],
      path: { path: "move", change: Math.log(0.7), after: 0, over: 5 * MINUTE, shape: "linear" },
    },
  ],
};

export function shockAt(feed: Feed, second: number, more: { readonly respectHalt?: boolean } = {}) {
  const planned = feed.scenarios.plan({
    kind: "start",
    id: "shock",
    definition: SHOCK,
    at: after(second * SECOND),
    random: seededRandom(1),
    logPrice: (asset) => feed.logPrice(asset),
    ...more,
  });
  assert.equal(planned.status, "accepted");
  if (planned.status === "accepted") {
    feed.apply({ kind: "scenario", at: after(second * SECOND), command: planned.command });
  }
}
