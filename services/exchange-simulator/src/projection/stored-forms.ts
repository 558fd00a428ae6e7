import { type Amount, type Instrument, type Lots, MAX_AMOUNT, type Ticks } from "@tse/domain";
import type { JsonObject } from "@tse/exchange-data-adapter";

/** A price in units of 10^-8 of the quote asset. */
export function priceOf(limit: Ticks, { tickSize }: Instrument): bigint {
  return BigInt(limit) * tickSize.minor;
}

/** A quantity in units of 10^-8 of the base asset. */
export function quantityOf(quantity: Lots, { lotSize }: Instrument): bigint {
  return BigInt(quantity) * lotSize.minor;
}

/** `undefined` for what a column of money can't hold: only a refused order can name such a number. */
export function storable<Value extends bigint | Amount>(value: Value): Value | undefined {
  return value >= 0n && value <= MAX_AMOUNT ? value : undefined;
}

/** Text that any database takes: a NUL, which none of them stores, becomes the mark of a lost character. */
export function storedText(text: string): string {
  return text.replaceAll("\u0000", "\uFFFD").toWellFormed();
}

/** The same, `undefined` where there is none. */
export function optionalText(text: string): string | undefined {
  return text === "" ? undefined : storedText(text);
}

/** JSON text as it came in, as a value; text that is no JSON object is kept beside its name. */
export function storedObject(text: string): JsonObject | undefined {
  if (text === "") return undefined;
  const value: unknown = JSON.parse(storedText(text));
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as JsonObject) : { value: value as JsonObject };
}
