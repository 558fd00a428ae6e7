import { equal } from "node:assert/strict";
import { createHmac } from "node:crypto";
import { before, describe, it } from "node:test";
import { isSignedBy, signedText } from "../../src/gateways/binance/signature.ts";
import { startBinance, type TestBinance, type Trader } from "../support/binance.ts";

/** The example key of the public API documentation. */
const SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";
const QUERY = "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC";
const BODY = "quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559";

describe("a signature", () => {
  const vectors: readonly [name: string, query: string, body: string, signature: string][] = [
    [
      "everything in the body",
      "",
      `${QUERY}&${BODY}`,
      "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71",
    ],
    [
      "everything in the query",
      `${QUERY}&${BODY}`,
      "",
      "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71",
    ],
    [
      "some in the query, some in the body, with nothing between them",
      QUERY,
      BODY,
      "0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77",
    ],
  ];
  for (const [name, query, body, signature] of vectors) {
    it(`is that of the documentation's example: ${name}`, () => {
      equal(isSignedBy(SECRET, signedText(query, body), signature), true);
      equal(isSignedBy(SECRET, signedText(query, body), signature.toUpperCase()), true);
    });
  }

  it("is that of the documentation's example with the key among the parameters", () => {
    const text = [
      "apiKey=vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A",
      "price=52000.00&quantity=0.01000000&recvWindow=100&side=SELL&symbol=BTCUSDT",
      "timeInForce=GTC&timestamp=1645423376532&type=LIMIT",
    ].join("&");
    const signature = "aa1b5712c094bc4e57c05a1a5c1fd8d88dcd628338ea863fec7b88e59fe2db24";
    equal(isSignedBy(SECRET, text, signature), true);
  });

  it("covers the text without its own pair, wherever that stands", () => {
    const pair = "signature=00ff";
    for (const text of [`${pair}&a=1&b=2`, `a=1&${pair}&b=2`, `a=1&b=2&${pair}`]) {
      equal(signedText(text, ""), "a=1&b=2");
      equal(signedText("", text), "a=1&b=2");
    }
    equal(signedText("a=1", pair), "a=1");
    equal(signedText("nosignature=1&a=%20", ""), "nosignature=1&a=%20");
  });

  it("is refused when anything of it is off", () => {
    const good = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71";
    const text = signedText(`${QUERY}&${BODY}`, "");
    for (const wrong of ["", "00", good.slice(2), `${good}00`, good.replace("c", "d"), "zz"]) {
      equal(isSignedBy(SECRET, text, wrong), false);
    }
    equal(isSignedBy(SECRET, `${text}&x=1`, good), false);
    equal(isSignedBy(`${SECRET}x`, text, good), false);
  });
});

describe("a signed request", () => {
  let binance: TestBinance;
  let trader: Trader;
  before(async () => {
    binance = await startBinance();
    trader = await binance.trader({ USD: "1000" });
  });

  const order = { symbol: "BTCUSD", side: "BUY", type: "LIMIT", timeInForce: "GTC" };
  const size = { quantity: "0.001", price: "40000" };

  it("may carry its parameters in the query, with an empty body of any type", async () => {
    for (const type of ["application/json", "application/x-www-form-urlencoded"]) {
      const query = binance.signed({ ...order, ...size }, trader.secret);
      const { status } = await binance.request(`/api/v3/order?${query}`, {
        method: "POST",
        headers: { "X-MBX-APIKEY": trader.keyId, "Content-Type": type },
      });
      equal(status, 200);
    }
  });

  it("may carry its parameters in a form body", async () => {
    const { status } = await binance.request("/api/v3/order", {
      method: "POST",
      headers: {
        "X-MBX-APIKEY": trader.keyId,
        "Content-Type": "application/x-www-form-urlencoded",
      },
      body: binance.signed({ ...order, ...size }, trader.secret),
    });
    equal(status, 200);
  });

  it("takes the query's value where the body has one too", async () => {
    const query = new URLSearchParams({ ...order, price: "39000" }).toString();
    const timestamp = Math.floor(binance.exchange.clock.now() / 1000);
    const rest = `quantity=0.001&price=40000&timestamp=${timestamp}`;
    const signature = createHmac("sha256", trader.secret)
      .update(query + rest)
      .digest("hex");

    const { status, body } = await binance.request(`/api/v3/order?${query}`, {
      method: "POST",
      headers: {
        "X-MBX-APIKEY": trader.keyId,
        "Content-Type": "application/x-www-form-urlencoded",
      },
      body: `${rest}&signature=${signature}`,
    });
    equal(status, 200);
    equal(body.price, "39000.00000000");
  });
});
