import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ExchangeProcess } from "./exchange.ts";
import { MarketDataProcess } from "./price-feeds.ts";

const BTC = "BTC/USD";
/** Against waiting for ever, should a price never come. */
const timeout = 60_000;

/** As near to a price as the makers' spread is narrow. */
const isNear = (price: number) => (other: number) => Math.abs(other / price - 1) < 0.002;

describe("Exchange and market data", () => {
  it("The exchange's makers follow the feed, withdraw without it, and come back", {
    timeout,
  }, async () => {
    // Given a market-data service, an exchange that goes by it and has symbols that it doesn't know, on clocks that stand still,
    await using market = await MarketDataProcess.start({
      CLOCK_MODE: "virtual",
      DEFAULT_SYMBOLS: BTC,
    });
    await using exchange = await ExchangeProcess.start(market);
    const follows = async (price: number) => {
      await exchange.knows(BTC, isNear(price));
      await exchange.advance("1s");
      const { state, quotes, mid } = await exchange.book(BTC);
      assert.equal(state, "live");
      assert.ok(quotes >= 10, `${quotes} levels`);
      assert.ok(isNear(price)(mid), `${mid} is not near ${price}`);
    };
    await follows(45_000);

    // when the feed's price jumps, and goes back to its path,
    await market.publish(BTC, "47000");
    // then the makers' prices go along.
    await follows(47_000);
    await market.advance("100ms");
    await follows(45_000);

    // When the service is killed,
    await market.crash();
    // then the last price, a second old, is good for 30 s,
    await exchange.advance("28s");
    assert.equal((await exchange.book(BTC)).state, "live");
    // and then no longer: nobody quotes, once the makers' shortest pause is over.
    await exchange.advance("1s");
    assert.equal((await exchange.book(BTC)).state, "stale");
    await exchange.advance("100ms");
    const { state, quotes } = await exchange.book(BTC);
    assert.deepEqual([state, quotes], ["stale", 0]);

    // When it is started again, then they quote as before,
    await market.startAgain();
    await market.advance("100ms");
    await follows(45_000);
    // and follow as before.
    await market.publish(BTC, "44000");
    await follows(44_000);
  });
});
