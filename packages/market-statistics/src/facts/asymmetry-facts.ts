import { pearson } from "../estimators/correlation.ts";
import { mean } from "../estimators/moments.ts";
import type { MinuteFact } from "./fact.ts";
import type { MinuteSample } from "./minute-sample.ts";

/**
 * Rows 11 and 21: the past and the future differ. Leverage of Bitcoin: de Sousa Filho et al., arXiv
 * 2004.05870; the Zumbach effect: Blanc, Donier and Bouchaud (2017); Dandapani et al., arXiv
 * 1907.06151.
 */
export const ASYMMETRY_FACTS = {
  leverage: {
    row: 11,
    title: "leverage",
    unit: "",
    formula: "mean over k = 1 to 30 m of corr(r[t], |r[t + k]|)",
    days: 7,
    measure: leverage,
  },
  zumbach: {
    row: 21,
    title: "time reversal asymmetry (Zumbach)",
    unit: "",
    formula: "mean over k = 1 to 12 h of corr(R²[t], RV[t + k]) - corr(RV[t], R²[t + k]), hourly",
    days: 28,
    measure: zumbach,
  },
} as const satisfies Record<string, MinuteFact>;

const LEVERAGE_LAGS = 30;

function leverage({ returns, sizes }: MinuteSample): number | undefined {
  const correlations: number[] = [];
  for (let lag = 1; lag <= LEVERAGE_LAGS; lag++) {
    const correlation = pearson(returns.subarray(0, -lag), sizes.subarray(lag));
    if (correlation === undefined) return undefined;
    correlations.push(correlation);
  }
  return mean(correlations);
}

const HORIZON_HOURS = 12;

/** Does a past trend foretell volatility more than past volatility foretells a trend? Above 0: yes. */
function zumbach(sample: MinuteSample): number | undefined {
  const { trends, variances } = hourly(sample);
  const differences: number[] = [];
  for (let lag = 1; lag <= HORIZON_HOURS; lag++) {
    const forward = pearson(trends.subarray(0, -lag), variances.subarray(lag));
    const backward = pearson(variances.subarray(0, -lag), trends.subarray(lag));
    if (forward === undefined || backward === undefined) return undefined;
    differences.push(forward - backward);
  }
  return mean(differences);
}

/** Of each hour its squared return and the sum of its squared 1-minute returns. */
function hourly({ returns }: MinuteSample): { trends: Float64Array; variances: Float64Array } {
  const hours = Math.floor(returns.length / 60);
  const trends = new Float64Array(hours);
  const variances = new Float64Array(hours);
  for (let i = 0; i < hours * 60; i++) {
    const hour = Math.floor(i / 60);
    trends[hour]! += returns[i]!;
    variances[hour]! += returns[i]! ** 2;
  }
  return { trends: trends.map((trend) => trend ** 2), variances };
}
