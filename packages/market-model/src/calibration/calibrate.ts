import type { MovingAsset, RealisticShape } from "../realistic/realistic-shape.ts";
import { fitSeason } from "./fit-season.ts";
import { fitLevel, fitVolatility, type VolatilityFit } from "./fit-volatility.ts";
import { fitVolume } from "./fit-volume.ts";
import { MINUTES_A_DAY, type MinuteCandles, type Minutes, mean, minutesOf } from "./minutes.ts";

/** Fewest days that say something about a week. */
export const CALIBRATION_DAYS_MIN = 7;

export interface Calibration {
  /** The asset that these candles are of, with what of it they tell. */
  readonly asset: MovingAsset;
  readonly shape: RealisticShape;
  /** Autocovariance of log sizes, measured and fitted: how well the factors do. */
  readonly memory: VolatilityFit["curve"];
}

/** Why candles can't be calibrated on. */
export interface CalibrationRefusal {
  readonly code: "too_few_days" | "never_moves" | "never_trades";
  readonly days: number;
}

/**
 * Parameters of the mode `realistic` from candles of 1 minute: level of volatility, season, volatility factors, jumps, activity and volume, each
 * by an estimator of its own in one pass. What one symbol's candles can't tell stays as it is in `like` and `shape`: correlations with others, leverage,
 * feedback of trends, and the factors that live inside a minute or longer than what was seen.
 *
 * Deterministic; takes some tens of milliseconds for a month.
 *
 * @param candles a regular series without holes
 * @param like the asset to start from: its name, bounds, loadings
 */
export function calibrate(
  candles: MinuteCandles,
  like: MovingAsset,
  shape: RealisticShape,
): Calibration | CalibrationRefusal {
  const minutes = minutesOf(candles);
  const days = Math.floor(candles.close.length / MINUTES_A_DAY);
  if (days < CALIBRATION_DAYS_MIN) return { code: "too_few_days", days };
  if (mean(minutes.sizes) === 0) return { code: "never_moves", days };
  if (mean(minutes.volume) === 0) return { code: "never_trades", days };

  const { factors, curve } = fitVolatility(minutes, shape.factors);
  const volume = fitVolume(minutes, shape.volume);
  const last = candles.close.at(-1) as number;
  return {
    asset: {
      ...like,
      start: Math.min(Math.max(last, like.lowest), like.highest),
      volatility: fitLevel(minutes, factors),
      season: 1,
      roughness: 1,
      volumeTies: 1,
      dayVolume: volume.dayVolume,
    },
    shape: {
      ...shape,
      season: fitSeason(minutes, shape.season),
      factors,
      activity: { ...shape.activity, rate: activityOf(candles) },
      jumps: { ...shape.jumps, rate: shape.jumps.rate * jumpsOf(minutes) },
      volume: volume.shape,
    },
    memory: curve,
  };
}

/** Range over body of candles, and the rate of moves that makes them so: found by simulation. */
const ROUGHNESS: readonly (readonly [ratio: number, rate: number])[] = [
  [1.3, 0.02],
  [1.44, 0.06],
  [1.56, 0.11],
  [1.65, 0.16],
  [1.75, 0.35],
  [1.85, 0.7],
];

/** A price that moves seldom and far leaves candles of little shadow. */
function activityOf({ open, high, low, close }: MinuteCandles): number {
  const range = mean(high.map((top, i) => Math.log(top / (low[i] as number))));
  const body = mean(close.map((last, i) => Math.abs(Math.log(last / (open[i] as number)))));
  const ratio = body === 0 ? 1 : range / body;
  const at = ROUGHNESS.findIndex(([known]) => known >= ratio);
  if (at === 0) return (ROUGHNESS[0] as readonly [number, number])[1];
  if (at < 0) return (ROUGHNESS.at(-1) as readonly [number, number])[1];
  const [below, rateBelow] = ROUGHNESS[at - 1] as readonly [number, number];
  const [above, rateAbove] = ROUGHNESS[at] as readonly [number, number];
  return rateBelow * (rateAbove / rateBelow) ** ((ratio - below) / (above - below));
}

/** Returns beyond this many local deviations, a day, that the default shape shows. */
const USUAL_OUTLIERS = 2;
const OUTLIER = 5;
/** Minutes on both sides from which the local deviation is taken. */
const NEAR = 30;
/** Quiet markets that move seldom have outliers without a jump: the count is believed up to here. */
const RATIO_MAX = 2;

/** How often returns stand out, against how often they do in the default shape. */
function jumpsOf({ returns, sizes }: Minutes): number {
  const pairs = new Float64Array(sizes.length + 1);
  for (let i = 1; i < sizes.length; i++) {
    pairs[i + 1] = (pairs[i] as number) + (sizes[i] as number) * (sizes[i - 1] as number);
  }
  let outliers = 0;
  for (let i = NEAR; i < returns.length - NEAR; i++) {
    const near = ((pairs[i + NEAR] as number) - (pairs[i - NEAR] as number)) / (2 * NEAR);
    if ((sizes[i] as number) > OUTLIER * Math.sqrt((Math.PI / 2) * near)) outliers += 1;
  }
  const perDay = (outliers * MINUTES_A_DAY) / returns.length;
  return Math.min(perDay / USUAL_OUTLIERS, RATIO_MAX);
}
