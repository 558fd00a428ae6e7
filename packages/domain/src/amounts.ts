import { formatDecimal, parseDecimal } from "./decimal.ts";
import { type Amount, amount, MONEY_SCALE } from "./units.ts";

/** Most money one account may hold of an asset: 10^16 - 10^-8 units, what DECIMAL(24,8) can store. */
export const MAX_AMOUNT = amount(10n ** 24n - 1n);

/** Money from text; `undefined` when it isn't a decimal, has more than 8 places, or is above `MAX_AMOUNT`. */
export function parseAmount(text: string): Amount | undefined {
  const minor = parseDecimal(text, MONEY_SCALE);
  return minor === undefined || minor > MAX_AMOUNT ? undefined : amount(minor);
}

/** Money as text with all 8 digits: `"0.10000000"`. */
export function formatAmount(value: Amount): string {
  return formatDecimal(value, MONEY_SCALE);
}
