import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import { REJECT_CODES, type RejectCode } from "@tse/domain";
import { problems } from "../../src/gateways/native/problems.ts";
import { faultsOf, type Production, startProduction } from "../support/production.ts";
import { BUY, clientOf, SELL } from "./clients.ts";

const FUNDS = { USD: "2000000", BTC: "10" };

type Row = readonly [
  what: string,
  terms: Readonly<Record<string, unknown>>,
  status: number,
  code: RejectCode,
  faults: readonly string[],
];

/** Each breaks one rule of a funded account's order in an empty book at the reference price of 45,000. */
const ROWS: readonly Row[] = [
  [
    "an unknown symbol",
    { symbol: "XXX/USD" },
    404,
    "symbol_not_found",
    ["symbol: symbol_not_found"],
  ],
  ["a price off the tick", { price: "44000.005" }, 422, "price_tick", ["price: price_tick"]],
  ["a quantity off the lot", { quantity: "0.010001" }, 422, "lot_size", ["quantity: lot_size"]],
  ["too small a quantity", { quantity: "0.00009" }, 422, "min_size", ["quantity: min_size"]],
  ["too large a quantity", { quantity: "101" }, 422, "max_size", ["quantity: max_size"]],
  [
    "a quantity beyond all counting",
    { quantity: "9999999999999999" },
    422,
    "max_size",
    ["quantity: max_size"],
  ],
  [
    "too little money",
    { quantity: "0.0001", price: "10000" },
    422,
    "min_notional",
    ["quantity: min_notional"],
  ],
  [
    "too much money",
    { quantity: "100", price: "100000" },
    422,
    "max_notional",
    ["quantity: max_notional"],
  ],
  ["too large an order", { quantity: "30" }, 422, "max_order_size", ["quantity: max_order_size"]],
  ["too low a price", { price: "8999.99" }, 422, "price_range", ["price: price_range"]],
  ["too high a price", { price: "225000.01" }, 422, "price_range", ["price: price_range"]],
  [
    "a price beyond all counting",
    { price: "9999999999999999", quantity: "0.0001" },
    422,
    "max_notional",
    ["quantity: max_notional"],
  ],
  ["no funds", { side: "SELL", quantity: "11" }, 422, "insufficient_balance", []],
];

async function place(production: Production, terms: Row[1]) {
  const client = await clientOf(production, FUNDS);
  return client.order({ ...BUY, ...terms });
}

