import { autocorrelation, quantile } from "@tse/market-statistics";
import type { Chart } from "./chart.ts";
import type { Point } from "./curves.ts";
import { DEPTH_BP, type FlowSample } from "./flow-sample.ts";

/** BTC against USDT on a spot market, some minutes of August 2024: base units on one side within so many basis points, the least and the most. */
const REAL_DEPTH: readonly Point[] = [
  [0.1, 2.3],
  [1, 4.2],
  [5, 19],
  [5, 26],
  [10, 40],
  [10, 51],
  [25, 87],
  [25, 114],
];

/** Autocorrelation of the signs of market orders, spot and perpetual, of the same minutes. */
const REAL_SIGNS = [
  { x: 1, low: 0.2, high: 0.53 },
  { x: 10, low: 0.09, high: 0.16 },
] as const;

const WINDOW_SECONDS = 5;
const IMPACT_BINS = 7;
const SIGN_LAGS = [1, 2, 3, 4, 5, 7, 10, 14, 20, 30, 45, 70, 100];
const LEAST_SIGN = 0.01;
const DEPTH_TICKS = [0.1, 1, 5, 10, 25];
const MICROSECONDS = 1_000_000;

/** Charts of the full order flow; those that there is no material for are left out. */
export function flowCharts(sample: FlowSample, start: number): readonly Chart[] {
  return [
    spreads(sample),
    depth(sample),
    impact(sample, start),
    sizes(sample),
    signs(sample),
  ].filter(({ series }) => series.some(({ points }) => points.length > 1));
}

function spreads({ symbol, spreadShares }: FlowSample): Chart {
  const points = spreadShares.map((share, i): Point => [i + 1, share * 100]);
  return {
    title: `${symbol}: spread`,
    about:
      "Share of time with a spread of so many ticks; 10 stands for 10 and more. Large real markets: 99 % at one tick.",
    x: {
      kind: "linear",
      low: 0.4,
      high: 10.6,
      label: "spread, ticks",
      ticks: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    },
    y: { kind: "linear", low: 0, high: 100, label: "share of time, %" },
    series: [{ name: "order flow", tone: "simulated", kind: "bars", points }],
  };
}

function depth({ symbol, depth: units }: FlowSample): Chart {
  const points = units.map((sum, i): Point => [DEPTH_BP[i] as number, sum]);
  const real = symbol === "BTC/USD" ? REAL_DEPTH : [];
  return {
    title: `${symbol}: depth`,
    about: "Mean quantity on one side of the book within a distance from the middle.",
    x: { kind: "log", low: 0.08, high: 32, label: "distance, basis points", ticks: DEPTH_TICKS },
    y: logAxis(`quantity, ${symbol.split("/")[0]}`, [...points, ...real]),
    series: [
      ...(real.length === 0
        ? []
        : [{ name: "real, minutes of 2024", tone: "real", kind: "dots", points: real } as const]),
      { name: "order flow", tone: "simulated", kind: "line", points },
    ],
  };
}

function impact(sample: FlowSample, start: number): Chart {
  const points = impactCurve(sample, start);
  return {
    title: `${sample.symbol}: impact`,
    about: `Mean move of the middle in ${WINDOW_SECONDS} seconds, in the direction of what was bought less what was sold. Real markets are concave: exponents of 0.3 to 0.6.`,
    x: logAxis(`net traded quantity, ${sample.symbol.split("/")[0]}`, points, "x"),
    y: logAxis("move, basis points", points),
    series: [
      { name: "order flow", tone: "simulated", kind: "dots", points },
      { name: "square root", tone: "normal", kind: "line", points: squareRootThrough(points) },
    ],
  };
}

/** Mean signed move of windows, in bins of net flow of equal count; those that are not above 0 are left out. */
function impactCurve({ orders, middles }: FlowSample, start: number): Point[] {
  const windows: { flow: number; move: number }[] = [];
  for (let second = 0; second + WINDOW_SECONDS < middles.length; second += WINDOW_SECONDS) {
    const [from, to] = [middles[second], middles[second + WINDOW_SECONDS]];
    windows.push({ flow: 0, move: Math.log((to as number) / (from as number)) * 1e4 });
  }
  for (const { timeUs, sign, quantity } of orders) {
    const window = windows[Math.floor((timeUs - start) / MICROSECONDS / WINDOW_SECONDS)];
    if (window !== undefined) window.flow += sign * quantity;
  }
  const moved = windows
    .filter(({ flow, move }) => flow !== 0 && Number.isFinite(move))
    .map(({ flow, move }): Point => [Math.abs(flow), Math.sign(flow) * move])
    .sort(([a], [b]) => a - b);
  const size = Math.max(1, Math.floor(moved.length / IMPACT_BINS));
  return Array.from({ length: IMPACT_BINS }, (_, i) => moved.slice(i * size, (i + 1) * size))
    .filter((bin) => bin.length > 0)
    .map((bin): Point => [meanOf(bin.map(([x]) => x)), meanOf(bin.map(([, y]) => y))])
    .filter(([, y]) => y > 0);
}

function squareRootThrough(points: readonly Point[]): Point[] {
  const last = points.at(-1);
  if (last === undefined) return [];
  return points.map(([x]): Point => [x, last[1] * Math.sqrt(x / last[0])]);
}

function sizes({ symbol, orders }: FlowSample): Chart {
  const all = orders.map(({ quantity }) => quantity);
  const shares = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999];
  const points = shares.flatMap((share): Point[] => {
    const size = quantile(all, share);
    return size === undefined || size <= 0 || (1 - share) * all.length < 1
      ? []
      : [[size, 1 - share]];
  });
  return {
    title: `${symbol}: sizes of market orders`,
    about: "Share of market orders that are at least so large: a straight line is a power law.",
    x: logAxis(`quantity, ${symbol.split("/")[0]}`, points, "x"),
    y: { kind: "log", low: 0.0008, high: 1.2, label: "share of orders" },
    series: [{ name: "order flow", tone: "simulated", kind: "line", points }],
  };
}

function signs({ symbol, orders }: FlowSample): Chart {
  const all = orders.map(({ sign }) => sign);
  const points = SIGN_LAGS.flatMap((lag): Point[] => {
    const value = autocorrelation(all, lag);
    return value === undefined ? [] : [[lag, value]];
  });
  return {
    title: `${symbol}: memory of signs`,
    about:
      "Autocorrelation of the sides of market orders: who buys goes on buying. What is not above 0.01 stands on the axis.",
    x: { kind: "log", low: 1, high: 100, label: "lag, market orders" },
    y: { kind: "log", low: LEAST_SIGN, high: 1, label: "autocorrelation" },
    series: [{ name: "order flow", tone: "simulated", kind: "line", points }],
    ranges: REAL_SIGNS,
  };
}

/** A logarithmic axis that is somewhat longer than what stands on it. */
function logAxis(label: string, points: readonly Point[], along: "x" | "y" = "y") {
  const values = points.map(([x, y]) => (along === "x" ? x : y)).filter((value) => value > 0);
  const [low, high] = values.length === 0 ? [1, 10] : [Math.min(...values), Math.max(...values)];
  return { kind: "log", low: low / 1.3, high: high * 1.3, label } as const;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
