import { deepEqual, equal, match, ok } from "node:assert/strict";
import { before, describe, it } from "node:test";
import { Problem } from "@tse/service-kit";
import { errorRenderers } from "../../src/gateways/binance/error-renderer.ts";
import { answers, startBinance, type TestBinance, type Trader } from "../support/binance.ts";

let binance: TestBinance;
let trader: Trader;
before(async () => {
  binance = await startBinance();
  trader = await binance.trader({ BTC: "1", USD: "100000" });
});

const now = (): number => Math.floor(binance.exchange.clock.now() / 1000);

describe("public parameters", () => {
  const cases: readonly [name: string, path: string, code: number, msg: string][] = [
    [
      "a mandatory parameter is missing",
      "depth",
      -1102,
      "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.",
    ],
    ["a parameter is empty", "depth?symbol=", -1105, "Parameter 'symbol' was empty."],
    [
      "a symbol is lower case",
      "depth?symbol=btcusd",
      -1100,
      "Illegal characters found in parameter 'symbol'; legal range is '^[A-Z0-9-_.]{1,20}$'.",
    ],
    ["a symbol is unknown", "depth?symbol=NOPE", -1121, "Invalid symbol."],
    ["a symbol has another dialect's form", "depth?symbol=BTC-USD", -1121, "Invalid symbol."],
    [
      "a number is a word",
      "depth?symbol=BTCUSD&limit=ten",
      -1100,
      "Illegal characters found in parameter 'limit'; legal range is '^[0-9]{1,20}$'.",
    ],
    [
      "a number is negative",
      "depth?symbol=BTCUSD&limit=-1",
      -1100,
      "Illegal characters found in parameter 'limit'; legal range is '^[0-9]{1,20}$'.",
    ],
    [
      "a limit is zero",
      "depth?symbol=BTCUSD&limit=0",
      -1130,
      "Data sent for parameter 'limit' is not valid.",
    ],
    [
      "a number is too large",
      "trades?symbol=BTCUSD&limit=99999999999999999999",
      -1108,
      "Parameter 'limit' overflowed.",
    ],
    [
      "nothing is expected",
      "ping?a=1",
      -1101,
      "Too many parameters; expected '0' and received '1'.",
    ],
    [
      "more is sent than there are parameters",
      "trades?symbol=BTCUSD&limit=5&a=1",
      -1101,
      "Too many parameters; expected '2' and received '3'.",
    ],
    [
      "a parameter is unknown",
      "depth?symbol=BTCUSD&a=1",
      -1104,
      "Not all sent parameters were read; read '1' parameter(s) but was sent '2'.",
    ],
    [
      "a parameter comes twice",
      "depth?symbol=BTCUSD&symbol=ETHUSD",
      -1101,
      "Duplicate values for a parameter detected.",
    ],
    [
      "an interval is missing",
      "klines?symbol=BTCUSD",
      -1102,
      "Mandatory parameter 'interval' was not sent, was empty/null, or malformed.",
    ],
    ["an interval is unknown", "klines?symbol=BTCUSD&interval=7m", -1120, "Invalid interval."],
    [
      "an interval is a property of every object",
      "klines?symbol=BTCUSD&interval=constructor",
      -1120,
      "Invalid interval.",
    ],
    [
      "a list is not one",
      "ticker/price?symbols=BTCUSD",
      -1100,
      "Illegal characters found in parameter 'symbols'; legal range is '^\\[\"[A-Z0-9-_.]{1,20}\"(,\"[A-Z0-9-_.]{1,20}\"){0,}\\]$'.",
    ],
    [
      "a list names a symbol twice",
      'ticker/price?symbols=["BTCUSD","BTCUSD"]',
      -1151,
      "Symbol is present multiple times in the list.",
    ],
    [
      "both a symbol and a list are sent",
      'ticker/price?symbol=BTCUSD&symbols=["ETHUSD"]',
      -1128,
      "Combination of optional parameters invalid.",
    ],
    [
      "a ticker type is unknown",
      "ticker/24hr?symbol=BTCUSD&type=TINY",
      -1139,
      "Invalid ticker type.",
    ],
    [
      "a symbol status is unknown",
      "exchangeInfo?symbolStatus=OPEN",
      -1122,
      "Invalid symbolStatus.",
    ],
    [
      "a symbol has another status",
      "depth?symbol=BTCUSD&symbolStatus=HALT",
      -1220,
      "The symbol's status does not match the requested symbolStatus.",
    ],
    [
      "trades are asked by id and by time",
      "aggTrades?symbol=BTCUSD&fromId=1&startTime=1",
      -1128,
      "Combination of optional parameters invalid.",
    ],
  ];
  for (const [name, path, code, msg] of cases) {
    it(`are refused when ${name}`, async () => {
      answers(await binance.request(`/api/v3/${path}`), [400, code, msg]);
    });
  }
});

