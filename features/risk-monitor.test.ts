import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { MarketDataProcess, RiskMonitor, type Update } from "./price-feeds.ts";

const SYMBOLS = ["BTC/USD", "ETH/USD"] as const;
const EACH_TICK = 0;
/** Against waiting for ever, should a line never come. */
const timeout = 60_000;

/** One behind the other, and what was left out is said. */
function assertNoSilentGap(updates: readonly Update[]): void {
  let last = updates[0]!.sequence;
  for (const { symbol, sequence, skipped } of updates.slice(1)) {
    assert.equal(sequence, last + skipped + 1, `${symbol} behind ${last}`);
    last = sequence;
  }
}

function assertSamePrices(updates: readonly Update[], known: ReadonlyMap<number, string>): void {
  for (const { symbol, sequence, price, priceDecimal } of updates) {
    assert.equal(priceDecimal, known.get(sequence), `${symbol} ${sequence}`);
    assert.equal(price, Number(priceDecimal));
  }
}

const bySequence = (updates: readonly Update[]): Map<number, string> =>
  new Map(updates.map(({ sequence, priceDecimal }) => [sequence, priceDecimal]));

describe("Market data foundation", () => {
  // Given a market with ten prices a second,
  let market: MarketDataProcess;
  before(async () => {
    market = await MarketDataProcess.start();
  });
  after(() => market[Symbol.asyncDispose]());

  it("Risk Monitor can subscribe to price feeds and receive updates", { timeout }, async () => {
    // when a risk monitor subscribes to two symbols with nothing but the published contract,
    await using monitor = new RiskMonitor(market, SYMBOLS, EACH_TICK);
    await Promise.all(SYMBOLS.map((symbol) => monitor.has(symbol, 25)));

    // then it gets every price of both, in order, and each is the one that REST tells for its sequence.
    for (const symbol of SYMBOLS) {
      const updates = [...monitor.updates(symbol)];
      assertNoSilentGap(updates);
      assert.ok(
        updates.every(({ skipped }) => skipped === 0),
        "none was left out",
      );
      assertSamePrices(updates, await market.history(symbol));
    }
  });

  it("Risk monitors with different intervals see the same prices", { timeout }, async () => {
    // and a risk monitor that follows each tick,
    await using eager = new RiskMonitor(market, SYMBOLS, EACH_TICK);
    await Promise.all(SYMBOLS.map((symbol) => eager.has(symbol, 1)));

    // when another wants a price every 300 ms,
    await using calm = new RiskMonitor(market, SYMBOLS, 300);
    await Promise.all(SYMBOLS.map((symbol) => calm.has(symbol, 6)));

    // then it is told how many it passed over, and what it has is what the other has.
    for (const symbol of SYMBOLS) {
      const updates = [...calm.updates(symbol)];
      await eager.reaches(symbol, updates.at(-1)!.sequence);
      assertNoSilentGap(updates);
      assert.ok(
        updates.slice(2).every(({ skipped }) => skipped === 2),
        "one in three",
      );
      assertSamePrices(updates, bySequence(eager.updates(symbol)));
    }
  });

  it("Risk Monitor's feed goes on where it was when the service crashes", { timeout }, async () => {
    // and a risk monitor in the midst of its feed,
    await using monitor = new RiskMonitor(market, SYMBOLS, EACH_TICK);
    await Promise.all(SYMBOLS.map((symbol) => monitor.has(symbol, 10)));

    // when the service is killed and started again on what it kept,
    await market.crash();
    await monitor.losesTheFeed();
    const seenBefore = new Map(SYMBOLS.map((symbol) => [symbol, [...monitor.updates(symbol)]]));
    await market.startAgain();

    // then the monitor resumes behind the last price that it has of both,
    const lasts = SYMBOLS.map((symbol) => seenBefore.get(symbol)!.at(-1)!.sequence);
    for (const [i, symbol] of SYMBOLS.entries()) await monitor.reaches(symbol, lasts[i]! + 20);
    assert.deepEqual(monitor.subscriptions, [0, Math.min(...lasts)]);

    for (const [i, symbol] of SYMBOLS.entries()) {
      const seen = seenBefore.get(symbol)!;
      const all = [...monitor.updates(symbol)];
      const resumed = all.slice(seen.length).filter(({ sequence }) => sequence > lasts[i]!);
      // has no gap that was not announced,
      assertNoSilentGap([...seen, ...resumed]);
      // and what it saw before the crash and after it is what the service tells for those sequences now.
      assertSamePrices(all, await market.history(symbol));
    }
  });
});
