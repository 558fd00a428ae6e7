import { pearson, spearman } from "../estimators/correlation.ts";
import { logReturns } from "../estimators/log-returns.ts";
import { ascendingQuantile } from "../estimators/quantile.ts";
import { ascending, finite } from "../estimators/values.ts";
import type { Fact } from "./fact.ts";
import type { MinuteSample } from "./minute-sample.ts";

/** Two symbols over the same minutes. */
export interface MinutePair {
  readonly a: MinuteSample;
  readonly b: MinuteSample;
}

/** Of two symbols' candles over the same minutes. */
export type PairFact = Fact<MinutePair>;

/** Row 24: what two symbols have in common. The Epps effect: Epps (1979). */
export const CROSS_FACTS = {
  correlation1m: correlationOver("1 m", 1),
  correlation15m: correlationOver("15 m", 15),
  correlation1h: correlationOver("1 h", 60),
  epps: {
    row: 24,
    title: "Epps effect",
    unit: "",
    formula: "corr of 1 h returns - corr of 1 m returns",
    days: 7,
    measure: (pair) => {
      const long = correlation(pair, 60);
      const short = correlation(pair, 1);
      return long === undefined || short === undefined ? undefined : long - short;
    },
  },
  sizeCorrelation: {
    row: 24,
    title: "correlation of sizes",
    unit: "",
    formula: "corr(|r of a|, |r of b|)",
    days: 7,
    measure: ({ a, b }) => pearson(a.sizes, b.sizes),
  },
  leadLag: {
    row: 24,
    title: "lead of the first",
    unit: "",
    formula: "corr(r of a, r of b 1 m later) - corr(r of b, r of a 1 m later)",
    days: 7,
    measure: leadLag,
  },
  jointTail: {
    row: 24,
    title: "joint tail",
    unit: "",
    formula: "share of a's 1 % largest |r| that are among b's",
    days: 7,
    measure: jointTail,
  },
  volumeCorrelation: {
    row: 24,
    title: "correlation of volumes",
    unit: "",
    formula: "Spearman(V of a, V of b)",
    days: 7,
    measure: ({ a, b }) => spearman(a.volumes, b.volumes),
  },
} as const satisfies Record<string, PairFact>;

function correlationOver(name: string, step: number): PairFact {
  return {
    row: 24,
    title: `correlation, ${name}`,
    unit: "",
    formula: `corr of ${name} returns`,
    days: 7,
    measure: (pair) => correlation(pair, step),
  };
}

function correlation({ a, b }: MinutePair, step: number): number | undefined {
  return pearson(logReturns(a.candles.close, step), logReturns(b.candles.close, step));
}

function leadLag({ a, b }: MinutePair): number | undefined {
  const leads = pearson(a.returns.subarray(0, -1), b.returns.subarray(1));
  const follows = pearson(b.returns.subarray(0, -1), a.returns.subarray(1));
  return leads === undefined || follows === undefined ? undefined : leads - follows;
}

function jointTail({ a, b }: MinutePair): number | undefined {
  const limitA = ascendingQuantile(ascending(a.sizes), 0.99);
  const limitB = ascendingQuantile(ascending(b.sizes), 0.99);
  if (limitA === undefined || limitB === undefined) return undefined;
  let far = 0;
  let both = 0;
  for (let i = 0; i < a.sizes.length; i++) {
    if (a.sizes[i]! <= limitA) continue;
    far += 1;
    if (b.sizes[i]! > limitB) both += 1;
  }
  return finite(both / far);
}
