import { deepEqual, equal, ok } from "node:assert/strict";
import { before, describe, it } from "node:test";
import fc from "fast-check";
import { ENDPOINTS } from "../../src/gateways/binance/endpoints.ts";
import { startBinance, type TestBinance, type Trader } from "../support/binance.ts";

const hostile = fc.constantFrom(
  "",
  " ",
  "0",
  "-1",
  "1e5",
  "NaN",
  "Infinity",
  "0x10",
  "99999999999999999999",
  "0.000000001",
  "9".repeat(400),
  "null",
  "[]",
  '{"a":1}',
  "__proto__",
  "constructor",
  "\u0000",
  "٤٥",
  "💥",
  "' or 1=1",
);

/** Values that are right in some place, by the name of the parameter. */
const plausible: Readonly<Record<string, fc.Arbitrary<string>>> = {
  symbol: fc.constantFrom("BTCUSD", "ETHBTC", "NOPE"),
  symbols: fc.constantFrom('["BTCUSD"]', '["BTCUSD","ETHUSD"]'),
  side: fc.constantFrom("BUY", "SELL"),
  type: fc.constantFrom("LIMIT", "MARKET", "LIMIT_MAKER", "STOP_LOSS", "FULL", "MINI"),
  timeInForce: fc.constantFrom("GTC", "IOC", "FOK"),
  interval: fc.constantFrom("1s", "1m", "1w", "1M"),
  quantity: fc.constantFrom("0.001", "0.01", "0.5"),
  quoteOrderQty: fc.constantFrom("10", "100.5"),
  price: fc.constantFrom("44000", "45000.01", "46000"),
  limit: fc.constantFrom("1", "500", "100000"),
  symbolStatus: fc.constant("TRADING"),
};
const anything = fc.constantFrom("1", "true", "1767621600000", "name", "ONLY_NEW", "NONE", "ACK");

const requests = Object.entries(ENDPOINTS).map(([name, { method, path, security, parameters }]) => {
  const values = Object.fromEntries(
    Object.keys(parameters).map((parameter) => {
      const usual = { weight: 8, arbitrary: plausible[parameter] ?? anything };
      return [parameter, fc.oneof(usual, { weight: 1, arbitrary: hostile })];
    }),
  );
  const params = fc.record(values, { requiredKeys: [] });
  return params.map((given) => ({ name, method, path, security, given }));
});
/** As many orders as all the rest: they are what could do harm. */
const placements = requests.filter((_, index) => Object.keys(ENDPOINTS)[index] === "placeOrder");
const anyRequest = fc.oneof(fc.oneof(...requests), ...placements);

describe("every endpoint, whatever it is sent,", () => {
  let binance: TestBinance;
  let trader: Trader;
  before(async () => {
    binance = await startBinance();
    trader = await binance.trader({ BTC: "100", USD: "1000000" });
    const maker = await binance.trader({ BTC: "100", USD: "1000000" });
    for (const [side, price] of [
      ["sell", "45010"],
      ["buy", "44990"],
    ] as const) {
      await binance.place(maker.account, { symbol: "BTC/USD", side, price, quantity: "10" });
    }
  });

  it("answers or refuses in its form, and makes or loses no money", async () => {
    const assets = binance.venue.assets().map(({ asset }) => asset);
    const earlier = assets.map((asset) => binance.total(asset));
    const outcomes = { taken: 0, refused: 0 };

    await fc.assert(
      fc.asyncProperty(anyRequest, async ({ name, method, path, security, given }) => {
        const { status, body } =
          security === "none"
            ? await binance.get(path, given)
            : await binance.as(trader, method, path, given);

        ok(status === 200 || (status >= 400 && status < 500), `${name} answers ${status}`);
        if (status === 200) outcomes.taken += 1;
        else {
          outcomes.refused += 1;
          deepEqual(Object.keys(body), ["code", "msg"]);
          ok(Number.isInteger(body.code) && body.code < 0);
          ok(body.msg.length < 600);
        }
      }),
      { numRuns: 600 },
    );

    deepEqual(
      assets.map((asset) => binance.total(asset)),
      earlier,
    );
    equal(binance.failures.length, 0);
    ok(outcomes.taken >= 60 && outcomes.refused >= 60, JSON.stringify(outcomes));
  });
});
