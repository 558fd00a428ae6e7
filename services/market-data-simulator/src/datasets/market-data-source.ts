import type { Timestamp } from "@tse/domain";
import type { CandleInterval, DatasetPoint } from "@tse/market-data-adapter";

/** A price of a symbol at a moment of the source's own time. */
export interface SourceTick {
  readonly symbol: string;
  readonly at: Timestamp;
  /** Units of 10^-8, above 0. */
  readonly price: bigint;
  /** Base units of 10^-8 traded at it, from 0. */
  readonly volume: bigint;
}

export interface TimeWindow {
  /** Included. */
  readonly from: Timestamp;
  /** Excluded. */
  readonly to: Timestamp;
}

/** What a subscriber is told. Nothing is called after `close`, nor before `subscribe` returned. */
export interface SourceListener {
  onTick(tick: SourceTick): void;
  /** No more ticks of this symbol will come. */
  onEnd(symbol: string): void;
  /** The source failed for this symbol: as `onEnd`, with what broke. */
  onError(symbol: string, error: unknown): void;
}

export interface SourceSubscription {
  close(): void;
}

/**
 * Where real prices come from: imported data, or a venue. Each symbol's ticks and candles come in
 * strictly increasing order of time. A symbol that the source doesn't have gives nothing.
 *
 * Reading rejects with the source's own error when it can't be reached.
 */
export interface MarketDataSource {
  /** As ticks name it: `replay`, `binance`. */
  readonly name: string;

  /** Candles that start inside the window. */
  fetchCandles(
    symbol: string,
    interval: CandleInterval,
    window: TimeWindow,
  ): AsyncIterable<DatasetPoint>;

  fetchTicks(symbol: string, window: TimeWindow): AsyncIterable<SourceTick>;

  /** Ticks from now on, until it is closed. */
  subscribe(symbols: readonly string[], listener: SourceListener): SourceSubscription;
}
