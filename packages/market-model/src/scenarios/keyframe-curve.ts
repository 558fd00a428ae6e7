/** Piecewise curve through points with increasing times. */
export interface Curve {
  readonly curve: "linear" | "monotone";
  readonly times: readonly number[];
  readonly values: readonly number[];
}

/**
 * Value of the curve at a time; the first or last value outside. The monotone curve is Fritsch and Carlson's
 * cubic: smooth, through every point, and between two points never beyond them.
 */
export function curveAt({ curve, times, values }: Curve, time: number): number {
  const last = times.length - 1;
  if (time <= (times[0] as number)) return values[0] as number;
  if (time >= (times[last] as number)) return values[last] as number;

  const left = segmentAt(times, time);
  const [x0, x1] = [times[left] as number, times[left + 1] as number];
  const [y0, y1] = [values[left] as number, values[left + 1] as number];
  const share = (time - x0) / (x1 - x0);
  if (curve === "linear") return y0 + share * (y1 - y0);

  const width = x1 - x0;
  const [from, to] = [slopeAt(times, values, left), slopeAt(times, values, left + 1)];
  const rest = 1 - share;
  return (
    y0 * (1 + 2 * share) * rest * rest +
    y1 * share * share * (3 - 2 * share) +
    width * (from * share * rest * rest - to * share * share * rest)
  );
}

/** Index of the last time at or before `time`, which lies inside. */
function segmentAt(times: readonly number[], time: number): number {
  let low = 0;
  let high = times.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) <= time) low = middle;
    else high = middle;
  }
  return low;
}

/** Slope at a point: 0 at turning points and both ends, else the weighted harmonic mean of its neighbours'. */
function slopeAt(times: readonly number[], values: readonly number[], index: number): number {
  if (index === 0 || index === times.length - 1) return 0;
  const before = (times[index] as number) - (times[index - 1] as number);
  const after = (times[index + 1] as number) - (times[index] as number);
  const slopeBefore = ((values[index] as number) - (values[index - 1] as number)) / before;
  const slopeAfter = ((values[index + 1] as number) - (values[index] as number)) / after;
  if (slopeBefore * slopeAfter <= 0) return 0;
  const [w1, w2] = [2 * after + before, after + 2 * before];
  return (w1 + w2) / (w1 / slopeBefore + w2 / slopeAfter);
}
