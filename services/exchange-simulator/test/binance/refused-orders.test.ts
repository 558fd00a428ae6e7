import { deepEqual, equal } from "node:assert/strict";
import { before, describe, it } from "node:test";
import { answers, startBinance, type TestBinance, type Trader } from "../support/binance.ts";

let binance: TestBinance;
let trader: Trader;
before(async () => {
  binance = await startBinance();
  trader = await binance.trader({ BTC: "1", USD: "100000" });
});

describe("a new order", () => {
  const limit = {
    symbol: "BTCUSD",
    side: "BUY",
    type: "LIMIT",
    timeInForce: "GTC",
    quantity: "0.01",
    price: "45000",
  };
  const market = { symbol: "BTCUSD", side: "BUY", type: "MARKET", quantity: "0.01" };
  const without = (name: string) => ({ [name]: undefined });
  const legal = "'^([0-9]{1,20})(\\.[0-9]{1,20})?$'";
  const unit = "Mandatory parameter '%' was not sent, was empty/null, or malformed.";

  type Change = Record<string, string | undefined>;
  const cases: readonly [name: string, base: Change, change: Change, code: number, msg: string][] =
    [
      ["has no side", limit, without("side"), -1102, unit.replace("%", "side")],
      ["has an unknown side", limit, { side: "buy" }, -1117, "Invalid side."],
      ["has an unknown type", limit, { type: "STOP" }, -1116, "Invalid orderType."],
      [
        "has an unknown time in force",
        limit,
        { timeInForce: "GTD" },
        -1115,
        "Invalid timeInForce.",
      ],
      ["has an unknown symbol", limit, { symbol: "BTCEUR" }, -1121, "Invalid symbol."],
      [
        "is a limit without time in force",
        limit,
        without("timeInForce"),
        -1102,
        unit.replace("%", "timeInForce"),
      ],
      ["is a limit without a price", limit, without("price"), -1102, unit.replace("%", "price")],
      [
        "is a limit without a quantity",
        limit,
        without("quantity"),
        -1102,
        unit.replace("%", "quantity"),
      ],
      [
        "is a limit sized by money",
        limit,
        { quoteOrderQty: "5" },
        -1106,
        "Parameter 'quoteOrderQty' sent when not required.",
      ],
      [
        "is a market order with a price",
        market,
        { price: "45000" },
        -1106,
        "Parameter 'price' sent when not required.",
      ],
      [
        "is a market order with a time in force",
        market,
        { timeInForce: "IOC" },
        -1106,
        "Parameter 'timeInForce' sent when not required.",
      ],
      [
        "is a market order of no size",
        market,
        without("quantity"),
        -1102,
        "Param 'quantity' or 'quoteOrderQty' must be sent, but both were empty/null!",
      ],
      [
        "is a market order of two sizes",
        market,
        { quoteOrderQty: "5" },
        -1128,
        "Combination of optional parameters invalid.",
      ],
      [
        "is post-only with a time in force",
        limit,
        { type: "LIMIT_MAKER" },
        -1106,
        "Parameter 'timeInForce' sent when not required.",
      ],
      [
        "has a negative price",
        limit,
        { price: "-1" },
        -1100,
        `Illegal characters found in parameter 'price'; legal range is ${legal}.`,
      ],
      [
        "has a price with an exponent",
        limit,
        { price: "1e5" },
        -1100,
        `Illegal characters found in parameter 'price'; legal range is ${legal}.`,
      ],
      [
        "has a price that is no number",
        limit,
        { price: "NaN" },
        -1100,
        `Illegal characters found in parameter 'price'; legal range is ${legal}.`,
      ],
      [
        "has other scripts' digits",
        limit,
        { price: "٤٥٠٠٠" },
        -1100,
        `Illegal characters found in parameter 'price'; legal range is ${legal}.`,
      ],
      [
        "has a price of too many places",
        limit,
        { price: "45000.000000001" },
        -1111,
        "Parameter 'price' has too much precision.",
      ],
      [
        "has a quantity of too many places",
        market,
        { quantity: "0.010000001" },
        -1111,
        "Parameter 'quantity' has too much precision.",
      ],
      [
        "has money beyond what can be stored",
        market,
        { quantity: undefined, quoteOrderQty: "99999999999999999" },
        -1108,
        "Parameter 'quoteOrderQty' overflowed.",
      ],
      [
        "has a price off the tick",
        limit,
        { price: "45000.001" },
        -1013,
        "Filter failure: PRICE_FILTER",
      ],
      ["has a price of zero", limit, { price: "0" }, -1013, "Filter failure: PRICE_FILTER"],
      [
        "has a price beyond counting",
        limit,
        { price: "99999999999999999999" },
        -1013,
        "Filter failure: PRICE_FILTER",
      ],
      [
        "has a quantity off the step",
        limit,
        { quantity: "0.0100001" },
        -1013,
        "Filter failure: LOT_SIZE",
      ],
      ["has a quantity of zero", limit, { quantity: "0" }, -1013, "Filter failure: LOT_SIZE"],
      ["is too small", limit, { quantity: "0.00001" }, -1013, "Filter failure: LOT_SIZE"],
      ["is too large", limit, { quantity: "101" }, -1013, "Filter failure: LOT_SIZE"],
      [
        "is a market order that is too large",
        market,
        { quantity: "101" },
        -1013,
        "Filter failure: MARKET_LOT_SIZE",
      ],
      [
        "is worth too little",
        limit,
        { quantity: "0.0001", price: "45000" },
        -1013,
        "Filter failure: NOTIONAL",
      ],
      [
        "is a market order for too little money",
        market,
        { quantity: undefined, quoteOrderQty: "4.99" },
        -1013,
        "Filter failure: NOTIONAL",
      ],
      [
        "is worth too much",
        limit,
        { quantity: "23", price: "45000" },
        -1013,
        "Filter failure: NOTIONAL",
      ],
      [
        "is far above the market",
        limit,
        { price: "225000.01" },
        -1013,
        "Filter failure: PERCENT_PRICE_BY_SIDE",
      ],
      [
        "is far below the market",
        limit,
        { price: "8999.99" },
        -1013,
        "Filter failure: PERCENT_PRICE_BY_SIDE",
      ],
      [
        "can't be paid for",
        limit,
        { quantity: "10" },
        -2010,
        "Account has insufficient balance for requested action.",
      ],
      [
        "is a stop",
        limit,
        { type: "STOP_LOSS_LIMIT", stopPrice: "44000" },
        -2010,
        "Stop loss orders are not supported for this symbol.",
      ],
      [
        "is a take-profit",
        market,
        { type: "TAKE_PROFIT", stopPrice: "46000" },
        -2010,
        "Take profit orders are not supported for this symbol.",
      ],
      [
        "is a trailing stop",
        market,
        { type: "STOP_LOSS", trailingDelta: "100" },
        -2010,
        "Trailing stop orders are not supported for this symbol.",
      ],
      [
        "is an iceberg",
        limit,
        { icebergQty: "0.001" },
        -2010,
        "Iceberg orders are not supported for this symbol.",
      ],
      [
        "has a stop price without being a stop",
        limit,
        { stopPrice: "44000" },
        -1106,
        "Parameter 'stopPrice' sent when not required.",
      ],
      [
        "asks for an unknown answer",
        limit,
        { newOrderRespType: "SOME" },
        -1130,
        "Data sent for parameter 'newOrderRespType' is not valid.",
      ],
      [
        "asks for a self-trade prevention that isn't allowed",
        limit,
        { selfTradePreventionMode: "TRANSFER" },
        -1013,
        "This symbol does not allow the specified self-trade prevention mode.",
      ],
      [
        "has a name of illegal characters",
        limit,
        { newClientOrderId: "a b" },
        -1100,
        "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[\\.A-Z\\:/a-z0-9_-]{1,36}$'.",
      ],
      [
        "has a name that is too long",
        limit,
        { newClientOrderId: "a".repeat(37) },
        -1100,
        "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[\\.A-Z\\:/a-z0-9_-]{1,36}$'.",
      ],
      [
        "has a misspelled parameter",
        limit,
        { timeInForce: undefined, timeInforce: "GTC" },
        -1104,
        "Not all sent parameters were read; read '7' parameter(s) but was sent '8'.",
      ],
    ];
  for (const [name, base, change, code, msg] of cases) {
    it(`is refused when it ${name}`, async () => {
      const before = binance.venue.balances(trader.account.number);
      const params = { ...base, ...change };
      const both = await Promise.all([
        binance.as(trader, "POST", "/api/v3/order", params),
        binance.as(trader, "POST", "/api/v3/order/test", params),
      ]);
      for (const reply of both) answers(reply, [400, code, msg]);
      deepEqual(binance.venue.balances(trader.account.number), before);
    });
  }
});

