import type { Timestamp } from "@tse/domain";
import type { ScenarioCommand } from "@tse/market-model";
import type { ModeTerms } from "../modes/mode-terms.ts";
import type { SourceFault } from "../modes/source-faults.ts";
import type { ReplayAction } from "../modes/track.ts";
import type { SpreadRule } from "./quotes.ts";

/** What an operator did to the feed, and when: with time, all that the path depends on. */
export type Intervention =
  | SymbolIntervention
  | ScenarioIntervention
  | ReplayIntervention
  | SourceIntervention;

/** A scenario was started, stopped or replaced, with the values that were drawn for it. */
export interface ScenarioIntervention {
  readonly kind: "scenario";
  readonly at: Timestamp;
  readonly command: ScenarioCommand;
}

export type SymbolIntervention = { readonly symbol: string; readonly at: Timestamp } & (
  | {
      /** One published tick at this price, beside the grid; the path goes on as if it had not been. */
      readonly kind: "price";
      /** In ticks of the symbol. */
      readonly price: number;
    }
  /** Nothing is published, and no sequence used, until it is resumed. */
  | { readonly kind: "halt" | "resume" }
  | { readonly kind: "spread"; readonly spread: SpreadRule }
  /** The base asset follows another mode from here on. */
  | { readonly kind: "mode"; readonly terms: ModeTerms }
);

/** Nothing when the replay is over by then. */
export type ReplayIntervention = {
  readonly kind: "replay";
  readonly at: Timestamp;
  readonly id: string;
} & ReplayAction;

/** What is done to a source's view of these symbols, instead of what was done before; nothing without a fault. */
export interface SourceIntervention {
  readonly kind: "source";
  readonly at: Timestamp;
  readonly source: string;
  readonly symbols: readonly string[];
  readonly fault?: SourceFault;
}
