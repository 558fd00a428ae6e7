import {
  type AssetClass,
  type Candles,
  HOURLY_PROFILE,
  STYLISED_RANGES,
} from "@tse/market-statistics";
import type { Assessment, JudgedRun, Reference } from "./assessment.ts";
import type { Chart, Series } from "./chart.ts";
import {
  dailyVolatility,
  hourlyPath,
  hourlyVolume,
  hourProfile,
  normalDensity,
  type Point,
  returnDensity,
  sizeMemory,
} from "./curves.ts";

const LEAST_DENSITY = 1e-6;
const LEAST_MEMORY = 0.003;
const MINUTES_A_DAY = 1_440;

/** How what is judged is called in legends. */
export interface Names {
  readonly judged: string;
  readonly beside: string;
}

/** What the charts of one symbol draw. */
interface Material {
  readonly asset: AssetClass;
  readonly names: Names;
  readonly judged: readonly Candles[];
  readonly beside: readonly Candles[];
  readonly real: readonly Candles[];
  readonly seeds: readonly string[];
}

/** The charts of one symbol's candles, those that there is no material for left out. */
export function priceCharts(
  { runs, beside }: Assessment,
  reference: Reference,
  asset: AssetClass,
  names: Names,
): readonly Chart[] {
  const of = (some: readonly JudgedRun[]) => some.flatMap(({ candles }) => candles[asset] ?? []);
  const judged = of(runs);
  if (judged.length === 0) return [];
  const seeds = runs.map(({ seed }) => (seed === undefined ? names.judged : `seed ${seed}`));
  const material = { asset, names, judged, beside: of(beside), real: reference[asset], seeds };
  return [
    distribution(material),
    memory(material),
    profile(material),
    volatility(material),
    path(material),
    volume(material),
  ];
}

function distribution(material: Material): Chart {
  return {
    title: `${material.asset}: distribution of returns`,
    about:
      "1-minute log returns on a logarithmic scale. Real ones have far heavier tails than a normal.",
    x: { kind: "linear", low: -12, high: 12, label: "return, standard deviations" },
    y: { kind: "log", low: LEAST_DENSITY, high: 1.2, label: "density", write: powerText },
    series: [
      ...series(material, returnDensity, "dots"),
      { name: "normal", tone: "normal", kind: "line", points: normalDensity(LEAST_DENSITY) },
    ],
  };
}

const MEMORY_RANGES = [
  [1, "sizeAcf1"],
  [10, "sizeAcf10"],
  [60, "sizeAcf60"],
  [240, "sizeAcf240"],
  [MINUTES_A_DAY, "sizeAcf1d"],
] as const;

function memory(material: Material): Chart {
  const ranges = STYLISED_RANGES[material.asset];
  return {
    title: `${material.asset}: memory of volatility`,
    about:
      "Autocorrelation of absolute 1-minute returns. Real ones decay slowly, and come back after a day. What is not above 0.003 stands on the axis.",
    x: {
      kind: "log",
      low: 1,
      high: MINUTES_A_DAY,
      label: "lag, minutes",
      ticks: [1, 10, 60, 240, MINUTES_A_DAY],
    },
    y: { kind: "log", low: LEAST_MEMORY, high: 0.6, label: "autocorrelation" },
    series: series(material, sizeMemory, "line"),
    ranges: MEMORY_RANGES.map(([x, id]) => ({ x, ...ranges[id] })),
  };
}

function profile(material: Material): Chart {
  const known = HOURLY_PROFILE.map((size, hour): Point => [hour, size]);
  const all = [
    ...series(material, hourProfile, "line"),
    ...(material.real.length > 0
      ? []
      : [{ name: "real, 2023 to 2025", tone: "real", kind: "line", points: known } as const]),
  ];
  const top = Math.max(1.6, ...all.flatMap(({ points }) => points.map(([, y]) => y)));
  return {
    title: `${material.asset}: profile of the day`,
    about: "Mean absolute 1-minute return by hour, as a multiple of the day's mean.",
    x: { kind: "linear", low: 0, high: 23, label: "hour, UTC", ticks: [0, 4, 8, 12, 16, 20, 23] },
    y: { kind: "linear", low: 0, high: top, label: "multiple of the mean" },
    series: all,
  };
}

