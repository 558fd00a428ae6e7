import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ADMIN_TOKEN, call, type RunningService, startService } from "./running.ts";

const keyOf = ({ demo }: RunningService): string => `${demo.keyId}.${demo.secret}`;

const marketBuy = ({ demo }: RunningService) => ({
  accountId: demo.accountId,
  symbol: "BTC/USD",
  side: "BUY",
  orderType: "MARKET",
  quantity: "0.01",
});

const order = (world: RunningService) =>
  call(`${world.http}/api/v1/orders`, "POST", keyOf(world), marketBuy(world));

async function openBook({ http }: RunningService): Promise<string> {
  const { body } = await call(`${http}/api/v1/orderbook/BTC-USD?depth=1`, "GET", undefined);
  return JSON.stringify([body.bids, body.asks]);
}

const signUp = ({ http }: RunningService) =>
  call(`${http}/api/v1/accounts`, "POST", undefined, { userId: "stranger", accountType: "SPOT" });

describe("ExchangeSimulator", () => {
  it("is ready with a book, a funded account and every protocol", async () => {
    await using world = await startService();
    const ready = await call(`${world.http}/api/v1/ready`, "GET", undefined);
    assert.deepEqual([ready.status, ready.body.status], [200, "ready"]);
    assert.equal(ready.body.checks.marketDataFeed.state, "live");

    const placed = await order(world);
    assert.deepEqual([placed.status, placed.body.order.status], [201, "FILLED"]);
    const dialect = await call(`${world.http}/api/v3/ping`, "GET", undefined);
    assert.deepEqual([dialect.status, dialect.body], [200, {}]);
    const balances = `${world.http}/api/v1/accounts/${world.demo.accountId}/balances`;
    const { body } = await call(balances, "GET", keyOf(world));
    const btc = body.balances.find(({ asset }: { asset: string }) => asset === "BTC");
    assert.equal(btc.total, "10.00999000");
  });

  it("lets two worlds live in one process, each with its own seed, clock, keys and ports", async () => {
    const argv = ["--clock", "virtual", "--seed"];
    await using one = await startService({ argv: [...argv, "1"] });
    await using two = await startService({ argv: [...argv, "2"], environment: { SECRET_KEY: "" } });
    assert.notEqual(one.http, two.http);

    const before = await openBook(two);
    const by = { by: "10s" };
    await call(`${one.admin}/admin/clock/advance`, "POST", ADMIN_TOKEN, by);
    await order(one);
    assert.equal(await openBook(two), before, "the other world did not move");

    await call(`${two.admin}/admin/clock/advance`, "POST", ADMIN_TOKEN, by);
    assert.notEqual(await openBook(two), await openBook(one));
    await one.service.stop();
    assert.equal((await order(two)).status, 201);
  });

  it("opens sign-up without a key only on a loopback address, unless told otherwise", async () => {
    await using local = await startService();
    assert.equal((await signUp(local)).status, 201);

    const everywhere = (world: RunningService): RunningService => ({
      ...world,
      http: world.http.replace("0.0.0.0", "127.0.0.1"),
    });
    await using open = await startService({ argv: ["--host", "0.0.0.0"] });
    assert.equal((await signUp(everywhere(open))).status, 403);
    await using told = await startService({
      argv: ["--host", "0.0.0.0"],
      environment: { OPEN_SIGNUP: "true" },
    });
    assert.equal((await signUp(everywhere(told))).status, 201);
    await using closed = await startService({ environment: { OPEN_SIGNUP: "false" } });
    assert.equal((await signUp(closed)).status, 403);
  });

  it("limits what a key may ask for, and with limits off does not", async () => {
    const header = async (world: RunningService): Promise<string | null> => {
      const response = await fetch(`${world.http}/api/v1/instruments`);
      await response.body?.cancel();
      return response.headers.get("ratelimit-limit");
    };
    await using limited = await startService();
    assert.equal(await header(limited), "6000");
    await using free = await startService({ argv: ["--limits", "off"] });
    assert.equal(await header(free), null);
  });

  it("says that it is not ready during a simulated downtime, and makers heed chaos", async () => {
    await using world = await startService({ argv: ["--clock", "virtual"] });
    const spread = async (): Promise<number> => {
      const [[bid], [ask]] = JSON.parse(await openBook(world)) as [string[][], string[][]];
      return Number(ask?.[0]) - Number(bid?.[0]);
    };
    const calm = await spread();
    const chaos = (action: string, parameters: unknown) =>
      call(`${world.admin}/chaos/${action}`, "POST", ADMIN_TOKEN, parameters);
    const advance = (by: string) =>
      call(`${world.admin}/admin/clock/advance`, "POST", ADMIN_TOKEN, { by });

    await chaos("manipulate-spreads", { multiplier: 4, duration_s: 10 });
    await advance("1s");
    assert.ok((await spread()) > 3.9 * calm);
    await advance("10s");
    assert.ok((await spread()) < 1.1 * calm);

    await chaos("simulate-downtime", { duration_s: 30 });
    const ready = await call(`${world.http}/api/v1/ready`, "GET", undefined);
    assert.deepEqual([ready.status, ready.body.status], [503, "not_ready"]);
    assert.equal((await order(world)).status, 503);
    await advance("30s");
    assert.equal((await order(world)).status, 201);
  });

  it("finishes what is under way when it stops", async () => {
    const environment = { MATCHING_LATENCY_MS: "50" };
    await using world = await startService({ argv: ["--clock", "virtual"], environment });
    const waiting = order(world);
    const { exchange } = world.service;
    const held = () => call(`${world.admin}/debug/queues`, "GET", ADMIN_TOKEN);
    while ((await held()).body.heldCommands === 0);
    assert.equal(await world.service.stop(), true);

    assert.equal((await waiting).status, 201);
    await assert.rejects(exchange.durable(), { name: "ExchangeStopped" });
    await assert.rejects(fetch(`${world.http}/api/v1/health`));
  });

  it("reports a broken rule of its own once, and then takes nothing more", async () => {
    await using world = await startService();
    const bug = new Error("a rule of ours is broken");
    world.service.exchange.subscribe(() => {
      throw bug;
    });

    const refused = await order(world);
    assert.deepEqual([refused.status, refused.body.code], [503, "shutting_down"]);
    assert.equal((await order(world)).status, 503);
    assert.deepEqual(world.failures, [bug]);
    assert.equal(await world.service.stop(), true);
  });
});
