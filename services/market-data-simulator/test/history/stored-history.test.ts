import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { newMarketDataAdapter } from "@tse/market-data-adapter";
import { realClock, silentLogger } from "@tse/service-kit";
import { seededRandom } from "@tse/simulation";
import { priceRow } from "../../src/archive/rows.ts";
import { History } from "../../src/history/history.ts";
import { StoredHistory } from "../../src/history/stored-history.ts";
import { after, type FeedChoice, newFeed, SECOND, ticksOf } from "../support/feeds.ts";

const SYMBOL = "BTC/USD";

async function memoryAdapter() {
  const clock = realClock();
  const adapter = newMarketDataAdapter(
    { instanceName: "market-data-simulator", store: { kind: "memory" } },
    { logger: silentLogger, clock, realClock: clock, random: seededRandom(1) },
  );
  await adapter.connect();
  return adapter;
}

function lived(seconds: number, choice: FeedChoice = {}) {
  const feed = newFeed({ symbols: [SYMBOL], ...choice });
  const ticks = ticksOf(feed);
  feed.begin();
  feed.advanceTo(after(seconds * SECOND));
  return { feed, ticks: ticks.filter(({ terms }) => terms.symbol === SYMBOL) };
}

describe("A history", () => {
  it("has each sequence once, also where storage has two ticks of it", async () => {
    const adapter = await memoryAdapter();
    for (const seed of [1, 2]) {
      await adapter.priceFeedRepository.createMany(lived(60, { seed }).ticks.map(priceRow));
    }
    const { feed, ticks } = lived(90, { seed: 2, held: 50 });
    const history = new History(feed, new StoredHistory(adapter), undefined);
    const found: number[] = [];
    let before: number | undefined;
    do {
      const page = await history.ticks({ symbol: SYMBOL, limit: 20, before });
      found.push(...page.items.map(({ sequence }) => sequence));
      before = page.hasMore ? found.at(-1) : undefined;
    } while (before !== undefined);
    assert.deepEqual(found, ticks.map(({ sequence }) => sequence).reverse());
  });

  it("is read from storage of a symbol of which memory holds nothing", async () => {
    const adapter = await memoryAdapter();
    await adapter.priceFeedRepository.createMany(lived(9).ticks.map(priceRow));
    const sequences = new Map([[SYMBOL, 10]]);
    const feed = newFeed({ symbols: [SYMBOL], start: after(20 * SECOND), sequences });
    const history = new History(feed, new StoredHistory(adapter), undefined);
    const { items } = await history.ticks({ symbol: SYMBOL, limit: 100 });
    assert.equal(items.length, 10);
  });
});
