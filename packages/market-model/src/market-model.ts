import type { Duration, Timestamp } from "@tse/domain";
import type { PriceModel } from "./price-model.ts";

/**
 * A market as its price layer makes it: prices, and what goes with them. Deterministic; moved by time and
 * scenarios only, never by an order.
 */
export interface MarketModel extends PriceModel {
  /** `logValue` without the part of recent moves that will be given back: what traders who know better trade around. */
  fairLogValue(asset: string): number;

  /** Side of the newest trade: 1 bought at the ask, -1 sold at the bid, 0 where trades have no side. A price is rounded to its side. */
  side(asset: string): number;

  /** Standard deviation of a year's log return at the pace of this moment: clustering, season and scenarios included. */
  volatility(asset: string): number;

  /** The same in the long run, as configured: what `volatility` is compared with. */
  usualVolatility(asset: string): number;

  /** Units of the asset traded in the step that led to `time`; from 0. */
  volume(asset: string): number;

  /** What scenarios make of quantities and distances in the book at this moment: 1 is normal. */
  depthFactor(asset: string): number;
  spreadFactor(asset: string): number;
}

/**
 * What scenarios do to a market at one moment. A price model moves it on to each grid point, then asks. Pure:
 * asking changes nothing.
 */
export interface Overlay {
  advanceTo(time: Timestamp): void;

  /** Whether anything below differs from its neutral value at this moment. */
  readonly active: boolean;

  /** Log return of the asset since the world began that scenarios made, what ended ones left behind included; neutral 0. */
  shift(asset: string): number;

  /** Log return to add over a step of `length` to a price that stands at `logValue`: pulls to a level; neutral 0. */
  pull(asset: string, logValue: number, length: Duration): number;

  /** Loading on the common factors instead of `usual`, -1 to 1, in a straight line with it; neutral `usual`. */
  loading(asset: string, usual: number): number;

  /** Multipliers from 0; neutral 1. */
  volatility(asset: string): number;
  jumpRate(asset: string): number;
  volume(asset: string): number;
  depth(asset: string): number;
  spread(asset: string): number;
}

/** No scenario at all. */
export const CALM: Overlay = {
  advanceTo() {},
  active: false,
  shift: () => 0,
  pull: () => 0,
  loading: (_, usual) => usual,
  volatility: () => 1,
  jumpRate: () => 1,
  volume: () => 1,
  depth: () => 1,
  spread: () => 1,
};
