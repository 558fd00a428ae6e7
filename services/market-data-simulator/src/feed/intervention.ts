import type { Timestamp } from "@tse/domain";
import type { ScenarioCommand } from "@tse/market-model";
import type { SpreadRule } from "./quotes.ts";

/** What an operator did to the feed, and when: with time, all that the path depends on. */
export type Intervention = SymbolIntervention | ScenarioIntervention;

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
);
