import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import {
  amount,
  type InstrumentId,
  type ListInstrument,
  lots,
  MAX_AMOUNT,
  RATE_ONE,
  type TradingRules,
  ticks,
} from "@tse/domain";
import { btcUsd, Given, money, rules } from "./given.ts";

describe("listing an asset", () => {
  it("numbers it next, once", () => {
    const given = new Given();

    equal(given.apply({ kind: "list_asset", asset: "ETH" }), undefined);

    equal(given.asset("ETH"), 3);
    equal(given.venue.assetName(given.asset("ETH")), "ETH");
    equal(given.apply({ kind: "list_asset", asset: "ETH" }), "already_listed");
  });

  for (const asset of ["", "E", "eth", "ETH/USD", "ABCDEFGHIJK", "É1"]) {
    it(`is refused for "${asset}"`, () => {
      equal(new Given().apply({ kind: "list_asset", asset }), "invalid_instrument");
    });
  }
});

describe("listing an instrument", () => {
  it("works out what a lot and a tick of it are worth", () => {
    const instrument = new Given().venue.instrument(0 as InstrumentId);

    equal(instrument.symbol, "BTC/USD");
    equal(instrument.minorPerLot, 1_000);
    equal(instrument.minorPerTickLot, 10);
    deepEqual([instrument.base, instrument.quote], [1, 0]);
  });

  it("needs a symbol that isn't listed", () => {
    const given = new Given();

    equal(given.list("BTC", "USD"), "already_listed");
    equal(given.list("BTC", "USDT"), undefined);
  });

  it("lists the assets that are missing, in the same unit", () => {
    const given = new Given();

    equal(given.list("ETH", "EUR"), undefined);
    deepEqual(given.tape(), ["asset_listed", "asset_listed", "instrument_listed"]);
    const { base, quote } = given.venue.instrument(1 as InstrumentId);
    deepEqual([base, quote], [given.asset("ETH"), given.asset("EUR")]);
    equal(given.list("SOL", "USD"), undefined);
    deepEqual(given.tape(), ["asset_listed", "instrument_listed"]);
    equal(given.venue.instrumentNamed("SOL/USD")?.base, given.asset("SOL"));
    equal(given.fund(1, "SOL", "1"), undefined);
  });

  it("lists no asset when it is refused", () => {
    const given = new Given();

    equal(given.list("ETH", "eur"), "invalid_instrument");
    equal(given.list("E", "USD"), "invalid_instrument");
    equal(given.list("ETH", "EUR", { priceBand: -1 }), "invalid_instrument");
    equal(given.list("ETH", "ETH"), "invalid_instrument");
    equal(given.list("BTCU", "SD"), "already_listed");

    deepEqual(given.tape(), []);
    deepEqual(given.venue.assets().length, 3);
  });

  it("is refused when its joined symbol is another's, as long as that is listed", () => {
    const given = new Given();
    equal(given.list("BTCU", "SD"), "already_listed");

    given.change({ status: "delisted" });
    equal(given.list("BTCU", "SD"), undefined);
    equal(given.list("BTC", "USD"), "already_listed");
  });

  it("takes a symbol again when its last instrument is delisted", () => {
    const given = new Given();
    given.change({ status: "delisted" });

    equal(given.list("BTC", "USD"), undefined);
    equal(given.venue.instrumentNamed("BTC/USD")?.id, 1);
  });

  const steps: Record<string, Partial<ListInstrument>> = {
    "a tick of nothing": { tickSize: "0" },
    "a tick that isn't a number": { tickSize: "1e-2" },
    "a lot of more than 8 places": { lotSize: "0.000000001" },
    "a tick × lot below a minor unit": { tickSize: "0.00001", lotSize: "0.00001" },
    "a lot too large to count with": { lotSize: "100000000000" },
    "the same asset twice": { baseAsset: "USDT" },
    "no start price": { startPrice: ticks(0) },
    "half a tick as start price": { startPrice: ticks(0.5) },
  };
  for (const [what, change] of Object.entries(steps)) {
    it(`is refused for ${what}`, () => {
      equal(new Given().apply({ ...btcUsd, quoteAsset: "USDT", ...change }), "invalid_instrument");
    });
  }

  const unsound: Record<string, Partial<TradingRules>> = {
    "an unknown status": { status: "open" as never },
    "a smallest quantity of nothing": { minQuantity: lots(0) },
    "quantities the wrong way round": { minQuantity: lots(10), maxQuantity: lots(9) },
    "a quantity that no balance can hold": {
      maxQuantity: lots(Number.MAX_SAFE_INTEGER - 1),
      ...{ minNotional: amount(0n) },
    },
    "a notional below zero": { minNotional: amount(-1n) },
    "notionals the wrong way round": { minNotional: amount(2n), maxNotional: amount(1n) },
    "a notional that no balance can hold": { maxNotional: amount(MAX_AMOUNT + 1n) },
    "a notional that isn't exact in ticks × lots": {
      maxNotional: amount(10n * (2n ** 53n - 1n) + 1n),
    },
    "a band above one": { priceBand: RATE_ONE + 1 },
    "a lower price limit above the reference": { priceMultiplierDown: RATE_ONE + 1 },
    "an upper price limit below the reference": { priceMultiplierUp: RATE_ONE - 1 },
    "room for no order": { maxOpenOrders: 0 },
    "a spread below zero": { maxSpread: -1 },
    "a fee above one": { makerFee: RATE_ONE + 1 },
    "a fee below zero": { takerFee: -1 },
    "half a lot": { minQuantity: lots(0.5) },
  };
  for (const [what, change] of Object.entries(unsound)) {
    it(`or changing one is refused for ${what}`, () => {
      const given = new Given();
      const steps = what.includes("no balance") ? { lotSize: "1000" } : {};

      equal(given.list("BTC", "USDT", change, steps), "invalid_instrument");
      if (steps.lotSize === undefined) equal(given.change(change), "invalid_instrument");
      deepEqual(given.venue.instrument(0 as InstrumentId).maxQuantity, rules.maxQuantity);
    });
  }
});

