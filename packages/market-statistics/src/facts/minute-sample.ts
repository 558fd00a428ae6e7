import { type Candles, MINUTE_MS } from "../candles/candles.ts";
import { logReturns } from "../estimators/log-returns.ts";
import { absolute } from "../estimators/values.ts";

/**
 * What most facts are computed from. One entry a candle but the first, so that a return and a volume
 * of the same place are of the same minute.
 */
export interface MinuteSample {
  readonly candles: Candles;
  /** `ln(close / close before)`. */
  readonly returns: Float64Array;
  /** Their magnitudes. */
  readonly sizes: Float64Array;
  /** Base units. */
  readonly volumes: Float64Array;
  /** Natural logarithm; a minute without volume counts as the smallest volume that there is. */
  readonly logVolumes: Float64Array;
  /** Minutes since 1970, UTC. */
  readonly minutes: Float64Array;
}

export function minuteSample(candles: Candles): MinuteSample {
  const returns = logReturns(candles.close);
  const volumes = candles.volume.subarray(1);
  return {
    candles,
    returns,
    sizes: absolute(returns),
    volumes,
    logVolumes: logarithms(volumes),
    minutes: candles.ts.subarray(1).map((ts) => ts / MINUTE_MS),
  };
}

function logarithms(volumes: Float64Array): Float64Array {
  let smallest = Number.POSITIVE_INFINITY;
  for (const volume of volumes) if (volume > 0 && volume < smallest) smallest = volume;
  return volumes.map((volume) => Math.log(Math.max(volume, smallest)));
}

/**
 * Natural logarithms of the realised variance, the sum of the squared 1-minute returns, of each
 * whole block of `length` minutes that begins at a multiple of `length` since 1970. A block
 * without movement is left out.
 */
export function logRealisedVariances(sample: MinuteSample, length: number): Float64Array {
  const { returns, minutes } = sample;
  const result: number[] = [];
  const offset = minutes.length === 0 ? 0 : (length - (minutes[0]! % length)) % length;
  for (let from = offset; from + length <= returns.length; from += length) {
    let sum = 0;
    for (let i = from; i < from + length; i++) sum += returns[i]! ** 2;
    if (sum > 0) result.push(Math.log(sum));
  }
  return Float64Array.from(result);
}
