import { equal } from "node:assert/strict";
import { before, describe, it } from "node:test";
import { type AccountNumber, timestamp } from "@tse/domain";
import {
  answers,
  type Failure,
  startBinance,
  type TestBinance,
  type Trader,
} from "../support/binance.ts";

let binance: TestBinance;
let trader: Trader;
before(async () => {
  binance = await startBinance();
  trader = await binance.trader({ BTC: "1", USD: "100000" });
});

const now = (): number => Math.floor(binance.exchange.clock.now() / 1000);

describe("authentication", () => {
  const account = (headers: Record<string, string>, query: string) =>
    binance.request(`/api/v3/account?${query}`, { headers });
  const key = () => ({ "X-MBX-APIKEY": trader.keyId });

  it("needs a key that looks like one", async () => {
    const refusal: Failure = [401, -2014, "API-key format invalid."];
    answers(await account({}, binance.signed({}, trader.secret)), refusal);
    answers(await account({ "X-MBX-APIKEY": "short" }, ""), refusal);
    answers(await account({ "X-MBX-APIKEY": `${"a".repeat(63)}é` }, ""), refusal);
  });

  const invalid: Failure = [401, -2015, "Invalid API-key, IP, or permissions for action."];

  it("needs a key that exists, may come from here, and hasn't expired", async () => {
    const unknown = { "X-MBX-APIKEY": "a".repeat(64) };
    answers(await account(unknown, binance.signed({}, trader.secret)), invalid);
    const elsewhere = await binance.trader({}, ["trade"], { addresses: ["192.0.2.1"] });
    answers(await binance.as(elsewhere, "GET", "/api/v3/account"), invalid);
    const expiresAt = timestamp(binance.exchange.clock.now());
    const expired = await binance.trader({}, ["trade"], { expiresAt });
    answers(await binance.as(expired, "GET", "/api/v3/account"), invalid);
  });

  it("needs a key with the scope, and tells that after the signature only", async () => {
    const reader = await binance.trader({ USD: "100" }, ["read"]);
    const order = { symbol: "BTCUSD", side: "BUY", type: "MARKET", quantity: "1" };

    equal((await binance.as(reader, "GET", "/api/v3/account")).status, 200);
    answers(await binance.as(reader, "POST", "/api/v3/order", order), invalid);
    const forged = await binance.as({ ...reader, secret: "x" }, "POST", "/api/v3/order", order);
    equal(forged.body.code, -1022);
  });

  it("stops with the key's revocation", async () => {
    const leaving = await binance.trader({});
    const { keyId, account: owner } = leaving;
    await binance.submit({ kind: "revoke_key", account: owner.number as AccountNumber, keyId });
    answers(await binance.as(leaving, "GET", "/api/v3/account"), invalid);
  });

  it("needs a signature and a timestamp", async () => {
    const missing = (name: string): Failure => [
      400,
      -1102,
      `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`,
    ];
    answers(await account(key(), "signature=00"), missing("timestamp"));
    answers(await account(key(), `timestamp=${now()}`), missing("signature"));
  });

  it("needs the right signature", async () => {
    const refusal: Failure = [400, -1022, "Signature for this request is not valid."];
    const signed = binance.signed({}, trader.secret);
    answers(await account(key(), `${signed.slice(0, -2)}00`), refusal);
    answers(await account(key(), `omitZeroBalances=true&${signed}`), refusal);
    answers(await account(key(), signed.replace(/signature=.*/, "signature=00")), refusal);
    for (const more of ["00", "zz"]) {
      answers(await account(key(), `${signed}${more}`), refusal);
    }
  });

  it("needs a time within the window, neither too old nor from the future", async () => {
    const outside: Failure = [
      400,
      -1021,
      "Timestamp for this request is outside of the recvWindow.",
    ];
    const ahead: Failure = [
      400,
      -1021,
      "Timestamp for this request was 1000ms ahead of the server's time.",
    ];
    const at = (params: Record<string, number | string>) =>
      binance.as(trader, "GET", "/api/v3/account", params);

    answers(await at({ timestamp: now() - 5001 }), outside);
    equal((await at({ timestamp: now() - 5000 })).status, 200);
    equal((await at({ timestamp: now() - 60_000, recvWindow: 60_000 })).status, 200);
    answers(await at({ timestamp: now() - 2, recvWindow: "1.5" }), outside);
    equal((await at({ timestamp: now() - 1, recvWindow: "1.5" })).status, 200);
    answers(await at({ timestamp: now() + 1000 }), ahead);
    equal((await at({ timestamp: now() + 999 })).status, 200);
    equal((await at({ timestamp: now() * 1000 })).status, 200);
    answers(await at({ timestamp: 1 }), outside);
  });

  it("knows the bounds of recvWindow", async () => {
    const at = (recvWindow: string) => binance.as(trader, "GET", "/api/v3/account", { recvWindow });
    answers(await at("60000.001"), [400, -1131, "recvWindow must be less than 60000."]);
    equal((await at("1.2345")).body.code, -1100);
    equal((await at("-1")).body.code, -1100);
  });
});
