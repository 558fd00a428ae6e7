import { setTimeout as wait } from "node:timers/promises";
import { MarketDataService } from "@tse/contracts";
import { GrpcCallFailed, GrpcChannel, type GrpcClient, type Logger } from "@tse/service-kit";
import type { FeedPrice, MarketFeed } from "./feed-source.ts";

/** Pauses between attempts to subscribe: real time, whatever the world's clock does. */
const PAUSE_MS = { first: 250, longest: 5_000 } as const;
/** Asks for every tick that is published. */
const INTERVAL_MS = 100;

/**
 * The prices of a market-data service over gRPC: `MarketDataService.StreamPriceBatches`, subscribed to again as often as it breaks. Each
 * subscription begins with the newest prices, so that nothing older is missed. That it is away is logged once, and once that it is back.
 */
export class GrpcFeed implements MarketFeed {
  readonly #address: string;
  readonly #log: Logger;

  /** @param address `127.0.0.1:9096` */
  constructor(address: string, log: Logger) {
    this.#address = address;
    this.#log = log;
  }

  follow(symbols: readonly string[], listener: (price: FeedPrice) => void): { stop(): void } {
    const ended = new AbortController();
    const channel = new GrpcChannel(this.#address);
    const client = channel.client(MarketDataService);
    const following = this.#again(client, symbols, listener, ended.signal);
    // What is thrown there is a bug of the listener's: nobody catches it.
    void following.finally(() => channel.close());
    return { stop: () => ended.abort() };
  }

  async #again(
    client: GrpcClient<typeof MarketDataService>,
    symbols: readonly string[],
    listener: (price: FeedPrice) => void,
    signal: AbortSignal,
  ): Promise<void> {
    let pause: number = PAUSE_MS.first;
    let isAway = false;
    const heard = (price: FeedPrice): void => {
      if (isAway) this.#log.info("the market-data feed is back", { address: this.#address });
      isAway = false;
      pause = PAUSE_MS.first;
      listener(price);
    };
    while (!signal.aborted) {
      const reason = await this.#once(client, symbols, heard, signal);
      if (signal.aborted) return;
      if (!isAway) {
        this.#log.warn("the market-data feed is away", { address: this.#address, reason });
      }
      isAway = true;
      await wait(pause, undefined, { signal, ref: false }).catch(() => {});
      pause = Math.min(2 * pause, PAUSE_MS.longest);
    }
  }

  /** Returns why the subscription ended. */
  async #once(
    client: GrpcClient<typeof MarketDataService>,
    symbols: readonly string[],
    listener: (price: FeedPrice) => void,
    signal: AbortSignal,
  ): Promise<string> {
    try {
      const request = { symbols: [...symbols], updateIntervalMs: INTERVAL_MS };
      for await (const { updates } of client.streamPriceBatches(request, { signal })) {
        for (const { symbol, priceDecimal: price, bid, ask } of updates) {
          listener({ symbol, price, bid, ask });
        }
      }
      return "the service ended the stream";
    } catch (error) {
      if (error instanceof GrpcCallFailed || signal.aborted) return (error as Error).message;
      throw error;
    }
  }
}
