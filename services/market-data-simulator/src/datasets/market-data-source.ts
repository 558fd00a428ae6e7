import type { Timestamp } from "@tse/domain";
import type { DatasetPoint } from "@tse/market-data-adapter";

export interface TimeWindow {
  /** Included. */
  readonly from: Timestamp;
  /** Excluded. */
  readonly to: Timestamp;
}

/** Where real prices come from that a world follows or is compared with: an imported data set, or a venue. */
export interface MarketDataSource {
  /**
   * What there is of a symbol in a window: candles by their starts, or trades as candles of one price, in strictly
   * increasing order of time. Nothing of a symbol that the source doesn't have. Reading rejects with the source's own
   * error when it can't be reached.
   */
  fetch(symbol: string, window: TimeWindow): AsyncIterable<DatasetPoint>;
}