describe("changing an instrument", () => {
  it("changes what is given and nothing else", () => {
    const given = new Given();
    const before = given.venue.instrument(0 as InstrumentId);
    const extra = { symbol: "ETH/USD", minorPerLot: 7, makerFee: 5, takerFee: undefined };

    equal(given.change(extra as unknown as Partial<TradingRules>), undefined);

    deepEqual(given.venue.instrument(0 as InstrumentId), { ...before, makerFee: 5 });
  });

  it("leaves resting orders in the book, and delists only an empty one, for good", () => {
    const given = new Given();
    given.place(1, "buy", 100, 4_400_000);

    equal(given.change({ status: "delisted" }), "instrument_in_use");
    equal(given.change({ status: "halted", minQuantity: lots(1_000) }), undefined);
    deepEqual(given.depth("buy"), ["100@4400000"]);
    given.cancel(1, 1);
    equal(given.change({ status: "delisted" }), undefined);
    equal(given.change({ status: "trading" }), "invalid_instrument");
    equal(given.place(1, "buy", 100, 4_400_000), "instrument_halted");
  });

  it("needs one that is listed", () => {
    const update = { kind: "update_instrument", rules: {} } as const;

    equal(new Given().apply({ ...update, instrument: 9 as InstrumentId }), "symbol_not_found");
    equal(new Given().apply({ ...update, instrument: -1 as InstrumentId }), "symbol_not_found");
  });
});

describe("the reference price", () => {
  const price = (given: Given) => given.venue.referencePrice(0 as InstrumentId);
  const stale = (given: Given) => given.venue.feedStale(0 as InstrumentId);

  it("is the feed's, else the last trade's, else the start price", () => {
    const given = new Given();
    equal(price(given), 4_500_000);

    given.place(1, "sell", 100, 4_510_000);
    given.place(2, "buy", 100, 4_510_000);
    equal(price(given), 4_510_000);
    given.reference(4_600_000);
    equal(price(given), 4_600_000);
    given.reference(0);
    equal(price(given), 4_510_000);
  });

  it("is stale from when the feed withdraws it until it gives one again", () => {
    const given = new Given();
    given.reference(0);
    equal(stale(given), false, "it never gave one");

    given.reference(4_600_000);
    equal(stale(given), false);
    given.reference(0);
    given.reference(0);
    equal(stale(given), true);
    given.reference(4_600_000);
    equal(stale(given), false);
  });

  it("moves what a limit may be", () => {
    const given = new Given();
    equal(given.place(1, "buy", 100, 22_500_001), "price_range");
    equal(given.place(1, "sell", 100, 899_999), "price_range");

    given.reference(5_000_000);
    equal(given.place(1, "buy", 100, 25_000_000), undefined);
    equal(given.place(1, "sell", 100, 999_999), "price_range");
  });

  it("is refused when it isn't a price", () => {
    const given = new Given();

    equal(given.reference(-1), "price_tick");
    equal(given.reference(0.5), "price_tick");
    equal(
      given.apply({ kind: "set_reference_price", instrument: 9 as InstrumentId, price: ticks(1) }),
      "symbol_not_found",
    );
  });
});

