import type { Timestamp } from "@tse/domain";
import type { CandleInterval } from "@tse/market-data-adapter";
import { type SymbolTerms, VOLUME_DIGITS } from "../feed/symbol-terms.ts";

/** What the ticks of one symbol did in [startTime, endTime). Prices and volumes in the units of ticks. */
export interface MarketCandle {
  readonly terms: SymbolTerms;
  readonly interval: CandleInterval;
  readonly startTime: Timestamp;
  /** Excluded. */
  readonly endTime: Timestamp;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  /** Sum of price × volume: one unit is a tick size times a unit of volume. */
  readonly quoteVolume: bigint;
  readonly ticks: number;
  /** Sequence of the last tick in it. */
  readonly sequence: number;
  /** Of its last tick. */
  readonly source: string;
  /** Whether its time is over. */
  readonly isClosed: boolean;
}

/** A sum of price × volume in units of 10^-8 of the quote asset, rounded down. */
export function storedQuoteVolume(quoteVolume: bigint, { tickSize }: SymbolTerms): bigint {
  return (quoteVolume * tickSize.minor) / 10n ** BigInt(VOLUME_DIGITS);
}

/** Average price by volume in units of 10^-8; `undefined` when nothing was traded. */
export function averagePrice(
  quoteVolume: bigint,
  volume: number,
  { tickSize }: SymbolTerms,
): bigint | undefined {
  return volume === 0 ? undefined : (quoteVolume * tickSize.minor) / BigInt(volume);
}