describe("an order that the venue refuses", () => {
  for (const [what, terms, status, code, faults] of ROWS) {
    it(`for ${what} is ${status} ${code}`, async () => {
      await using production = await startProduction();

      const reply = await place(production, terms);

      deepEqual([reply.status, reply.body.code, faultsOf(reply)], [status, code, faults]);
      equal(reply.headers.get("content-type"), "application/problem+json");
      equal(reply.body.correlationId, reply.headers.get("x-correlation-id"));
      equal(reply.body.type, `/api/v1/errors#${code}`);
    });
  }

  it("is told what the rule allows, in the unit of the field", async () => {
    await using production = await startProduction();
    const messages = [];
    for (const terms of [
      { price: "45000.005" },
      { quantity: "0.00009" },
      { price: "8999.99" },
      { quantity: "0.0001", price: "10000" },
    ]) {
      messages.push((await place(production, terms)).body.errors[0].message);
    }

    deepEqual(messages, [
      "is not a multiple of 0.01",
      "must be at least 0.00010",
      "must be from 9000.00 to 225000.00",
      "× price must be at least 5.00000000",
    ]);
  });

  it("for a price or quantity that can't be counted keeps none in its row", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, FUNDS);
    const told = [];
    for (const terms of [{ price: "44000.005" }, { quantity: "9999999999999999" }]) {
      const { orderId } = (await client.order({ ...BUY, ...terms })).body;
      const { order } = (await client.get(`/orders/${orderId}`)).body;
      told.push([order.price, order.quantity]);
    }

    deepEqual(told, [
      [null, "0.01000"],
      ["44000.00", null],
    ]);
  });

  it("for its clientOrderId leaves no row", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, FUNDS);
    await client.order({ ...BUY, clientOrderId: "mine" });

    const reply = await client.order({ ...BUY, clientOrderId: "mine" });

    deepEqual(
      [reply.status, reply.body.code, reply.body.orderId],
      [409, "duplicate_client_order_id", undefined],
    );
    equal((await client.get("/orders")).body.orders.length, 1);
  });

  it("because it would take leaves a row", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, FUNDS);
    await client.order({ ...SELL, price: "45000" });

    const reply = await client.order({ ...BUY, price: "45000", postOnly: true });

    deepEqual(
      [reply.status, reply.body.code, faultsOf(reply)],
      [422, "would_take", ["price: would_take"]],
    );
    equal((await client.get(`/orders/${reply.body.orderId}`)).body.order.status, "REJECTED");
  });

  it("for the account's state is told which", async () => {
    await using production = await startProduction({ venue: { kycRequired: true } });
    const client = await clientOf(production, FUNDS);
    const { number: account } = client.account;
    const unchanged = { feeTier: undefined, name: undefined, metadata: undefined };

    deepEqual((await client.order(BUY)).body.code, "kyc_required");
    await production.submit({
      kind: "update_account",
      account,
      status: "suspended",
      kycStatus: "approved",
      ...unchanged,
    });
    deepEqual((await client.order(BUY)).body.code, "account_suspended");
    await production.submit({
      kind: "update_account",
      account,
      status: "active",
      kycStatus: undefined,
      ...unchanged,
    });
    deepEqual((await client.order(BUY)).status, 201);
  });

  it("in a halted instrument is told so, whatever else is wrong with it", async () => {
    await using production = await startProduction();
    const { id: instrument } = production.instrument("BTC/USD");
    await production.submit({ kind: "update_instrument", instrument, rules: { status: "halted" } });

    const reply = await place(production, { price: "1.001", quantity: "0.000001" });

    deepEqual([reply.status, reply.body.code], [422, "instrument_halted"]);
  });

  it("beyond the order rate is 429", async () => {
    const orderRate = { perSecond: 1, burst: 2 };
    await using production = await startProduction({ venue: { orderRate } });
    const client = await clientOf(production, FUNDS);
    const statuses = [];
    for (let count = 0; count < 3; count++) statuses.push((await client.order(BUY)).status);

    deepEqual(statuses, [201, 201, 429]);
  });

  it("beyond the open orders of one account is told how many those are", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, FUNDS);
    const { id: instrument } = production.instrument("BTC/USD");
    await production.submit({ kind: "update_instrument", instrument, rules: { maxOpenOrders: 1 } });
    await client.order(BUY);

    const { body } = await client.order(BUY);

    deepEqual(
      [body.code, body.detail],
      ["max_open_orders", "The account has too many open orders: at most 1"],
    );
  });
});

describe("the first of several broken rules decides", () => {
  /** Each row breaks its own rule and that of every row below. */
  const LADDER: readonly (readonly [Row[1], number, string])[] = [
    [{ side: "UP", symbol: "XXX" }, 400, "validation_failed"],
    [{ symbol: "XXX/USD", price: "1.001" }, 404, "symbol_not_found"],
    [{ price: "1.001", quantity: "0.000001" }, 422, "price_tick"],
    [{ price: "1", quantity: "0.000001" }, 422, "lot_size"],
    [{ price: "1", quantity: "0.00001" }, 422, "min_size"],
    [{ price: "1", quantity: "1" }, 422, "min_notional"],
    [{ price: "300000", quantity: "29" }, 422, "max_order_size"],
    [{ price: "300000", quantity: "20" }, 422, "price_range"],
    [{ price: "100000", quantity: "20.5" }, 422, "insufficient_balance"],
  ];

  for (const [terms, status, code] of LADDER) {
    it(`${code} for ${JSON.stringify(terms)}`, async () => {
      await using production = await startProduction();
      const reply = await place(production, terms);
      deepEqual([reply.status, reply.body.code], [status, code]);
    });
  }
});

