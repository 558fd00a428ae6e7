import { deepEqual, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { formatShortest } from "@tse/domain";
import { DEFAULT_INSTRUMENTS, listing } from "../../src/world/instruments.ts";

describe("the default instruments", () => {
  const listings = DEFAULT_INSTRUMENTS.map((terms) => ({ terms, ...listing(terms) }));

  it("bound an order's notional in proportion to their largest size and their price", () => {
    const largest = listings.map(({ baseAsset, quoteAsset, rules }) => [
      `${baseAsset}/${quoteAsset}`,
      formatShortest(rules.maxNotional, 8),
    ]);
    deepEqual(Object.fromEntries(largest), {
      "BTC/USD": "9000000",
      "ETH/USD": "10000000",
      "SOL/USD": "4000000",
      "ADA/USD": "2000000",
      "DOT/USD": "2800000",
      "USDT/USD": "2000000",
      "BTC/USDT": "9000000",
      "ETH/USDT": "10000000",
      "ETH/BTC": "222.2",
    });
  });

  it("let an order of the largest size be placed at the start price", () => {
    for (const { terms, rules } of listings) {
      const cost = Number(terms.maxSize) * Number(terms.startPrice);
      ok(Number(rules.maxNotional) / 1e8 >= cost, `${terms.baseAsset}/${terms.quoteAsset}`);
      ok(rules.minNotional < rules.maxNotional);
    }
  });
});
