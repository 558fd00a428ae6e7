import type { Timestamp } from "@tse/domain";
import type { MarketMode } from "../feed/markets.ts";
import type { PriceMode } from "./price-mode.ts";

/** An imported data set, as a path depends on it. */
export interface DatasetRef {
  readonly name: string;
  /** SHA-256 of what was imported. */
  readonly checksum: string;
}

/** How an asset's price is made, with everything that the path depends on besides its seed. Plain data, recorded. */
export type ModeTerms =
  | { readonly mode: MarketMode | "consensus" }
  | { readonly mode: "bootstrap"; readonly dataset: DatasetRef }
  | ReplayTerms;

export interface ReplayTerms {
  readonly mode: "replay";
  readonly id: string;
  readonly dataset: DatasetRef;
  /** Time of the data set that passes in one of the world: 0.1 to 1000. */
  readonly speed: number;
  /** Where in the data set it begins, and begins again with `loop`. */
  readonly from: Timestamp;
  readonly loop: boolean;
  /** `absolute`: the data set's prices, with a jump to the first one. `rebase`: its moves, from where the price stands. */
  readonly align: "absolute" | "rebase";
  readonly paused?: true;
  /** It began in an earlier stretch of the path: it doesn't jump, however it is aligned. */
  readonly goesOn?: true;
  /** What the asset follows when it is over; the world's market when absent. */
  readonly afterwards?: ModeTerms;
}

/** The modes of a world's assets. */
export interface ModeSet {
  /** What an asset follows that has no other mode. */
  readonly market: MarketMode;
  /** By asset. */
  readonly modes: Readonly<Record<string, ModeTerms>>;
}

/** What a tick calls its source. */
export function sourceOf(terms: ModeTerms): string {
  switch (terms.mode) {
    case "realistic":
    case "gbm":
    case "fixed-spread":
    case "bootstrap":
      return "simulator";
    case "replay":
      return `replay:${terms.dataset.name}`;
    case "consensus":
    case "static":
      return terms.mode;
  }
}

/** The data sets that a mode needs. */
export function datasetsOf(terms: ModeTerms): readonly DatasetRef[] {
  if (!("dataset" in terms)) return [];
  const next =
    terms.mode === "replay" && terms.afterwards !== undefined ? datasetsOf(terms.afterwards) : [];
  return [terms.dataset, ...next];
}

export function modeOf(terms: ModeTerms): PriceMode {
  return "dataset" in terms
    ? { mode: terms.mode, dataset: terms.dataset.name }
    : { mode: terms.mode };
}