describe("the names of an order", () => {
  const ask = (method: string, params: Record<string, string | number>) =>
    binance.as(trader, method, "/api/v3/order", { symbol: "BTCUSD", ...params });

  it("are needed, one at least", async () => {
    for (const method of ["GET", "DELETE"]) {
      answers(await ask(method, {}), [
        400,
        -1102,
        "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!",
      ]);
    }
  });

  it("must belong together when there are two", async () => {
    const order = {
      symbol: "BTCUSD",
      side: "BUY",
      type: "LIMIT",
      timeInForce: "GTC",
      quantity: "0.01",
      price: "44000",
    };
    const { body } = await binance.as(trader, "POST", "/api/v3/order", order);
    answers(await ask("GET", { orderId: body.orderId, origClientOrderId: "other" }), [
      400,
      -2039,
      "Client order ID is not correct for this order ID.",
    ]);
    answers(await ask("DELETE", { orderId: body.orderId, cancelRestrictions: "ANY" }), [
      400,
      -1145,
      "Invalid cancelRestrictions",
    ]);
  });

  it("find nothing where nothing is", async () => {
    answers(await ask("GET", { orderId: 999 }), [400, -2013, "Order does not exist."]);
    answers(await ask("DELETE", { orderId: 999 }), [400, -2011, "Unknown order sent."]);
  });
});

describe("histories", () => {
  it("span at most a day of orders", async () => {
    const params = { symbol: "BTCUSD", startTime: now() - 86_400_001, endTime: now() };
    answers(await binance.as(trader, "GET", "/api/v3/allOrders", params), [
      400,
      -1127,
      "More than 24 hours between startTime and endTime.",
    ]);
  });

  it("of trades go by time, by id or by order", async () => {
    const params = { symbol: "BTCUSD", orderId: 1, startTime: now() };
    answers(await binance.as(trader, "GET", "/api/v3/myTrades", params), [
      400,
      -1128,
      "Combination of optional parameters invalid.",
    ]);
  });
});

describe("what never reaches a handler", () => {
  it("has the dialect's form too: unknown paths and methods", async () => {
    for (const path of ["/api/v3/nothing", "/api/v3", "/sapi/v1/nothing", "/fapi/v1/order"]) {
      const { status, body, headers } = await binance.request(path);
      deepEqual([status, body.code], [404, -1020]);
      match(headers.get("content-type") ?? "", /^application\/json/);
    }
    const { status, body, headers } = await binance.request("/api/v3/depth", { method: "PUT" });
    deepEqual([status, body.code], [405, -1020]);
    match(headers.get("allow") ?? "", /GET/);
  });

  it("has the dialect's form too: bodies that are malformed, of another type, or too large", async () => {
    const post = (type: string, body: string) =>
      binance.request("/api/v3/order", {
        method: "POST",
        headers: { "X-MBX-APIKEY": trader.keyId, "Content-Type": type },
        body,
      });

    answers(await post("application/json", "{"), [400, -1135, "Invalid JSON Request"]);
    equal((await post("text/xml", "<order/>")).status, 415);
    const form = "application/x-www-form-urlencoded";
    const large = await post(form, `symbol=${"A".repeat(1_100_000)}`);
    deepEqual(
      [large.status, typeof large.body.code, typeof large.body.msg],
      [413, "number", "string"],
    );
    equal((await post("application/json", '{"symbol":"BTCUSD"}')).body.code, -1102);
  });

  it("has the dialect's form too: what the exchange is going through", () => {
    const rendered = (status: number, code: string, prefix = "/api/v3") => {
      const renderer = errorRenderers.find((each) => each.prefix === prefix);
      const problem = new Problem({ status, code, title: "Something about our host" });
      const context = { method: "GET", path: `${prefix}/ping`, correlationId: "1" };
      const { body, ...rest } = renderer?.render(problem, context) ?? {};
      return { ...rest, ...JSON.parse(body ?? "") };
    };

    deepEqual(rendered(503, "exchange_maintenance"), {
      status: 503,
      contentType: "application/json;charset=UTF-8",
      code: -1008,
      msg: "Server is currently overloaded with other requests. Please try again in a few minutes.",
    });
    equal(rendered(503, "shutting_down", "/sapi/v1").code, -1001);
    equal(rendered(500, "internal").code, -1000);
    equal(rendered(500, "anything").msg.includes("host"), false);
  });

  it("is never the server's fault, whatever the query", async () => {
    const queries = [
      "%",
      "%ff=%ff",
      "=",
      "&&&",
      "a",
      "symbol=%00",
      "__proto__=1",
      "symbol[]=BTCUSD",
      "symbol=%F0%9F%92%A9",
      `a=${"b".repeat(10_000)}`,
    ];
    for (const query of queries) {
      for (const path of ["depth", "klines", "ticker/24hr", "order", "account"]) {
        const headers = { "X-MBX-APIKEY": trader.keyId };
        const { status, body } = await binance.request(`/api/v3/${path}?${query}`, { headers });
        ok(status < 500, `${path}?${query} is answered with ${status}`);
        ok(status === 200 || (body.code < 0 && typeof body.msg === "string"));
      }
    }
  });
});
