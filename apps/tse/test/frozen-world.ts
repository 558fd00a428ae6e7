import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { EXCHANGE_SETTINGS, ExchangeSimulator } from "@tse/exchange-simulator";
import { MARKET_DATA_SETTINGS } from "@tse/market-data-simulator";
import { type RootLogger, readConfig, silentLogger } from "@tse/service-kit";
import { openWorldFeed, type WorldFeed } from "../src/world-feed.ts";

/** Everything that would be drawn by chance is given, so that equal worlds are equal to the last bit. */
const GIVEN = {
  JOURNAL: "memory",
  STORE: "memory",
  LOG_LEVEL: "error",
  ADMIN_TOKEN: "the-token-of-these-tests",
  SECRET_KEY: "07".repeat(32),
};
const DEMO_KEY = { keyId: "demo-key-of-these-tests", secret: "s".repeat(64) };

const exact = (_key: string, value: unknown) => (typeof value === "bigint" ? `${value}n` : value);

// biome-ignore lint/suspicious/noExplicitAny: each assertion states the shape that it expects
type Json = any;

async function ask(url: string, token: string, method = "GET", body?: object): Promise<Json> {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  assert.ok(response.ok, `${url}: ${response.status} ${text}`);
  return JSON.parse(text);
}

/** Both services of a world in this process, as `npm start` runs them, with prices of bitcoin alone and a frozen clock. */
export async function frozenWorld(seed: string, environment: Readonly<Record<string, string>>) {
  const config = readConfig(EXCHANGE_SETTINGS, {
    argv: ["--port", "0", "--seed", seed, "--clock", "virtual"],
    environment: { ...GIVEN, ...environment },
  });
  const { priceMode, spreadMode, scenarioDir } = MARKET_DATA_SETTINGS;
  const market = {
    priceMode: priceMode.default,
    symbols: ["BTC/USD"],
    spreadMode: spreadMode.default,
    scenarioDir: scenarioDir.default,
  };
  const logger: RootLogger = { ...silentLogger, level: "error" };
  let feed: WorldFeed | undefined;
  const service = await ExchangeSimulator.open({
    config,
    logger,
    demoKey: DEMO_KEY,
    onFatal: (error) => {
      throw error;
    },
    feed: async () => {
      feed = await openWorldFeed(config, market, service);
      return feed;
    },
  });
  const hash = createHash("sha256");
  service.exchange.subscribe(({ sequence, time, command, rejection, events }) => {
    hash.update(JSON.stringify([sequence, time, command, rejection, events], exact));
  });
  const { http, admin, adminToken, demo } = await service.start();
  assert(feed !== undefined && demo !== undefined, "a new world has a feed and a demo account");
  const prices = feed.ready;
  const key = `${demo.keyId}.${demo.secret}`;

  return {
    prices,
    demo,
    admin: (method: string, path: string, body?: object) =>
      ask(`${admin}${path}`, adminToken, method, body),
    market: (method: string, path: string, body?: object) =>
      ask(`${prices.admin}${path}`, adminToken, method, body),
    advance: (by: string) => ask(`${admin}/admin/clock/advance`, adminToken, "POST", { by }),
    buy: (quantity: string) =>
      ask(`${http}/api/v1/orders`, key, "POST", {
        accountId: demo.accountId,
        symbol: "BTC/USD",
        side: "BUY",
        orderType: "MARKET",
        quantity,
      }),
    /** Of bitcoin, as everybody sees it. */
    book: () => ask(`${http}/api/v1/orderbook/BTC-USD`, key),
    /** Prices of bitcoin that were published, newest first. */
    published: async () =>
      (await ask(`${prices.http}/api/v1/prices/BTC-USD/history?limit=500`, key)).ticks,
    /** Everything that the venue did so far. */
    eventHash: () => hash.copy().digest("hex"),
    async [Symbol.asyncDispose]() {
      await feed?.stop();
      await service.stop();
    },
  };
}

export type FrozenWorld = Awaited<ReturnType<typeof frozenWorld>>;
