import { deepEqual, equal, throws } from "node:assert/strict";
import { describe, it } from "node:test";
import { exchangePlace, isInstanceName, marketDataPlace } from "../src/index.ts";

describe("the name of an instance", () => {
  it("is lower case and safe in DNS", () => {
    for (const name of ["a", "exchange", "exchange-okx-2", "0x", "a".repeat(63)]) {
      equal(isInstanceName(name), true, name);
    }
    const wrong = ["", "-a", "a-", "A", "a_b", "a.b", "a b", "ü", 'a"', "a".repeat(64)];
    for (const name of wrong) equal(isInstanceName(name), false, name);
  });

  it("gives the exchange its schema and namespace", () => {
    const places = {
      "exchange-simulator": ["exchange", "exchange"],
      exchange: ["exchange", "exchange"],
      "exchange-okx": ["exchange_okx", "exchange:okx"],
      "exchange-okx-primary": ["exchange_okx", "exchange:okx"],
    };
    for (const [name, [schema, namespace]] of Object.entries(places)) {
      deepEqual(exchangePlace(name), { schema, namespace }, name);
    }
  });

  it("gives the market data its schema and namespace", () => {
    const places = {
      "market-data-simulator": ["market_data", "market_data"],
      "market-data": ["market_data", "market_data"],
      "market-data-coinmetrics": ["market_data_coinmetrics", "market_data:coinmetrics"],
      "market-data-coinmetrics-pro": ["market_data_coinmetrics", "market_data:coinmetrics-pro"],
      marketdata: ["marketdata", "marketdata"],
    };
    for (const [name, [schema, namespace]] of Object.entries(places)) {
      deepEqual(marketDataPlace(name), { schema, namespace }, name);
    }
  });

  it("yields to what is configured, and an empty value configures nothing", () => {
    const explicit = { schema: "mine", namespace: "" };
    deepEqual(exchangePlace("exchange-okx", explicit), {
      schema: "mine",
      namespace: "exchange:okx",
    });
  });

  it("is refused when it is none, and so is a schema that would need quoting", () => {
    throws(() => exchangePlace("Exchange"), { code: "invalid_query", message: /"Exchange"/ });
    throws(() => marketDataPlace("market_data"), { code: "invalid_query" });
    for (const schema of ['x"; drop', "Mine", "1st", "a-b", "s".repeat(64)]) {
      throws(() => exchangePlace("exchange", { schema }), { code: "invalid_query" }, schema);
    }
    throws(() => exchangePlace("0x"), { code: "invalid_query" });
  });
});
