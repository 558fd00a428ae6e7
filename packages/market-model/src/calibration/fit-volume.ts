import type { VolumeShape } from "../realistic/realistic-shape.ts";
import { autocovariance, MINUTES_A_DAY, type Minutes, mean, median } from "./minutes.ts";
import { nonNegativeFit } from "./non-negative-fit.ts";

/** Minutes over which volatility is smoothed to stand for the pace. */
const SMOOTH = 60;
const LAGS = [1, 2, 3, 5, 8, 15, 30, 60, 120, 240, 480, 720] as const;
const BURST_BEYOND = 3;
/** Bursts for each that stands out: most are small. */
const BURSTS_SEEN = 1.7;

export interface VolumeFit {
  readonly shape: VolumeShape;
  readonly dayVolume: number;
  /** Slope of log volume on the log of the pace, and of what is left on the minute's own move. */
  readonly slopes: { readonly pace: number; readonly move: number };
}

/**
 * The law of a minute's volume: slopes by regression of log volume on the pace, for which smoothed volatility stands, and on the minute's own move;
 * slow factors by the autocovariance of what is left; noise by the rest. The split between a minute's realised volatility and its
 * return can't be seen in candles and stays as it is in `shape`.
 */
export function fitVolume({ sizes, volume }: Minutes, shape: VolumeShape): VolumeFit {
  const smallest = Math.max(1e-9, median(volume) / 1000);
  const logs = volume.map((traded) => Math.log(Math.max(traded, smallest)));
  const pace = smoothed(sizes).map((size) => Math.log(Math.max(size, Number.MIN_VALUE)));
  const move = sizes.map((size, i) => Math.log(0.25 + size / Math.exp(pace[i] as number)));
  const slopes = { pace: slope(logs, pace), move: 0 };
  const rest = logs.map((log, i) => log - slopes.pace * (pace[i] as number));
  slopes.move = slope(rest, move);
  const left = rest.map((log, i) => log - slopes.move * (move[i] as number));

  const columns = shape.factors.map(({ memory }) =>
    Float64Array.from(LAGS, (lag) => Math.exp((-lag * 60) / memory)),
  );
  const measured = Float64Array.from(LAGS, (lag) => autocovariance(left, lag));
  const variances = nonNegativeFit(columns, measured);
  const factors = shape.factors.map(({ memory }, k) => ({
    memory,
    deviation: Math.sqrt(variances[k] as number),
  }));
  const noise = Math.sqrt(
    Math.max(0.01, autocovariance(left, 0) - variances.reduce((sum, part) => sum + part, 0)),
  );
  const ties = Math.min(2, Math.max(0.2, slopes.move / REGRESSED));
  return {
    shape: {
      ...shape,
      pace: Math.min(2, Math.max(0.1, slopes.pace)),
      realised: shape.realised * ties,
      move: shape.move * ties,
      factors,
      noise: Math.min(noise * EVEN_NOISE, 1),
      burst: burstsOf(left, noise),
    },
    dayVolume: dayVolumeOf(volume),
    slopes,
  };
}

/** What the regression finds for the default shape: its own move stands for realised volatility and return together. */
const REGRESSED = 0.45;
/** Share of the noise that is even; the rest are bursts. */
const EVEN_NOISE = 0.75;

/** Share of the minutes that stand out, which is a part of those that burst. */
function burstsOf(left: Float64Array, noise: number): number {
  const middle = median(left);
  const out = left.filter((value) => value - middle > BURST_BEYOND * noise).length / left.length;
  return Math.min(0.2, Math.max(0.005, out * BURSTS_SEEN));
}

function dayVolumeOf(volume: Float64Array): number {
  const days = Math.floor(volume.length / MINUTES_A_DAY);
  const sums = Float64Array.from({ length: days }, (_, day) =>
    volume
      .subarray(day * MINUTES_A_DAY, (day + 1) * MINUTES_A_DAY)
      .reduce((sum, traded) => sum + traded, 0),
  );
  return median(sums);
}

function smoothed(values: Float64Array): Float64Array {
  let current = mean(values.subarray(0, SMOOTH));
  return values.map((value) => {
    const before = current;
    current += (value - current) / SMOOTH;
    return before;
  });
}

function slope(ys: Float64Array, xs: Float64Array): number {
  const [x, y] = [mean(xs), mean(ys)];
  let [both, square] = [0, 0];
  for (let i = 0; i < xs.length; i++) {
    both += ((xs[i] as number) - x) * ((ys[i] as number) - y);
    square += ((xs[i] as number) - x) ** 2;
  }
  return square === 0 ? 0 : both / square;
}
