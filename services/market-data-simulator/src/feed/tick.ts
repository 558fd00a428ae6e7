import { formatDecimal, MONEY_SCALE, type Timestamp, textOf } from "@tse/domain";
import { type SymbolTerms, VOLUME_DIGITS } from "./symbol-terms.ts";

/** One price of the shared path. Every interface shows the same ones. */
export interface Tick {
  readonly terms: SymbolTerms;
  /** 1, 2, 3, … of this symbol, without a gap. */
  readonly sequence: number;
  /** World time of the grid point that it belongs to. */
  readonly timestamp: Timestamp;
  /** Counts of the symbol's tick size; bid ≤ price ≤ ask, all at least 1. */
  readonly price: number;
  readonly bid: number;
  readonly ask: number;
  /** Traded since the grid point before, in units of 10^-4 of the base asset. */
  readonly volume: number;
  /** What made the price: `simulator`, `replay:<name>`, `consensus`, `static`. */
  readonly source: string;
  /** 0 to 1. */
  readonly confidence: number;
}

/** A price as the wire has it: `"45000.00"`. */
export function priceText(price: number, { tickSize }: SymbolTerms): string {
  return textOf(price, tickSize);
}

/** A volume as the wire has it: `"12.3400"`. */
export function volumeText(volume: number): string {
  return formatDecimal(volume, VOLUME_DIGITS);
}

/** A price as a double, for where doubles are spoken. */
export function priceNumber(price: number, { tickSize }: SymbolTerms): number {
  return (price * Number(tickSize.minor)) / 10 ** MONEY_SCALE;
}

export function volumeNumber(volume: number): number {
  return volume / 10 ** VOLUME_DIGITS;
}

/** A price in units of 10^-8, as it is stored. */
export function storedPrice(price: number, { tickSize }: SymbolTerms): bigint {
  return BigInt(price) * tickSize.minor;
}

/** A volume in units of 10^-8, as it is stored. */
export function storedVolume(volume: number): bigint {
  return BigInt(volume) * 10n ** BigInt(MONEY_SCALE - VOLUME_DIGITS);
}
