import {
  type AssetClass,
  autocorrelation,
  flowWindows,
  type MarketOrders,
  quantile,
  type Tape,
  TICK_RANGES,
  tickSample,
  volatilityOver,
} from "@tse/market-statistics";
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

const WINDOW_SECONDS = 1;
const IMPACT_BINS = 7;
const SIGN_LAGS = [1, 2, 3, 4, 5, 7, 10, 14, 20, 30, 45, 70, 100];
const LEAST_SIGN = 0.01;
const DEPTH_TICKS = [0.1, 1, 5, 10, 25];
const SCALES_SECONDS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50];

/** What is drawn, and what it is called. */
interface Drawn {
  readonly symbol: string;
  /** The class of real market that it is beside. */
  readonly asset: AssetClass;
  /** In the legend. */
  readonly name: string;
}

/** Charts of a tape without fault; those that there is no material for are left out. */
export function tapeCharts(tape: Tape, drawn: Drawn): readonly Chart[] {
  const { orders, quoted } = tickSample(tape);
  return withMaterial([
    signs(orders, drawn),
    sizes(orders, drawn),
    impact(quoted, drawn),
    signature(quoted, drawn),
  ]);
}

/** Charts of the book under the order flow. */
export function bookCharts(sample: FlowSample, drawn: Drawn): readonly Chart[] {
  return withMaterial([spreads(sample, drawn), depth(sample, drawn)]);
}

function withMaterial(charts: readonly Chart[]): readonly Chart[] {
  return charts.filter(({ series }) => series.some(({ points }) => points.length > 1));
}

function spreads({ spreadShares }: FlowSample, { symbol, name }: Drawn): Chart {
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
    series: [{ name, tone: "simulated", kind: "bars", points }],
  };
}

function depth({ depth: units }: FlowSample, { symbol, name }: Drawn): Chart {
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
      { name, tone: "simulated", kind: "line", points },
    ],
  };
}

function impact(quoted: MarketOrders, { symbol, name }: Drawn): Chart {
  const points = impactCurve(quoted);
  return {
    title: `${symbol}: impact`,
    about: `Mean move of the middle in ${WINDOW_SECONDS} second, in the direction of what was bought less what was sold. Real markets are concave: exponents of 0.3 to 0.6.`,
    x: logAxis(`net traded quantity, ${symbol.split("/")[0]}`, points, "x"),
    y: logAxis("move, basis points", points),
    series: [
      { name, tone: "simulated", kind: "dots", points },
      { name: "square root", tone: "normal", kind: "line", points: squareRootThrough(points) },
    ],
  };
}

/** Mean signed move of windows, in bins of net flow of equal count; those that are not above 0 are left out. */
function impactCurve(quoted: MarketOrders): Point[] {
  const { flows, moves } = flowWindows(quoted, WINDOW_SECONDS * 1000);
  const windows = Array.from(flows, (flow, i) => ({ flow, move: (moves[i] as number) * 1e4 }));
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

/** As near to the points as a square root can be, in logarithms. */
function squareRootThrough(points: readonly Point[]): Point[] {
  if (points.length === 0) return [];
  const height = meanOf(points.map(([x, y]) => Math.log(y / Math.sqrt(x))));
  return points.map(([x]): Point => [x, Math.exp(height) * Math.sqrt(x)]);
}

function sizes({ sizes: all }: MarketOrders, { symbol, name }: Drawn): Chart {
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
    series: [{ name, tone: "simulated", kind: "line", points }],
  };
}

function signs({ signs: all }: MarketOrders, { symbol, asset, name }: Drawn): Chart {
  const { signAcf1, signAcf10 } = TICK_RANGES[asset];
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
    series: [{ name, tone: "simulated", kind: "line", points }],
    ranges: [
      { x: 1, ...signAcf1 },
      { x: 10, ...signAcf10 },
    ],
  };
}

/** Volatility by the time over which it is measured, as a multiple of that over a second. */
function signature(quoted: MarketOrders, { symbol, asset, name }: Drawn): Chart {
  const second = volatilityOver(quoted, 1000);
  const points = SCALES_SECONDS.flatMap((scale): Point[] => {
    const volatility = volatilityOver(quoted, Math.round(scale * 1000));
    return volatility === undefined || !second ? [] : [[scale, volatility / second]];
  });
  const { signature: range } = TICK_RANGES[asset];
  const top = Math.max(1.5, ...points.map(([, y]) => y * 1.05));
  return {
    title: `${symbol}: volatility by time scale`,
    about: "Volatility per root of a second, over that of one second: flat for a random walk.",
    x: { kind: "log", low: 0.08, high: 60, label: "scale, seconds", ticks: [0.1, 1, 10] },
    y: { kind: "linear", low: 0, high: top, label: "multiple of that over 1 s" },
    series: [{ name, tone: "simulated", kind: "line", points }],
    ranges: [{ x: 10, ...range }],
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
