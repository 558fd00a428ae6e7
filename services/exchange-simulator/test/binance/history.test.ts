import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { type Command, duration, type Sequence } from "@tse/domain";
import { TestArchive } from "../support/archive.ts";
import { startBinance, type TestBinance, type Trader } from "../support/binance.ts";

const KEPT = 10;
const TRADES = 4 * KEPT;
const SECOND = duration(1_000_000);

interface World {
  readonly archive: TestArchive;
  readonly binance: TestBinance;
  readonly maker: Trader;
  readonly taker: Trader;
}

/** Pairs of orders that traded, one pair a second; memory has the last few. */
async function world(kind: "memory" | "pglite", stored = true): Promise<World> {
  const archive = await TestArchive.open(kind);
  const binance = await startBinance({ archive, kept: KEPT });
  await archive.store(binance.exchange.released);
  const maker = await binance.trader({ BTC: "100" });
  const taker = await binance.trader({ USD: "10000000" });
  for (let count = 0; count < TRADES; count += 1) {
    await binance.advance(SECOND);
    const sell = { symbol: "BTC/USD", side: "sell", price: `${45_000 + (count % 2)}` } as const;
    await binance.place(maker.account, { ...sell, quantity: "0.01" });
    await binance.place(maker.account, { ...sell, quantity: "0.01" });
    const buy = { symbol: "BTC/USD", side: "buy", price: "45001", quantity: "0.02" } as const;
    await binance.place(taker.account, { ...buy, more: { clientOrderId: `b-${count}` } });
    if (stored && count % KEPT === 0) await archive.store(binance.exchange.released);
  }
  if (stored) await archive.store(binance.exchange.released);
  return { archive, binance, maker, taker };
}

/** What an exchange did beyond what every test's begins with. */
async function commandsOf({ log }: TestBinance): Promise<readonly Command[]> {
  const commands: Command[] = [];
  for await (const run of log.read(1 as Sequence)) {
    commands.push(...run.map(({ command }) => command));
  }
  return commands.filter(({ kind }) => !kind.startsWith("list_"));
}

type Params = Record<string, string | number | undefined>;

/** Everybody's trades are asked for without a signature. */
function ask({ binance, taker }: World, path: string, params: Params) {
  const all = { symbol: "BTCUSD", ...params };
  const isPublic = path.endsWith("Trades") && path !== "myTrades";
  const url = `/api/v3/${path}`;
  return isPublic ? binance.get(url, all) : binance.as(taker, "GET", url, all);
}

async function asked(world: World, path: string, params: Params) {
  const reply = await ask(world, path, params);
  equal(reply.status, 200, JSON.stringify(reply.body));
  return reply.body;
}

for (const kind of ["memory", "pglite"] as const) {
  describe(`the dialect's history beyond memory, over ${kind}`, () => {
    it("is what it was when memory had it", async () => {
      const short = await world(kind);
      const archive = await TestArchive.open("memory");
      await using _ = short.archive;
      await using __ = archive;
      const all = await startBinance({ archive });
      for (const command of await commandsOf(short.binance)) await all.submit(command);
      const long = { ...short, archive, binance: all };
      const orders = await asked(short, "allOrders", { limit: 1000 });
      equal(orders.length, TRADES);
      const middle = orders[TRADES / 2];
      const third = (await asked(short, "historicalTrades", { limit: 3 }))[0];
      const numbers: [string, Params][] = [
        ["allOrders", { limit: 1000 }],
        ["allOrders", { limit: 7 }],
        ["allOrders", { orderId: middle.orderId, limit: 7 }],
        ["allOrders", { orderId: middle.orderId, limit: 1000 }],
        ["queryOrder", { orderId: orders[0].orderId }],
        ["queryOrder", { origClientOrderId: "b-1" }],
        ["myTrades", { limit: 1000 }],
        ["myTrades", { limit: 5 }],
        ["myTrades", { orderId: orders[0].orderId }],
        ["myTrades", { fromId: TRADES, limit: 9 }],
        ["historicalTrades", { limit: 1000 }],
        ["historicalTrades", { fromId: 4, limit: 6 }],
        ["historicalTrades", { fromId: third.id }],
        ["aggTrades", { limit: 1000 }],
        ["aggTrades", { limit: 5 }],
        ["aggTrades", { fromId: 4, limit: 6 }],
        ["aggTrades", { fromId: 2 * TRADES - 5 }],
      ];
      const timeless = (each: object) =>
        JSON.parse(JSON.stringify(each), (name, value) =>
          ["time", "updateTime", "workingTime", "T"].includes(name) ? 0 : value,
        );
      const isTaken = archive.reads;
      for (const [path, params] of numbers) {
        const name = path === "queryOrder" ? "order" : path;
        deepEqual(
          timeless(await asked(short, name, params)),
          timeless(await asked(long, name, params)),
          `${path} ${JSON.stringify(params)}`,
        );
      }
      equal(archive.reads, isTaken, "the other exchange's memory had it all");
      ok(short.archive.reads > 0);
    });

    it("is found by time, its ends included", async () => {
      const short = await world(kind);
      await using _ = short.archive;
      const orders = await asked(short, "allOrders", { limit: 1000 });
      const [from, to] = [orders[3].time, orders[12].time];
      const between = { startTime: from, endTime: to };
      const ids = (list: { time: number }[]) => list.map(({ time }) => (time - from) / 1000);
      const seconds = Array.from({ length: 10 }, (_, index) => index);

      deepEqual(ids(await asked(short, "allOrders", between)), seconds);
      deepEqual(ids(await asked(short, "allOrders", { ...between, limit: 3 })), [0, 1, 2]);
      deepEqual(ids(await asked(short, "allOrders", { endTime: to, limit: 2 })), [8, 9]);
      const pairs = seconds.flatMap((second) => [second, second]);
      deepEqual(ids(await asked(short, "myTrades", between)), pairs);
      deepEqual(ids(await asked(short, "myTrades", { ...between, limit: 3 })), [0, 0, 1]);
      deepEqual(ids(await asked(short, "myTrades", { endTime: to, limit: 2 })), [9, 9]);
      const aggregates: { T: number; f: number; l: number }[] = await asked(
        short,
        "aggTrades",
        between,
      );
      deepEqual(
        aggregates.map(({ T }) => (T - from) / 1000),
        seconds,
      );
      ok(aggregates.every(({ f, l }) => l === f + 1));
    });
  });
}

describe("the dialect's history while storage is away", () => {
  it("is answered from memory where that has it, and else says that it can't be", async () => {
    const short = await world("memory");
    await using archive = short.archive;
    const [newest] = await asked(short, "allOrders", { limit: 1 });
    archive.away = true;

    deepEqual(await asked(short, "allOrders", { limit: 1 }), [newest]);
    deepEqual((await asked(short, "order", { orderId: newest.orderId })).orderId, newest.orderId);
    equal((await asked(short, "myTrades", { limit: 1 })).length, 1);
    for (const [path, params] of [
      ["allOrders", {}],
      ["order", { orderId: 2 }],
      ["order", { origClientOrderId: "b-0" }],
      ["myTrades", {}],
      ["historicalTrades", { fromId: 1 }],
      ["aggTrades", { fromId: 1 }],
    ] as const) {
      const { status, body } = await ask(short, path, params);
      deepEqual([path, status, body.code], [path, 503, -1001]);
    }
  });
});
