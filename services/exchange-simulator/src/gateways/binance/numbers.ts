import {
  type Amount,
  formatAmount,
  formatDecimal,
  type Instrument,
  type Ticks,
  type Timestamp,
} from "@tse/domain";

/** The dialect's numbers: decimals as text with 8 places, times in milliseconds. */

export const ZERO = "0.00000000";

export const amountText = (value: Amount): string => formatAmount(value);

/** @param ticks may be negative, as a difference */
export function priceText({ tickSize }: Instrument, ticks: Ticks | number): string {
  return formatDecimal(BigInt(ticks) * tickSize.minor, 8);
}

export function quantityText({ minorPerLot }: Instrument, lots: number | bigint): string {
  return formatDecimal(BigInt(lots) * BigInt(minorPerLot), 8);
}

export const milliseconds = (time: Timestamp): number => Math.floor(time / 1000);

/** `numerator / denominator` to `scale` places, half to even. @param denominator above 0 */
export function quotientText(numerator: bigint, denominator: bigint, scale: number): string {
  const scaled = (numerator < 0n ? -numerator : numerator) * 10n ** BigInt(scale);
  const down = scaled / denominator;
  const rest = 2n * (scaled % denominator);
  const isUp = rest > denominator || (rest === denominator && down % 2n === 1n);
  const rounded = isUp ? down + 1n : down;
  return formatDecimal(numerator < 0n ? -rounded : rounded, scale);
}
