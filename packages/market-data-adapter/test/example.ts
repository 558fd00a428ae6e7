import { setTimeout as wait } from "node:timers/promises";
import { type Clock, timestamp } from "@tse/domain";
import { seededRandom } from "@tse/simulation";
import { newMarketDataAdapterFromEnv } from "../src/index.ts";

/** The example of the README: run it, with `STORE` or `POSTGRES_URL` set or not. */
const realClock: Clock = {
  now: () => timestamp(Date.now() * 1000),
  after(delay, task) {
    const cancelled = new AbortController();
    wait(delay / 1000, undefined, { signal: cancelled.signal }).then(task, () => {});
    return { cancel: () => cancelled.abort() };
  },
};
const print = (message: string) => process.stdout.write(`${message}\n`);

const adapter = newMarketDataAdapterFromEnv(
  { STORE: "memory", ...process.env },
  {
    logger: { info: print, warn: print },
    clock: realClock,
    realClock,
    random: seededRandom("example"),
  },
);
await adapter.connect();

await adapter.priceFeedRepository.create({ symbol: "BTC/USD", price: 4_500_000_000_000n });
const latest = await adapter.priceFeedRepository.getLatestBySymbol("BTC/USD");
print(`BTC/USD is at ${latest?.price} units of 10^-8`);

await adapter.transaction(async ({ candleRepository, outboxRepository }) => {
  await candleRepository.upsert({
    symbol: "BTC/USD",
    interval: "1m",
    open: 4_500_000_000_000n,
    high: 4_510_000_000_000n,
    low: 4_490_000_000_000n,
    close: 4_500_000_000_000n,
    startTime: timestamp(Math.floor(Date.now() / 60_000) * 60_000_000),
  });
  await outboxRepository.append([{ destination: "risk-monitor", topic: "candle", payload: {} }]);
});
const [candle] = await adapter.candleRepository.getMarketData("BTC/USD", "1m", 1);
print(`its average price of this minute is ${candle?.vwap}`);
print(`deleted: ${JSON.stringify(await adapter.retention.apply())}`);

await adapter.disconnect();
