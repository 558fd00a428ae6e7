import { finite } from "../estimators/values.ts";
import type { MinuteFact } from "./fact.ts";
import type { MinuteSample } from "./minute-sample.ts";

/**
 * Rows 19 and 22: jumps, and the inside of a candle. Bipower variation: Barndorff-Nielsen and
 * Shephard (2004); range: Parkinson (1980). A Brownian path of sixty steps a minute gives a
 * range over |c - o| of 1.82 on every day, which no real market does.
 */
export const BAR_FACTS = {
  jumps: {
    row: 19,
    title: "jumps",
    unit: "per day",
    formula: "|r| > 5 σ, σ² = π/2 E(|r[i]| |r[i - 1]|) over the 60 m to either side",
    days: 7,
    measure: jumpsPerDay,
  },
  jumpShare: {
    row: 19,
    title: "share of variance from jumps",
    unit: "",
    formula: "1 - π/2 Σ |r[i]| |r[i - 1]| / Σ r²",
    days: 7,
    measure: jumpShare,
  },
  rangeVolatility: {
    row: 22,
    title: "volatility by range over by close",
    unit: "",
    formula: "√(E ln²(high / low) / 4 ln 2) / √E r²",
    days: 7,
    measure: rangeVolatility,
  },
  rangeBody: {
    row: 22,
    title: "range over body",
    unit: "",
    formula: "E(high - low) / E|close - open|",
    days: 7,
    measure: rangeBody,
  },
  openGap: {
    row: 22,
    title: "open against the close before",
    unit: "",
    formula: "E|ln(open / close before)| / E|r|",
    days: 7,
    measure: openGap,
  },
} as const satisfies Record<string, MinuteFact>;

const JUMP_SIGMAS = 5;
const JUMP_REACH = 60;

function jumpsPerDay({ sizes }: MinuteSample): number | undefined {
  const n = sizes.length;
  if (n <= 2 * JUMP_REACH) return undefined;
  const products = new Float64Array(n + 1);
  for (let i = 1; i < n; i++) products[i + 1] = products[i]! + sizes[i]! * sizes[i - 1]!;
  let jumps = 0;
  for (let i = 0; i < n; i++) {
    const from = Math.max(1, Math.min(i - JUMP_REACH, n - 2 * JUMP_REACH));
    const to = Math.min(n, from + 2 * JUMP_REACH);
    const variance = ((Math.PI / 2) * (products[to]! - products[from]!)) / (to - from);
    if (variance > 0 && sizes[i]! ** 2 > JUMP_SIGMAS ** 2 * variance) jumps += 1;
  }
  return finite((jumps * 1_440) / n);
}

function jumpShare({ sizes }: MinuteSample): number | undefined {
  let bipower = 0;
  let variance = 0;
  for (let i = 1; i < sizes.length; i++) {
    bipower += sizes[i]! * sizes[i - 1]!;
    variance += sizes[i]! ** 2;
  }
  return finite(1 - ((Math.PI / 2) * bipower) / variance);
}

function rangeVolatility({ candles, returns }: MinuteSample): number | undefined {
  let range = 0;
  let close = 0;
  for (let i = 0; i < returns.length; i++) {
    range += Math.log(candles.high[i + 1]! / candles.low[i + 1]!) ** 2;
    close += returns[i]! ** 2;
  }
  return finite(Math.sqrt(range / (4 * Math.LN2) / close));
}

function rangeBody({ candles }: MinuteSample): number | undefined {
  let range = 0;
  let body = 0;
  for (let i = 0; i < candles.close.length; i++) {
    range += candles.high[i]! - candles.low[i]!;
    body += Math.abs(candles.close[i]! - candles.open[i]!);
  }
  return finite(range / body);
}

function openGap({ candles, sizes }: MinuteSample): number | undefined {
  let gap = 0;
  let move = 0;
  for (let i = 0; i < sizes.length; i++) {
    gap += Math.abs(Math.log(candles.open[i + 1]! / candles.close[i]!));
    move += sizes[i]!;
  }
  return finite(gap / move);
}
