import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { faultsOf, type Json } from "../support/production.ts";
import { startService } from "./running-service.ts";

type Service = Awaited<ReturnType<typeof startService>>;

async function openAccount(service: Service, more = {}): Promise<{ id: string; key: string }> {
  const { status, body } = await service.admin("POST", "/admin/accounts", {
    userId: "trader",
    accountType: "SPOT",
    ...more,
  });
  assert.equal(status, 201);
  const { keyId, secret } = body.apiKey;
  return { id: body.account.accountId, key: `${keyId}.${secret}` };
}

async function balanceOf(
  service: Service,
  id: string,
  key: string,
  asset: string,
): Promise<string> {
  const path = `/api/v1/accounts/${id}/balances/${asset}`;
  return (await service.production("GET", path, { key })).body.balances[0].total;
}

describe("Funding", () => {
  it("brings simulated money in and takes it out again", async () => {
    await using service = await startService();
    const { id, key } = await openAccount(service);
    const deposit = await service.admin("POST", `/admin/accounts/${id}/deposits`, {
      asset: "USD",
      amount: "1000.5",
      reason: "starting capital",
    });
    assert.equal(deposit.status, 201);
    const { transfer, balance } = deposit.body;
    assert.deepEqual(
      [transfer.kind, transfer.toAccountId, transfer.amount, transfer.reason],
      ["DEPOSIT", id, "1000.50000000", "starting capital"],
    );
    assert.deepEqual([balance.asset, balance.total], ["USD", "1000.50000000"]);

    const path = `/admin/accounts/${id}/withdrawals`;
    const withdrawal = await service.admin("POST", path, { asset: "USD", amount: "0.5" });
    assert.deepEqual([withdrawal.status, withdrawal.body.balance.total], [201, "1000.00000000"]);
    const tooMuch = await service.admin("POST", path, { asset: "USD", amount: "1000.00000001" });
    assert.deepEqual([tooMuch.status, tooMuch.body.code], [422, "insufficient_balance"]);
    assert.deepEqual(faultsOf(tooMuch), ["amount: insufficient_balance"]);
    assert.equal(await balanceOf(service, id, key, "USD"), "1000.00000000");
  });

  it("moves nothing when an externalId repeats, and answers with the first transfer", async () => {
    await using service = await startService();
    const { id, key } = await openAccount(service);
    const path = `/admin/accounts/${id}/deposits`;
    const body = { asset: "BTC", amount: "1", externalId: "wire-1" };
    const first = await service.admin("POST", path, body);
    await service.admin("POST", "/admin/clock/advance", { by: "1s" });
    const second = await service.admin("POST", path, body);

    assert.deepEqual([second.status, second.body], [201, first.body]);
    assert.equal(await balanceOf(service, id, key, "BTC"), "1.00000000");
  });

  it("names what is wrong with a movement", async () => {
    await using service = await startService();
    const { id } = await openAccount(service);
    const path = `/admin/accounts/${id}/deposits`;
    const deposit = (body: unknown) => service.admin("POST", path, body);

    assert.deepEqual(faultsOf(await deposit({ asset: "USD", amount: 5 })), ["amount: type"]);
    assert.deepEqual(faultsOf(await deposit({ asset: "USD", amount: "0" })), ["amount: positive"]);
    assert.deepEqual(faultsOf(await deposit({ asset: "USD" })), ["amount: required"]);
    const unknown = await deposit({ asset: "XYZ", amount: "1" });
    assert.deepEqual([unknown.status, unknown.body.code], [404, "asset_not_found"]);
    const stranger = "019b8e4a-7c3c-7001-8000-00000000ffff";
    const nobody = await service.admin("POST", `/admin/accounts/${stranger}/deposits`, {
      asset: "USD",
      amount: "1",
    });
    assert.deepEqual([nobody.status, nobody.body.code], [404, "account_not_found"]);
  });
});

