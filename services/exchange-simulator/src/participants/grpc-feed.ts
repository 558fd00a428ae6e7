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
 *
 * Symbols that the service doesn't know have no prices; the others have theirs.
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
    let known = symbols;
    while (!signal.aborted) {
      const { reason, isUnknown = false } = await this.#once(client, known, heard, signal);
      if (signal.aborted) return;
      if (isUnknown) {
        known = await this.#known(client, symbols);
        const unknown = symbols.filter((symbol) => !known.includes(symbol));
        this.#log.warn("the market-data service doesn't know some symbols", { unknown });
        if (known.length > 0 && known.length < symbols.length) continue;
      }
      known = symbols;
      if (!isAway) {
        this.#log.warn("the market-data feed is away", { address: this.#address, reason });
      }
      isAway = true;
      await wait(pause, undefined, { signal, ref: false }).catch(() => {});
      pause = Math.min(2 * pause, PAUSE_MS.longest);
    }
  }

  /** Those of the symbols that the service has, whatever it says of them. */
  async #known(
    client: GrpcClient<typeof MarketDataService>,
    symbols: readonly string[],
  ): Promise<readonly string[]> {
    const asked = symbols.map(async (symbol) => {
      try {
        await client.getPrice({ symbol });
        return [symbol];
      } catch (error) {
        if (!(error instanceof GrpcCallFailed)) throw error;
        return error.status === "NOT_FOUND" ? [] : [symbol];
      }
    });
    return (await Promise.all(asked)).flat();
  }

  /** Returns why the subscription ended. */
  async #once(
    client: GrpcClient<typeof MarketDataService>,
    symbols: readonly string[],
    listener: (price: FeedPrice) => void,
    signal: AbortSignal,
  ): Promise<{ readonly reason: string; readonly isUnknown?: boolean }> {
    try {
      const request = { symbols: [...symbols], updateIntervalMs: INTERVAL_MS };
      for await (const { updates } of client.streamPriceBatches(request, { signal })) {
        for (const { symbol, priceDecimal: price, bid, ask } of updates) {
          listener({ symbol, price, bid, ask });
        }
      }
      return { reason: "the service ended the stream" };
    } catch (error) {
      const isFailed = error instanceof GrpcCallFailed;
      if (!isFailed && !signal.aborted) throw error;
      const { message: reason } = error as Error;
      return { reason, isUnknown: isFailed && error.status === "NOT_FOUND" };
    }
  }
}
