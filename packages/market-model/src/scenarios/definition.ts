import type { PathShape } from "./shapes.ts";

/** A number, or a range [low, high] from which the seed draws one when a scenario starts. */
export type Span = number | readonly [low: number, high: number];

/** Names of assets; `*` is every asset that no other effect on the same quantity names, stablecoins left out. */
export type Assets = "*" | readonly string[];

/** What a scenario is about: the type that its events and metrics carry. */
export const SCENARIO_KINDS = [
  "rally",
  "crash",
  "flash_crash",
  "divergence",
  "correlation_break",
  "mean_reverting",
  "volatility_spike",
  "consolidation",
  "stablecoin_depeg",
  "liquidity_drought",
  "feed_disruption",
  "price_shock",
  "market_crash",
  "price_recovery",
  "preset",
] as const;
export type ScenarioKind = (typeof SCENARIO_KINDS)[number];

/**
 * A scenario as plain data. Every time is in microseconds of simulated time since the scenario's start.
 * `definitionFaults` says what makes one invalid.
 */
export interface ScenarioDefinition {
  /** Lower case letters, digits and underscores. */
  readonly name: string;
  readonly kind: ScenarioKind;
  readonly title: string;
  readonly duration: Span;
  /** In which multipliers return to 1 after the end; 0 is at once. */
  readonly release: number;
  /**
   * Prices with a path meet it exactly at its keyframes and at the end, whatever the market's own noise does
   * in between: noise is pulled out, the harder the nearer the path is to its extreme.
   */
  readonly pinned: boolean;
  /** Named stretches of time, in order; the first begins at 0. */
  readonly phases: readonly Phase[];
  readonly effects: readonly Effect[];
}

export interface Phase {
  readonly name: string;
  readonly at: number;
}

export type Effect = PriceEffect | PullEffect | MultiplierEffect | LoadingEffect | FeedEffect;

/** What is given back once a price path has reached its end: share 0 to 1 of the move, over `time`. */
export interface Recovery {
  readonly share: Span;
  readonly hold: Span;
  readonly time: Span;
  readonly shape: PathShape;
}

/** Log returns since the start at given times; constant after the last. The first time is 0. */
export interface Keyframes {
  readonly path: "keyframes";
  readonly curve: "linear" | "monotone";
  readonly points: readonly (readonly [at: number, logReturn: number])[];
}

/** One move by the log return `change`, beginning at `after`. */
export interface Move {
  readonly path: "move";
  readonly change: Span;
  readonly after: Span;
  readonly over: Span;
  readonly shape: PathShape;
}

/** One move to a price in the unit of account, from wherever the price stands at the start. */
export interface Target {
  readonly path: "target";
  readonly price: Span;
  readonly after: Span;
  readonly over: Span;
  readonly shape: PathShape;
}

export interface PriceEffect {
  readonly on: "price";
  readonly assets: Assets;
  readonly path: Keyframes | Move | Target;
  readonly recovery?: Recovery;
}

/** An Ornstein-Uhlenbeck pull to a price: to `level`, or to where the price stands at the start. */
export interface PullEffect {
  readonly on: "pull";
  readonly assets: Assets;
  readonly level?: number;
  readonly halfLife: Span;
}

export const MULTIPLIED = ["volatility", "jump_rate", "volume", "depth", "spread"] as const;
export type Multiplied = (typeof MULTIPLIED)[number];

/** All the time the same. */
export interface Constant {
  readonly course: "constant";
  readonly times: Span;
}

/** From 1 to `to` over `rise`, there for `hold` (without: to the end), back to 1 over `fall`. */
export interface Ramp {
  readonly course: "ramp";
  readonly to: Span;
  readonly after: Span;
  readonly rise: Span;
  readonly hold?: Span;
  readonly fall: Span;
}

/**
 * From 1 to `peak` during the `rise` before `at`, then decay by Omori's law of aftershocks:
 * 1 + (peak - 1) · (1 + t/scale)^-exponent, t since `at`.
 */
export interface Aftershock {
  readonly course: "aftershock";
  readonly peak: Span;
  readonly at: Span;
  readonly rise: Span;
  readonly scale: Span;
  readonly exponent: Span;
}

export interface MultiplierEffect {
  readonly on: Multiplied;
  readonly assets: Assets;
  readonly course: Constant | Ramp | Aftershock;
}

/** How assets load on the common factors; changed and restored over `transition` by smoothstep. */
export interface LoadingEffect {
  readonly on: "loading";
  readonly assets: Assets;
  /**
   * `correlation`: every pair of the assets has this correlation, -1 to 1. Below 0 the first asset goes against
   * all others. `multiple`: the usual loading times `value`: -1 moves against the market, 0 ignores it.
   */
  readonly rule: "correlation" | "multiple";
  readonly value: Span;
  readonly transition: Span;
}

export const FEED_FAULTS = ["freeze", "gap", "latency", "loss"] as const;
export type FeedFaultKind = (typeof FEED_FAULTS)[number];

/** A fault of the feed, described only: whoever delivers quotes applies it. */
export interface FeedEffect {
  readonly on: "feed";
  readonly assets: Assets;
  readonly fault: FeedFaultKind;
  /** The named source of quotes that suffers, or `feed`: the published ticks. */
  readonly source: string;
  readonly at: Span;
  readonly lasts: Span;
  /** Microseconds for `latency`, share 0 to 1 for `loss`; without meaning for the others. */
  readonly size: Span;
}