describe("Accounts", () => {
  it("are listed, newest first, the simulated ones among them", async () => {
    await using service = await startService();
    const { id } = await openAccount(service, { feeTier: "vip", name: "desk" });
    const page = await service.admin("GET", "/admin/accounts?limit=500");
    const accounts: Json[] = page.body.accounts;

    assert.deepEqual(
      [accounts[0].accountId, accounts[0].role, accounts[0].feeTier],
      [id, "CUSTOMER", "vip"],
    );
    assert(accounts.some(({ role }) => role === "SIMULATED"));
    const first = await service.admin("GET", "/admin/accounts?limit=2");
    const second = await service.admin(
      "GET",
      `/admin/accounts?limit=2&cursor=${first.body.nextCursor}`,
    );
    assert.deepEqual(
      [...first.body.accounts, ...second.body.accounts].map(({ accountId }) => accountId),
      accounts.slice(0, 4).map(({ accountId }) => accountId),
    );
  });

  it("pay as everyone does unless their tier is named", async () => {
    await using service = await startService();
    const { id } = await openAccount(service);
    const [newest] = (await service.admin("GET", "/admin/accounts?limit=1")).body.accounts;
    assert.deepEqual([newest.accountId, newest.feeTier], [id, "standard"]);
  });

  it("are suspended, approved and closed; a suspended one trades no more", async () => {
    await using service = await startService();
    const { id, key } = await openAccount(service);
    const path = `/admin/accounts/${id}`;
    const suspended = await service.admin("PATCH", path, {
      status: "SUSPENDED",
      kycStatus: "APPROVED",
    });
    const { status, kycStatus } = suspended.body.account;
    assert.deepEqual([status, kycStatus], ["SUSPENDED", "APPROVED"]);
    const order = {
      accountId: id,
      symbol: "BTC/USD",
      side: "BUY",
      orderType: "LIMIT",
      quantity: "0.1",
      price: "44000",
    };
    const refused = await service.production("POST", "/api/v1/orders", { key, body: order });
    assert.equal(refused.body.code, "account_suspended");

    assert.deepEqual(faultsOf(await service.admin("PATCH", path, {})), ["status: required"]);
    assert.deepEqual(
      faultsOf(await service.admin("PATCH", path, { status: "CLOSED", feeTier: "x" })),
      ["status: combination"],
    );
    await service.admin("PATCH", path, { status: "ACTIVE" });
    const closed = await service.admin("PATCH", path, { status: "CLOSED" });
    assert.equal(closed.body.account.status, "CLOSED");
  });
});

