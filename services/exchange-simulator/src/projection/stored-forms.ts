import {
  type Amount,
  type Increment,
  type Instrument,
  type Lots,
  MAX_AMOUNT,
  type Ticks,
  textOf,
} from "@tse/domain";
import type { Json, JsonObject } from "@tse/exchange-data-adapter";

/** A price in units of 10^-8 of the quote asset. */
export function priceOf(limit: Ticks, { tickSize }: Instrument): bigint {
  return minorOf(limit, tickSize);
}

/** A quantity in units of 10^-8 of the base asset. */
export function quantityOf(quantity: Lots, { lotSize }: Instrument): bigint {
  return minorOf(quantity, lotSize);
}

/** Below zero for a number that is no count of steps, as a refused order may ask for. */
function minorOf(steps: Ticks | Lots, step: Increment): bigint {
  return Number.isSafeInteger(steps) ? BigInt(steps) * step.minor : -1n;
}

/** What an order asked for, in decimals; a number that is no count of steps stands as it is. */
export function stepsText(steps: Ticks | Lots, step: Increment): string {
  return Number.isSafeInteger(steps) && steps >= 0 ? textOf(steps, step) : String(steps);
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
  const value = storedJson(JSON.parse(text));
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as JsonObject) : { value };
}

/** Escapes may hide in JSON what no text may hold. */
function storedJson(value: unknown): Json {
  if (typeof value === "string") return storedText(value);
  if (Array.isArray(value)) return value.map(storedJson);
  if (typeof value !== "object" || value === null) return value as Json;
  const entries = Object.entries(value).map(([name, inner]) => [
    storedText(name),
    storedJson(inner),
  ]);
  return Object.fromEntries(entries);
}
