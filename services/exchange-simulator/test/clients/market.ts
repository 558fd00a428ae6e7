import { realClock } from "@tse/service-kit";
import { startBinance, type TestBinance, type Trader } from "../support/binance.ts";

/** A market in BTC/USDT for client libraries to trade on, in real time as they expect it. */
export interface ClientMarket {
  readonly binance: TestBinance;
  /** 1 BTC and 100,000 USDT. */
  readonly client: Trader;
}

/** Bids of 1 BTC at 44,990 and 44,980, asks at 45,000 and 45,010; one trade was at 44,995. */
export async function startClientMarket(): Promise<ClientMarket> {
  const binance = await startBinance({ clock: realClock() });
  const maker = await binance.trader({ BTC: "10", USDT: "1000000" });
  const client = await binance.trader({ BTC: "1", USDT: "100000" });
  const rest = (side: "buy" | "sell", price: string, quantity = "1") =>
    binance.place(maker.account, { symbol: "BTC/USDT", side, price, quantity });

  const other = await binance.trader({ USDT: "10000" });
  await rest("sell", "44995", "0.1");
  await binance.place(other.account, { symbol: "BTC/USDT", side: "buy", quantity: "0.1" });
  for (const price of ["45000", "45010"]) await rest("sell", price);
  for (const price of ["44990", "44980"]) await rest("buy", price);
  return { binance, client };
}

/** A decimal of 8 places as a count of 10^-8: money to compare without rounding. */
export function minor(text: string): bigint {
  const [whole = "", fraction = ""] = text.split(".");
  return BigInt(whole + fraction.padEnd(8, "0"));
}