describe("Instruments and fees", () => {
  const LISTING = {
    baseAsset: "XRP",
    quoteAsset: "USD",
    tickSize: "0.0001",
    lotSize: "0.1",
    startPrice: "0.5",
    maxSize: "1000000",
    minNotional: "5",
    maxNotional: "1000000",
  };

  it("are listed while the venue runs, with an asset that nobody had before", async () => {
    await using service = await startService();
    const missing = await service.admin("PUT", "/admin/instruments/XRP-USD", { status: "HALTED" });
    assert.deepEqual(faultsOf(missing).length, 8);
    const listed = await service.admin("PUT", "/admin/instruments/XRP-USD", LISTING);
    assert.equal(listed.status, 201);
    const { instrument } = listed.body;
    assert.deepEqual(
      [instrument.symbol, instrument.status, instrument.minSize, instrument.takerFeeRate],
      ["XRP/USD", "TRADING", "0.1", "0.001"],
    );
    const again = await service.admin("PUT", "/admin/instruments/XRP-USD", LISTING);
    assert.deepEqual([again.status, again.body], [200, listed.body]);
    const shown = await service.production("GET", "/api/v1/instruments/XRP-USD");
    assert.equal(shown.body.instrument.symbol, "XRP/USD");
  });

  it("are halted and resumed, and keep what was fixed when they were listed", async () => {
    await using service = await startService();
    const set = (body: unknown) => service.admin("PUT", "/admin/instruments/BTC-USD", body);
    const halted = await set({ status: "HALTED", makerFeeRate: "0", maxSpreadBps: "2.5" });
    const { status, makerFeeRate, maxSpreadBps } = halted.body.instrument;
    assert.deepEqual([status, makerFeeRate, maxSpreadBps], ["HALTED", "0", "2.5"]);
    assert.equal((await set({ status: "TRADING" })).body.instrument.status, "TRADING");

    assert.deepEqual(faultsOf(await set({ tickSize: "0.1", baseAsset: "ETH" })), [
      "baseAsset: fixed",
      "tickSize: fixed",
    ]);
    assert.deepEqual(faultsOf(await set({ minSize: "0.000001" })), ["minSize: step"]);
    assert.deepEqual(faultsOf(await set({ takerFeeRate: "1.1" })), ["takerFeeRate: decimal"]);
    assert.deepEqual(faultsOf(await set({ leverage: 5 })), ["leverage: unknown_field"]);
    const contradiction = await set({ minSize: "100", maxSize: "1" });
    assert.deepEqual([contradiction.status, contradiction.body.code], [422, "invalid_instrument"]);
  });

  it("are refused with the names of the terms that are impossible", async () => {
    await using service = await startService();
    const change = async (body: unknown) =>
      faultsOf(await service.admin("PUT", "/admin/instruments/BTC-USD", body));

    assert.deepEqual(await change({ priceBand: "2" }), ["priceBand: decimal"]);
    assert.deepEqual(await change({ priceMultiplierUp: "0.5" }), ["priceMultiplierUp: decimal"]);
    assert.deepEqual(await change({ priceMultiplierDown: "1.1" }), [
      "priceMultiplierDown: decimal",
    ]);
    assert.deepEqual(await change({ minSize: "100", maxSize: "1" }), ["minSize: combination"]);
    assert.deepEqual(await change({ minNotional: "9000001" }), ["minNotional: combination"]);
    assert.deepEqual(await change({ maxNotional: "9999999999" }), ["maxNotional: combination"]);
    const none = await service.admin("PUT", "/admin/instruments/BTC-USD", { maxOpenOrders: 0 });
    assert.deepEqual(none.body.errors, [
      { field: "maxOpenOrders", rule: "range", message: "must be from 1 to 1000000" },
    ]);
    assert.deepEqual(await change({ maxOpenOrders: 1.5 }), ["maxOpenOrders: type"]);
  });

  it("leave nothing behind when their listing is refused", async () => {
    await using service = await startService();
    const { sequence } = service.venue;
    const list = async (symbol: string, more: unknown) => {
      const body = { ...LISTING, ...(more as object) };
      return faultsOf(await service.admin("PUT", `/admin/instruments/${symbol}`, body));
    };

    assert.deepEqual(await list("XRP-USD", { maxNotional: "1" }), ["minNotional: combination"]);
    assert.deepEqual(await list("XRP-USD", { tickSize: "0.00000001" }), ["lotSize: combination"]);
    assert.deepEqual(await list("XRP-XRP", { quoteAsset: "XRP" }), ["quoteAsset: combination"]);
    assert.deepEqual(await list("X-USD", { baseAsset: "X" }), ["baseAsset: pattern"]);
    assert.equal(service.venue.assetNamed("XRP"), undefined);
    assert.equal(service.venue.sequence, sequence);
    const joined = await service.admin("PUT", "/admin/instruments/BTCU-SD", {
      ...LISTING,
      baseAsset: "BTCU",
      quoteAsset: "SD",
    });
    assert.deepEqual([joined.status, service.venue.assetNamed("BTCU")], [409, undefined]);
  });

  it("charge a tier's own rates once they are set", async () => {
    await using service = await startService();
    const { id, key } = await openAccount(service, { feeTier: "vip" });
    await service.admin("POST", `/admin/accounts/${id}/deposits`, {
      asset: "USD",
      amount: "100000",
    });
    const tier = { tier: "vip", symbol: "BTC-USD", makerFeeRate: "0", takerFeeRate: "0.01" };
    const set = await service.admin("PUT", "/admin/fee-tiers", { tiers: [tier] });
    assert.deepEqual(set.body, { tiers: [{ ...tier, symbol: "BTC/USD" }] });

    const { body } = await service.production("POST", "/api/v1/orders", {
      key,
      body: { accountId: id, symbol: "BTC/USD", side: "BUY", orderType: "MARKET", quantity: "0.1" },
    });
    assert.deepEqual([body.fills[0].quantity, body.fills[0].fee], ["0.10000", "0.00100000"]);
  });
});

