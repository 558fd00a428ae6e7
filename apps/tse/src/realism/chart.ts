import { figure, tickText } from "../market/figure.ts";
import type { Point } from "./curves.ts";
import { escaped } from "./markup.ts";
import { type Scale, type ScaleShape, scaleOf } from "./scale.ts";

/** What a line stands for: each has one colour in all charts. */
export type Tone = "simulated" | "other-seed" | "gbm" | "real" | "normal";

export interface Series {
  readonly name: string;
  readonly tone: Tone;
  readonly kind: "line" | "dots" | "bars";
  readonly points: readonly Point[];
}

export interface Axis extends ScaleShape {
  /** With its unit. */
  readonly label: string;
  readonly write?: (value: number) => string;
}

export interface Chart {
  readonly title: string;
  /** One sentence: how to read it. */
  readonly about: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** What real markets show at a place: a bar from the least to the most. */
  readonly ranges?: readonly { readonly x: number; readonly low: number; readonly high: number }[];
  /** The same along the whole axis. */
  readonly band?: { readonly low: number; readonly high: number };
}

const WIDTH = 460;
const HEIGHT = 300;
const LEFT = 66;
const RIGHT = 22;
const TOP = 10;
const BOTTOM = 46;
const INNER_WIDTH = WIDTH - LEFT - RIGHT;
const INNER_HEIGHT = HEIGHT - TOP - BOTTOM;

/** A figure with its caption and its legend, as SVG inside HTML. */
export function chartMarkup(chart: Chart): string {
  const plot = new Plot(chart);
  const label = escaped(`${chart.title}. ${chart.about}`);
  return `<figure class="chart"><figcaption><h3>${escaped(chart.title)}</h3><p>${escaped(chart.about)}</p></figcaption>
${legend(chart)}
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
${plot.markup()}
</svg></figure>`;
}

function legend({ series, ranges, band }: Chart): string {
  const seen = new Map<string, string>();
  for (const { name, tone, kind } of series) {
    if (name !== "") seen.set(name, `<span class="key ${tone} ${kind}"></span>${escaped(name)}`);
  }
  if (ranges !== undefined || band !== undefined) {
    seen.set("range", '<span class="key range"></span>range of real markets');
  }
  return `<p class="legend">${[...seen.values()].map((item) => `<span>${item}</span>`).join("")}</p>`;
}

class Plot {
  readonly #chart: Chart;
  readonly #x: Scale;
  readonly #y: Scale;

  constructor(chart: Chart) {
    this.#chart = chart;
    this.#x = scaleOf(chart.x);
    this.#y = scaleOf(chart.y);
  }

  markup(): string {
    const { series, ranges = [], band } = this.#chart;
    return [
      this.#axes(),
      band === undefined ? "" : this.#band(band.low, band.high),
      ...ranges.map(({ x, low, high }) => this.#range(x, low, high)),
      ...series.map((one) => this.#series(one)),
    ].join("\n");
  }

  #left(x: number): number {
    return round(LEFT + this.#x.at(x) * INNER_WIDTH);
  }

  /** Values below the axis stand on it. */
  #top(y: number): number {
    const { low, high } = this.#chart.y;
    const inside = Math.min(Math.max(y, low), high);
    return round(TOP + (1 - this.#y.at(inside)) * INNER_HEIGHT);
  }

  #axes(): string {
    const { x, y } = this.#chart;
    const bottom = TOP + INNER_HEIGHT;
    const across = this.#y.ticks.map((tick) => {
      const top = this.#top(tick);
      const text = escaped((y.write ?? tickText)(tick));
      return `<line class="grid" x1="${LEFT}" x2="${LEFT + INNER_WIDTH}" y1="${top}" y2="${top}"/><text class="tick" x="${LEFT - 7}" y="${top + 4}" text-anchor="end">${text}</text>`;
    });
    const along = this.#x.ticks.map((tick) => {
      const left = this.#left(tick);
      const text = escaped((x.write ?? tickText)(tick));
      return `<line class="mark" x1="${left}" x2="${left}" y1="${bottom}" y2="${bottom + 4}"/><text class="tick" x="${left}" y="${bottom + 18}" text-anchor="middle">${text}</text>`;
    });
    const middle = LEFT + INNER_WIDTH / 2;
    const height = TOP + INNER_HEIGHT / 2;
    return [
      ...across,
      ...along,
      `<line class="axis" x1="${LEFT}" x2="${LEFT + INNER_WIDTH}" y1="${bottom}" y2="${bottom}"/>`,
      `<text class="label" x="${middle}" y="${HEIGHT - 6}" text-anchor="middle">${escaped(x.label)}</text>`,
      `<text class="label" transform="translate(13 ${height}) rotate(-90)" text-anchor="middle">${escaped(y.label)}</text>`,
    ].join("\n");
  }

  #series({ name, tone, kind, points }: Series): string {
    if (kind === "bars") return this.#bars(tone, points);
    const { low, high } = this.#chart.x;
    const inside = points.filter(([x, y]) => x >= low && x <= high && Number.isFinite(y));
    const places = inside.map(([x, y]) => `${this.#left(x)},${this.#top(y)}`);
    const title = `<title>${escaped(name)}</title>`;
    if (kind === "line")
      return `<polyline class="${tone}" points="${places.join(" ")}">${title}</polyline>`;
    const dots = inside.map(
      ([x, y]) =>
        `<circle class="${tone}" cx="${this.#left(x)}" cy="${this.#top(y)}" r="2.6"><title>${escaped(`${name}: ${figure(x)}, ${figure(y)}`)}</title></circle>`,
    );
    return dots.join("");
  }

  #bars(tone: Tone, points: readonly Point[]): string {
    const bottom = TOP + INNER_HEIGHT;
    const width = Math.max(round((INNER_WIDTH / Math.max(points.length, 1)) * 0.8), 0.4);
    const path = points.map(([x, y]) => `M${this.#left(x)} ${bottom}V${this.#top(y)}`).join("");
    return `<path class="${tone} bars" stroke-width="${width}" d="${path}"/>`;
  }

  #range(x: number, low: number, high: number): string {
    const left = this.#left(x);
    const title = `<title>${escaped(`real markets: ${figure(low)} to ${figure(high)}`)}</title>`;
    return `<line class="range" x1="${left}" x2="${left}" y1="${this.#top(low)}" y2="${this.#top(high)}">${title}</line>`;
  }

  #band(low: number, high: number): string {
    const top = this.#top(high);
    const height = round(this.#top(low) - top);
    const title = `<title>${escaped(`real markets: ${figure(low)} to ${figure(high)}`)}</title>`;
    return `<rect class="range" x="${LEFT}" width="${INNER_WIDTH}" y="${top}" height="${height}">${title}</rect>`;
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
