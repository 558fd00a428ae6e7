import { beforeEach } from "node:test";
import { type Reply, startBinance, type TestBinance, type Trader } from "../support/binance.ts";

export const LIMIT = { symbol: "BTCUSD", type: "LIMIT", timeInForce: "GTC" };
export const NOTHING = "0.00000000";

/** An exchange of their own for each test, on which nobody else trades. */
export let binance: TestBinance;
export let maker: Trader;
export let taker: Trader;
beforeEach(async () => {
  binance = await startBinance();
  maker = await binance.trader({ BTC: "10", USD: "1000000" });
  taker = await binance.trader({ BTC: "10", USD: "1000000" });
});

export function now(): number {
  return Math.floor(binance.exchange.clock.now() / 1000);
}

export function order(trader: Trader, params: Record<string, string | number>): Promise<Reply> {
  return binance.as(trader, "POST", "/api/v3/order", params);
}

/** What is free and what is locked, by asset. */
export async function balances(trader: Trader): Promise<Record<string, [string, string]>> {
  const { body } = await binance.as(trader, "GET", "/api/v3/account", { omitZeroBalances: "true" });
  return Object.fromEntries(
    body.balances.map((each: Record<string, string>) => [each.asset, [each.free, each.locked]]),
  );
}