describe("The clock", () => {
  it("stands still until it is advanced, and then every due timer has run and is durable", async () => {
    await using service = await startService();
    const before = (await service.admin("GET", "/admin/clock")).body;
    assert.deepEqual([before.mode, before.frozen], ["virtual", true]);
    const { sequence } = service.venue;
    const after = await service.admin("POST", "/admin/clock/advance", { by: "5s" });

    assert.equal(Date.parse(after.body.now) - Date.parse(before.now), 5_000);
    assert(service.venue.sequence > sequence, "the participants acted");
    const state = await service.admin("GET", "/admin/state");
    assert.equal(state.body.sequence, service.venue.sequence);
  });

  it("runs at any speed and freezes again; advancing it meanwhile is refused", async () => {
    await using service = await startService();
    const running = await service.admin("PUT", "/admin/clock", { mode: "virtual", speed: 10 });
    assert.deepEqual([running.body.speed, running.body.frozen], [10, false]);
    const refused = await service.admin("POST", "/admin/clock/advance", { by: "1s" });
    assert.deepEqual([refused.status, refused.body.code], [409, "clock_not_frozen"]);
    const frozen = await service.admin("PUT", "/admin/clock", { mode: "virtual" });
    assert.equal(frozen.body.frozen, true);
    assert.equal((await service.admin("POST", "/admin/clock/advance", { by: "1s" })).status, 200);
  });

  it("never goes backward, and names what is wrong with a change", async () => {
    await using service = await startService();
    const set = (body: unknown) => service.admin("PUT", "/admin/clock", body);

    const back = await set({ mode: "virtual", now: "2020-01-01T00:00:00Z" });
    assert.deepEqual(faultsOf(back), ["now: time_goes_backward"]);
    assert.deepEqual(faultsOf(await set({ mode: "virtual", speed: 20_000 })), [
      "speed: speed_out_of_range",
    ]);
    assert.deepEqual(faultsOf(await set({ mode: "sideways" })), ["mode: one_of"]);
    for (const by of ["5", "-5s", "5 minutes", "9000h"]) {
      const reply = await service.admin("POST", "/admin/clock/advance", { by });
      assert.deepEqual(faultsOf(reply), ["by: duration"], by);
    }
  });
});

describe("A look inside", () => {
  it("shows every order with its owner and its priority", async () => {
    await using service = await startService();
    const { body } = await service.admin("GET", "/debug/orderbooks/BTC-USD");
    const { bids, asks } = body.orderbook;

    assert.deepEqual(
      bids.slice(0, 3).map((order: Json) => [order.priority, order.role]),
      [
        [1, "SIMULATED"],
        [2, "SIMULATED"],
        [3, "SIMULATED"],
      ],
    );
    assert(asks.length >= 10);
    const all = await service.admin("GET", "/debug/orderbooks?limit=1");
    assert.deepEqual(
      all.body.orderbooks.map((book: Json) => [book.bids.length, book.asks.length]),
      Array(9).fill([1, 1]),
    );
  });

  it("shows accounts, trades, participants and queues", async () => {
    await using service = await startService();
    await service.admin("POST", "/admin/clock/advance", { by: "60s" });
    const accounts = (await service.admin("GET", "/debug/accounts?limit=500")).body.accounts;
    const trades = (await service.admin("GET", "/debug/trade-history?symbol=BTC-USD")).body.trades;
    const participants = (await service.admin("GET", "/debug/participants")).body.participants;
    const queues = (await service.admin("GET", "/debug/queues")).body;

    assert(accounts.some((account: Json) => account.liveOrders > 0));
    assert(trades.length > 0);
    assert.equal(participants.length, 9);
    assert.deepEqual(queues.heldCommands, 0);
  });

  it("says who the service is, that its books balance, and what state it is in", async () => {
    await using service = await startService();
    const info = await service.admin("GET", "/admin/info");
    const first = await service.admin("GET", "/admin/state");
    const second = await service.admin("GET", "/admin/state");
    const invariants = await service.admin("GET", "/admin/invariants");

    assert.deepEqual(
      [info.body.service, info.body.phase, info.body.status],
      ["exchange-simulator", "serving", "healthy"],
    );
    assert.match(first.body.stateHash, /^[0-9a-f]+$/);
    assert.deepEqual(second.body, first.body);
    assert.deepEqual([invariants.body.holds, invariants.body.violations], [true, []]);
  });

  it("lists every error where its problems point", async () => {
    await using service = await startService();
    const { body } = await service.admin("GET", "/admin/nothing");
    assert.equal(body.type, "/admin/errors#not_found");
    const catalogue = await service.admin("GET", body.type.split("#")[0]);
    const codes = catalogue.body.errors.map(({ code }: Json) => code);
    assert.deepEqual(
      ["not_found", "unauthenticated", "clock_not_frozen", "chaos_disabled"].filter(
        (code) => !codes.includes(code),
      ),
      [],
    );
  });

  it("changes what is logged at once", async () => {
    await using service = await startService();
    const { body } = await service.admin("PUT", "/admin/log-level", { level: "error" });
    assert.deepEqual([body, service.logger.level], [{ level: "error" }, "error"]);
    const wrong = await service.admin("PUT", "/admin/log-level", { level: "loud" });
    assert.deepEqual(faultsOf(wrong), ["level: one_of"]);
  });
});