describe("a malformed order", () => {
  const decimals: readonly (readonly [unknown, string])[] = [
    [1, "type"],
    [null, "type"],
    [true, "type"],
    [["1"], "type"],
    [{ value: "1" }, "type"],
    ["", "decimal"],
    [" 1", "decimal"],
    ["1 ", "decimal"],
    ["1\0", "decimal"],
    ["+1", "decimal"],
    ["-1", "decimal"],
    ["1e5", "decimal"],
    ["1E5", "decimal"],
    ["0x10", "decimal"],
    ["1,5", "decimal"],
    [".5", "decimal"],
    ["5.", "decimal"],
    ["1.2.3", "decimal"],
    ["NaN", "decimal"],
    ["Infinity", "decimal"],
    ["١٢٣", "decimal"],
    ["１２", "decimal"],
    ["9".repeat(100_000), "decimal"],
    ["0", "positive"],
    ["0.00000000", "positive"],
    ["0.123456789", "scale"],
    [`1${"0".repeat(30)}`, "max"],
  ];

  it("names the rule that a decimal breaks", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, FUNDS);
    for (const field of ["price", "quantity"]) {
      for (const [value, rule] of decimals) {
        const reply = await client.order({ ...BUY, [field]: value });
        deepEqual([reply.status, faultsOf(reply)], [400, [`${field}: ${rule}`]], String(value));
      }
    }
    for (const [value, rule] of decimals) {
      const reply = await client.order({ orderType: "MARKET", quoteQuantity: value });
      deepEqual([reply.status, faultsOf(reply)], [400, [`quoteQuantity: ${rule}`]], String(value));
    }
    equal(production.orders.list({ account: client.account.number }).length, 0);
  });

  const others: readonly (readonly [Row[1], readonly string[]])[] = [
    [{ symbol: undefined }, ["symbol: required"]],
    [{ symbol: 7 }, ["symbol: type"]],
    [{ symbol: "" }, ["symbol: length"]],
    [{ symbol: "BTC/USD\0" }, ["symbol: text"]],
    [{ side: "buy" }, ["side: one_of"]],
    [{ side: undefined, orderType: undefined }, ["side: required", "orderType: required"]],
    [{ orderType: "STOP" }, ["orderType: one_of"]],
    [{ orderType: "LIMIT", stopPrice: "1" }, ["stopPrice: unknown_field"]],
    [
      { timeInForce: "GTD", expiresAt: "2027-01-01T00:00:00Z" },
      ["timeInForce: one_of", "expiresAt: unknown_field"],
    ],
    [{ displayQuantity: "1" }, ["displayQuantity: unknown_field"]],
    [{ price: undefined }, ["price: required"]],
    [{ quantity: undefined }, ["quantity: required"]],
    [{ quoteQuantity: "10" }, ["quoteQuantity: combination"]],
    [{ orderType: "MARKET" }, ["price: combination"]],
    [{ orderType: "MARKET", price: undefined, timeInForce: "GTC" }, ["timeInForce: combination"]],
    [{ orderType: "MARKET", price: undefined, postOnly: true }, ["postOnly: combination"]],
    [{ orderType: "MARKET", price: undefined, quantity: undefined }, ["quantity: required"]],
    [
      { orderType: "MARKET", price: undefined, quoteQuantity: "10" },
      ["quoteQuantity: combination"],
    ],
    [{ postOnly: true, timeInForce: "IOC" }, ["postOnly: combination"]],
    [{ postOnly: "true" }, ["postOnly: type"]],
    [{ stpMode: "TRANSFER" }, ["stpMode: one_of"]],
    [{ clientOrderId: "" }, ["clientOrderId: pattern"]],
    [{ clientOrderId: "x".repeat(37) }, ["clientOrderId: pattern"]],
    [{ clientOrderId: "a b" }, ["clientOrderId: pattern"]],
    [{ accountId: "' OR 1=1 --" }, ["accountId: uuid"]],
    [{ ["x".repeat(5000)]: 1 }, [`${"x".repeat(100)}: unknown_field`]],
  ];

  it("names the field and the rule of anything else that is wrong", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, FUNDS);
    for (const [terms, faults] of others) {
      const reply = await client.order({ ...BUY, ...terms });
      deepEqual([reply.status, faultsOf(reply)], [400, faults], JSON.stringify(terms).slice(0, 99));
    }
  });

  it("is refused before it is read when it isn't JSON, or too large", async () => {
    await using production = await startProduction();
    const { key } = await clientOf(production, FUNDS);
    const send = async (body: string, type = "application/json") => {
      const headers = { authorization: `Bearer ${key}`, "content-type": type };
      const response = await fetch(`${production.url}/api/v1/orders`, {
        method: "POST",
        headers,
        body,
      });
      const { code } = (await response.json()) as { code: string };
      return [response.status, code];
    };

    deepEqual(await send("{"), [400, "validation_failed"]);
    deepEqual(await send('{"__proto__":{"side":"BUY"}}'), [400, "validation_failed"]);
    deepEqual(await send("side=BUY", "application/x-www-form-urlencoded"), [
      415,
      "unsupported_media_type",
    ]);
    deepEqual(await send("<order/>", "application/xml"), [415, "unsupported_media_type"]);
    deepEqual(await send(" ".repeat(1_048_577)), [413, "payload_too_large"]);
    deepEqual(await send("[".repeat(500_000)), [400, "validation_failed"]);
    deepEqual(await send(`${"[".repeat(400_000)}${"]".repeat(400_000)}`), [
      400,
      "validation_failed",
    ]);
  });
});

describe("the table of refusals", () => {
  it("has a row for every code, each a client's fault", () => {
    deepEqual(Object.keys(problems).sort(), [...REJECT_CODES].sort());
    for (const { status } of Object.values(problems)) equal(status >= 400 && status < 500, true);
  });
});
