import { autocorrelation } from "../estimators/autocorrelation.ts";
import { spearman } from "../estimators/correlation.ts";
import { slope } from "../estimators/line-fit.ts";
import { mean, standardDeviation } from "../estimators/moments.ts";
import { ascendingQuantile } from "../estimators/quantile.ts";
import { ascending, finite } from "../estimators/values.ts";
import type { MinuteFact } from "./fact.ts";
import type { MinuteSample } from "./minute-sample.ts";

/** Rows 12 to 14: volume and its tie to volatility. Cont (2001); Schnaubelt et al., JRFM 12(1):25. */
export const VOLUME_FACTS = {
  volumeSize: {
    row: 12,
    title: "volume and volatility",
    unit: "",
    formula: "Spearman(|r|, V)",
    days: 7,
    measure: ({ sizes, volumes }) => spearman(sizes, volumes),
  },
  volumeImpact: {
    row: 13,
    title: "volatility as a power of volume",
    unit: "",
    formula: "slope of ln E|r| on E ln V over the deciles of V",
    days: 7,
    measure: volumeImpact,
  },
  volumeSpread: {
    row: 14,
    title: "spread of volume",
    unit: "",
    formula: "sd(ln V)",
    days: 7,
    measure: ({ logVolumes }) => standardDeviation(logVolumes),
  },
  volumeTail: {
    row: 14,
    title: "tail of volume",
    unit: "",
    formula: "q99 / median of V",
    days: 7,
    measure: volumeTail,
  },
  volumeAcf1: volumeAcf(1),
  volumeAcf60: volumeAcf(60),
} as const satisfies Record<string, MinuteFact>;

function volumeAcf(lag: number): MinuteFact {
  return {
    row: 14,
    title: `memory of volume, ${lag} m`,
    unit: "",
    formula: `acf(ln V) at ${lag}`,
    days: 7,
    measure: ({ logVolumes }) => autocorrelation(logVolumes, lag),
  };
}

const DECILES = 10;

function volumeImpact({ sizes, logVolumes }: MinuteSample): number | undefined {
  const order = Uint32Array.from({ length: sizes.length }, (_, i) => i);
  order.sort((i, j) => logVolumes[i]! - logVolumes[j]!);
  const volumes: number[] = [];
  const moves: number[] = [];
  for (let decile = 0; decile < DECILES; decile++) {
    const from = Math.floor((decile * sizes.length) / DECILES);
    const to = Math.floor(((decile + 1) * sizes.length) / DECILES);
    const places = [...order.subarray(from, to)];
    volumes.push(mean(places.map((i) => logVolumes[i]!)) ?? Number.NaN);
    moves.push(Math.log(mean(places.map((i) => sizes[i]!)) ?? Number.NaN));
  }
  return slope(volumes, moves);
}

function volumeTail({ volumes }: MinuteSample): number | undefined {
  const sorted = ascending(volumes);
  const far = ascendingQuantile(sorted, 0.99);
  const middle = ascendingQuantile(sorted, 0.5);
  return far === undefined || middle === undefined ? undefined : finite(far / middle);
}
