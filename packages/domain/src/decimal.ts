/**
 * Exact decimals at the edge: text to scaled integer and back. No float takes part, nothing is rounded.
 */

/** At most 40 plain digits, and as many of a fraction: no sign, exponent, blank, or bare point. */
const DECIMAL = /^(\d{1,40})(?:\.(\d{1,40}))?$/;

/**
 * The integer `text × 10^scale`.
 *
 * @param text as a client sent it, `"64250.10"`: plain digits, no sign, no exponent, at most 40 a side
 * @param scale 0 to 18
 * @returns `undefined` when `text` isn't a decimal or has non-zero digits beyond `scale`
 * @example parseDecimal("0.29", 2) // 29n, where 0.29 * 100 is 28.999999999999996
 */
export function parseDecimal(text: string, scale: number): bigint | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;

  const fraction = (match[2] ?? "").replace(/0+$/, "");
  if (fraction.length > scale) return undefined;
  return BigInt(match[1] + fraction.padEnd(scale, "0"));
}

/** Whether `text` is a decimal as `parseDecimal` reads it, of any scale up to 40. */
export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/**
 * `value × 10^-scale` as text, with exactly `scale` digits after the point.
 *
 * @param value a number only when it is a safe integer; negative ones get a sign in front
 * @example formatDecimal(29n, 2) // "0.29"
 */
export function formatDecimal(value: bigint | number, scale: number): string {
  const text = value.toString();
  const negative = text.startsWith("-");
  const digits = (negative ? text.slice(1) : text).padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale === 0 ? "" : `.${digits.slice(digits.length - scale)}`;
  return `${negative ? "-" : ""}${whole}${fraction}`;
}

/** `formatDecimal` without trailing zeros: `"0.29"`, `"100"`. */
export function formatShortest(value: bigint | number, scale: number): string {
  const text = formatDecimal(value, scale);
  return scale === 0 ? text : text.replace(/\.?0+$/, "");
}
