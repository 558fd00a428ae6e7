import type { SourceQuote } from "./source-quote.ts";

/** Makes the median absolute deviation of a normal law its standard deviation. */
const NORMAL = 1.4826;
/** Least deviation, as a share of the median: 5 basis points. */
const LEAST_DEVIATION = 5e-4;
/** Deviations from the median beyond which a quote is an outlier. */
const FURTHEST = 2;

/** The middle value, or the middle of the two middle ones; of at least one. */
function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted.length >> 1;
  const above = sorted[upper] as number;
  return sorted.length % 2 === 1 ? above : ((sorted[upper - 1] as number) + above) / 2;
}

/**
 * The quotes within 2 robust deviations of their median m, where
 * ```
 * deviation = max(1.4826 · median |pᵢ − m|, 0.0005 · m)
 * ```
 * The floor lets one wrong source among three be found, whose two neighbours agree to the last digit.
 * One quote, or two, are never outliers. In the order given.
 */
export function withoutOutliers<Quote extends SourceQuote>(
  quotes: readonly Quote[],
): readonly Quote[] {
  if (quotes.length === 0) return quotes;
  const middle = medianOf(quotes.map(({ price }) => price));
  const distances = quotes.map(({ price }) => Math.abs(price - middle));
  const deviation = Math.max(NORMAL * medianOf(distances), LEAST_DEVIATION * middle);
  return quotes.filter((_, i) => (distances[i] as number) <= FURTHEST * deviation);
}

/**
 * Weights of quotes, summing to 1: in proportion to volume by priority. A quote without a volume has
 * the median of the others'; without any, or when nothing was traded, all have the same.
 *
 * @param priorities of the quotes' sources, in the same order, from 1
 */
export function weightsOf(
  quotes: readonly SourceQuote[],
  priorities: readonly number[],
): readonly number[] {
  const known = quotes.flatMap(({ volume }) => (volume === undefined ? [] : [volume]));
  const usual = known.length > 0 ? medianOf(known) : 1;
  const volumes = quotes.map(({ volume }) => volume ?? usual);
  const isTraded = volumes.some((volume) => volume > 0);
  const raw = volumes.map((volume, i) => (isTraded ? volume : 1) / (priorities[i] as number));
  const sum = raw.reduce((all, one) => all + one, 0);
  return raw.map((one) => one / sum);
}

/** Largest distance of two quotes as a share of their median. */
export function spreadOf(quotes: readonly SourceQuote[]): number {
  const prices = quotes.map(({ price }) => price);
  return (Math.max(...prices) - Math.min(...prices)) / medianOf(prices);
}