describe("the largest order", () => {
  it("is worth so much at the reference price, whatever its limit", () => {
    const given = new Given();

    equal(given.place(1, "buy", 2_222_222, 4_000_000), undefined);
    equal(given.place(1, "buy", 2_222_223, 4_000_000), "max_order_size");
    equal(given.market(1, "buy", 2_222_223), "max_order_size");
  });

  it("is shown in the quote asset: the smaller of the instrument's and the venue's", () => {
    const given = new Given();
    const largest = (id: number) => given.venue.largestNotional(id as InstrumentId);
    equal(largest(0), money("1000000"));
    given.change({ maxNotional: money("999999.5") });
    equal(largest(0), money("999999.5"));

    given.list("ETH", "BTC", { maxNotional: money("100"), minNotional: amount(0n) });
    equal(largest(1), money("22.2222222"), "at 45,000 a BTC, whole ticks × lots");
    given.reference(900_000);
    equal(largest(1), money("100"), "at 9,000 a BTC");
    given.list("ETH", "USDT");
    equal(largest(2), money("10000000"), "no price of USDT, no cap");
  });

  it("is worth so much in the unit of account also where another asset pays", () => {
    const given = new Given();
    given.list("BTC", "USDT");
    const big = { instrument: 1 as InstrumentId };
    given.fund(1, "USDT", "9000000");
    equal(given.place(1, "buy", 4_000_000, 4_000_000, big), undefined, "no price of USDT, no cap");

    const cents = { tickSize: "0.0001", lotSize: "0.01", startPrice: ticks(5_000) };
    given.list("USDT", "USD", {}, cents);
    equal(given.place(1, "buy", 4_444_445, 4_000_000, big), "max_order_size");
    equal(given.place(1, "buy", 4_444_444, 4_000_000, big), undefined);
  });
});

describe("numbers at the far end", () => {
  it("trade exactly where price × quantity is the largest that fits", () => {
    const given = new Given({ maxOrderNotional: MAX_AMOUNT });
    const far = { instrument: 1 as InstrumentId };
    const top = 2 ** 53 - 1;
    const step = { tickSize: "0.0001", lotSize: "0.0001", startPrice: ticks(top) };
    const most = {
      minQuantity: lots(1),
      maxNotional: amount(BigInt(top)),
      minNotional: amount(0n),
    };
    given.list("BTC", "USDT", { ...most, makerFee: 1, takerFee: RATE_ONE }, step);
    given.fund(1, "USDT", "90071992.54740991");

    equal(given.place(1, "buy", 1, top, far), undefined);
    equal(given.balance(1, "USDT"), "0+90071992.54740991");
    equal(given.place(2, "sell", 2, top, far), "max_notional");
    equal(given.place(2, "sell", 1, top, far), undefined);

    equal(given.balance(1, "USDT"), "0+0");
    equal(given.balance(1, "BTC"), "100.00009999+0");
    equal(given.balance(2, "USDT"), "0+0");
    equal(given.balance(2, "BTC"), "99.9999+0");
    equal(given.venue.balance(0 as never, 2 as never).available, money("90071992.54740991"));
  });

  it("trade exactly where amounts are the largest that a balance holds", () => {
    const given = new Given({ maxOrderNotional: MAX_AMOUNT });
    const far = { instrument: 1 as InstrumentId };
    const step = { tickSize: "1000", lotSize: "1000", startPrice: ticks(1_000_000) };
    given.list(
      "BTC",
      "USDT",
      { maxNotional: MAX_AMOUNT, maxQuantity: lots(1_000), minQuantity: lots(1) },
      step,
    );
    given.fund(1, "USDT", "9999999999999999.99999999");
    given.fund(2, "BTC", "10000000");

    equal(given.place(1, "buy", 999, 1_000_000, far), undefined);
    equal(given.balance(1, "USDT"), "9000999999999999.99999999+999000000000000");
    equal(given.place(2, "sell", 999, 1_000_000, far), undefined);

    equal(given.balance(2, "USDT"), "998001000000000+0");
    equal(given.balance(1, "USDT"), "9000999999999999.99999999+0");
    equal(given.balance(1, "BTC"), "998101+0");
  });

  it("are refused, and never throw, where no order could be", () => {
    const given = new Given();
    const numbers = [-1, -(2 ** 53), 0.5, 2 ** 53, 2 ** 60, 1e300, Number.POSITIVE_INFINITY];
    const before = given.balance(1, "USD");
    for (const number of numbers) {
      equal(given.place(1, "buy", 100, number), "price_tick", `limit ${number}`);
      equal(given.place(1, "buy", number, 4_400_000), "lot_size", `quantity ${number}`);
      equal(given.place(number, "buy", 100, 4_400_000), "account_not_found", `account ${number}`);
      equal(
        given.place(1, "buy", 100, 4_400_000, { instrument: number as InstrumentId }),
        "symbol_not_found",
      );
      equal(given.cancel(1, number), "order_not_found", `order ${number}`);
      equal(given.amend(1, number, { quantity: 50 }), "order_not_found", `order ${number}`);
    }
    equal(given.place(1, "buy", Number.MAX_SAFE_INTEGER, 4_400_000), "max_size");
    equal(given.place(1, "buy", 100, Number.MAX_SAFE_INTEGER), "max_notional");
    equal(given.market(1, "buy", 0, { quoteQuantity: amount(-(10n ** 40n)) }), "min_notional");
    equal(given.market(1, "buy", 0, { quoteQuantity: amount(10n ** 40n) }), "max_notional");
    equal(given.balance(1, "USD"), before);
  });
});
