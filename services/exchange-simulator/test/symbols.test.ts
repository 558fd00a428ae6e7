import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Recent } from "@tse/service-kit";
import { findInstrument } from "../src/symbols.ts";
import { DEFAULT_INSTRUMENTS, listing } from "../src/world/instruments.ts";
import { startExchange } from "./support/exchange.ts";

describe("A symbol", () => {
  it("is understood in every spelling that clients use", async () => {
    const { venue } = await startExchange();
    for (const spelling of ["BTC/USD", "BTC-USD", "BTC%2FUSD", "BTC%2fUSD", "BTCUSD"]) {
      assert.equal(findInstrument(venue, spelling)?.symbol, "BTC/USD", spelling);
    }
    assert.equal(findInstrument(venue, "BTCUSDT")?.symbol, "BTC/USDT");
  });

  it("without a slash names the youngest instrument that is called so", async () => {
    const { venue, submit, instrument } = await startExchange();
    const delisted = { status: "delisted" } as const;
    const old = instrument("BTC/USD").id;
    await submit({ kind: "update_instrument", instrument: old, rules: delisted });
    const [terms] = DEFAULT_INSTRUMENTS;
    assert.ok(terms);
    await submit(listing({ ...terms, baseAsset: "BTCU", quoteAsset: "SD" }));

    assert.equal(findInstrument(venue, "BTCUSD")?.symbol, "BTCU/SD");
    assert.equal(findInstrument(venue, "BTC/USD")?.id, old);
  });

  it("names nothing when it is anything else", async () => {
    const { venue } = await startExchange();
    for (const text of ["", "BTC", "btc/usd", "USD/BTC", "BTC--USD", "BTC/USD/", "BTC USD"]) {
      assert.equal(findInstrument(venue, text), undefined, text);
    }
  });
});

describe("The recent items of a series", () => {
  it("are the newest, oldest first, as many as fit", () => {
    const recent = new Recent<number>(3);
    assert.deepEqual([...recent.from(0)], []);
    for (let item = 1; item <= 5; item++) recent.add(item);

    assert.deepEqual([...recent.from(0)], [3, 4, 5]);
    assert.deepEqual([...recent.from(2)], [5]);
    assert.deepEqual([...recent.from(-7)], [3, 4, 5]);
    assert.deepEqual(
      [recent.at(0), recent.at(2), recent.at(3), recent.at(-1)],
      [3, 5, undefined, undefined],
    );
    recent.clear();
    recent.add(9);
    assert.deepEqual([recent.length, recent.at(0)], [1, 9]);
  });
});