function volatility({ asset, names, judged, beside, seeds }: Material): Chart {
  const { low, high } = STYLISED_RANGES[asset].volatility;
  const lines = judged.map(dailyVolatility);
  const still = beside[0] === undefined ? [] : dailyVolatility(beside[0]);
  const top = Math.max(high * 110, ...lines.flat().map(([, y]) => y));
  return {
    title: `${asset}: volatility from day to day`,
    about: "From each day's 1-minute returns. The range is that of a week of real markets.",
    x: { kind: "linear", low: 0, high: daysOf(judged), label: "days" },
    y: { kind: "linear", low: 0, high: top, label: "volatility, % a year" },
    band: { low: low * 100, high: high * 100 },
    series: [
      ...lines.map(
        (points, i): Series => ({
          name: seeds[i] ?? names.judged,
          tone: i === 0 ? "simulated" : "other-seed",
          kind: "line",
          points,
        }),
      ),
      { name: names.beside, tone: "gbm", kind: "line", points: still },
    ],
  };
}

function path({ asset, names, judged, beside, seeds }: Material): Chart {
  const [first, other] = [judged[0], beside[0]].map((candles) => candles && hourlyPath(candles));
  const all = [...(first ?? []), ...(other ?? [])].map(([, y]) => y);
  const pad = (Math.max(...all) - Math.min(...all)) * 0.05;
  return {
    title: `${asset}: price`,
    about: `Close of every hour: ${seeds[0] ?? names.judged}, beside ${names.beside} of the same seed.`,
    x: { kind: "linear", low: 0, high: daysOf(judged.slice(0, 1)), label: "days" },
    y: {
      kind: "linear",
      low: Math.min(...all) - pad,
      high: Math.max(...all) + pad,
      label: "price, USD",
    },
    series: [
      { name: names.beside, tone: "gbm", kind: "line", points: other ?? [] },
      { name: names.judged, tone: "simulated", kind: "line", points: first ?? [] },
    ],
  };
}

function volume({ asset, names, judged, beside, seeds }: Material): Chart {
  const [first = [], other = []] = [judged[0], beside[0]].map((one) => one && hourlyVolume(one));
  const all = [...first, ...other].map(([, y]) => y).filter((y) => y > 0);
  return {
    title: `${asset}: volume`,
    about: `Traded in every hour, on a logarithmic scale: ${seeds[0] ?? names.judged}. Nights and weekends are quiet, wild hours are not.`,
    x: { kind: "linear", low: 0, high: daysOf(judged.slice(0, 1)), label: "days" },
    y: {
      kind: "log",
      low: Math.min(...all) / 1.2,
      high: Math.max(...all) * 1.2,
      label: `${asset} an hour`,
    },
    series: [
      { name: names.beside, tone: "gbm", kind: "line", points: other },
      { name: names.judged, tone: "simulated", kind: "line", points: first },
    ],
  };
}

/** One curve of each that there is: real ones below, what is judged on top. */
function series(
  { names, judged, beside, real }: Material,
  curve: (all: readonly Candles[]) => Point[],
  kind: "line" | "dots",
): Series[] {
  const all = [
    { name: "real candles of yours", tone: "real", kind, points: real },
    { name: names.beside, tone: "gbm", kind, points: beside },
    { name: names.judged, tone: "simulated", kind, points: judged },
  ] as const;
  return all
    .filter(({ points }) => points.length > 0)
    .map((one) => ({ ...one, points: curve(one.points) }));
}

function daysOf(all: readonly Candles[]): number {
  return Math.max(...all.map(({ ts }) => ts.length)) / MINUTES_A_DAY;
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

function powerText(value: number): string {
  const power = Math.round(Math.log10(value));
  if (power === 0) return "1";
  const digits = String(Math.abs(power)).replace(
    /\d/g,
    (digit) => SUPERSCRIPTS[Number(digit)] ?? "",
  );
  return `10${power < 0 ? "⁻" : ""}${digits}`;
}