describe("a new order, as the market stands,", () => {
  const buy = {
    symbol: "BTCUSD",
    side: "BUY",
    type: "LIMIT",
    timeInForce: "GTC",
    quantity: "0.01",
    price: "44000",
  };

  it("is refused when its name is that of an open one", async () => {
    const params = { ...buy, newClientOrderId: "twice" };
    equal((await binance.as(trader, "POST", "/api/v3/order", params)).status, 200);
    answers(await binance.as(trader, "POST", "/api/v3/order", params), [
      400,
      -2010,
      "Duplicate order sent.",
    ]);
    await binance.as(trader, "DELETE", "/api/v3/openOrders", { symbol: "BTCUSD" });
    equal((await binance.as(trader, "POST", "/api/v3/order", params)).status, 200);
    await binance.as(trader, "DELETE", "/api/v3/openOrders", { symbol: "BTCUSD" });
  });

  it("is refused when it is post-only and would take", async () => {
    const maker = await binance.trader({ BTC: "1" });
    await binance.as(maker, "POST", "/api/v3/order", { ...buy, side: "SELL" });
    const params = { ...buy, type: "LIMIT_MAKER", timeInForce: undefined };

    answers(await binance.as(trader, "POST", "/api/v3/order", params), [
      400,
      -2010,
      "Order would immediately match and take.",
    ]);
    await binance.as(maker, "DELETE", "/api/v3/openOrders", { symbol: "BTCUSD" });
  });

  it("is refused beyond the open orders that an account may have", async () => {
    const { id } = binance.instrument("DOT/USD");
    const rules = { maxOpenOrders: 1 };
    await binance.submit({ kind: "update_instrument", instrument: id, rules });
    const params = { ...buy, symbol: "DOTUSD", quantity: "10", price: "6" };

    equal((await binance.as(trader, "POST", "/api/v3/order", params)).status, 200);
    answers(await binance.as(trader, "POST", "/api/v3/order", params), [
      400,
      -1013,
      "Filter failure: MAX_NUM_ORDERS",
    ]);
    const info = await binance.get("/api/v3/exchangeInfo", { symbol: "DOTUSD" });
    equal(info.body.symbols[0].filters.at(-1).maxNumOrders, 1);
  });

  it("is refused while its market is closed or its account is barred", async () => {
    const { id } = binance.instrument("SOL/USD");
    const rules = { status: "halted" } as const;
    await binance.submit({ kind: "update_instrument", instrument: id, rules });
    const params = { ...buy, symbol: "SOLUSD", quantity: "1", price: "100" };
    answers(await binance.as(trader, "POST", "/api/v3/order", params), [
      400,
      -2010,
      "Market is closed.",
    ]);

    const barred = await binance.trader({ USD: "1000" });
    const unchanged = {
      kycStatus: undefined,
      feeTier: undefined,
      name: undefined,
      metadata: undefined,
    };
    const account = barred.account.number;
    await binance.submit({ kind: "update_account", account, status: "suspended", ...unchanged });
    answers(await binance.as(barred, "POST", "/api/v3/order", buy), [
      400,
      -2010,
      "This account may not place or cancel orders.",
    ]);
  });

  it("is refused above the venue's own rate", async () => {
    const slow = await startBinance({ venue: { orderRate: { perSecond: 1, burst: 1 } } });
    const hasty = await slow.trader({ USD: "10000" });
    equal((await slow.as(hasty, "POST", "/api/v3/order", buy)).status, 200);
    const reply = await slow.as(hasty, "POST", "/api/v3/order", buy);
    answers(reply, [429, -1015, "Too many new orders; current limit is 1 orders per 1 SECOND."]);
    equal(reply.headers.get("retry-after"), "1");
  });
});
