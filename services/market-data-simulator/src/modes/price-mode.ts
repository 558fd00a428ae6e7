import type { Parser } from "@tse/service-kit";
import { MARKET_MODES, type MarketMode } from "../feed/markets.ts";

/** How the price of one symbol is made. Data sets are named as they were imported. */
export type PriceMode =
  | { readonly mode: MarketMode | "consensus" }
  | { readonly mode: "bootstrap" | "replay"; readonly dataset: string };

/** One part of PRICE_MODE. Without a symbol it is for all of them, with a data set for that one's own. */
export interface ModeChoice {
  readonly symbol: string | undefined;
  readonly mode: PriceMode;
}

/** PRICE_MODE, read but not yet held against what there is. */
export interface PriceModes {
  /** As it was written, without blanks. */
  readonly text: string;
  readonly choices: readonly ModeChoice[];
}

const PLAIN_MODES = [...MARKET_MODES, "consensus"] as const;

/** For a refusal. */
export const KNOWN_MODES = `one of ${PLAIN_MODES.join(", ")}, bootstrap:<dataset>, replay:<dataset>`;

/** `undefined` for what is no mode. */
export function readMode(text: string): PriceMode | undefined {
  const plain = PLAIN_MODES.find((mode) => mode === text);
  if (plain !== undefined) return { mode: plain };
  const [, mode, dataset] = /^(bootstrap|replay):([\w.-]{1,100})$/.exec(text) ?? [];
  if (dataset === undefined) return undefined;
  return { mode: mode as "bootstrap" | "replay", dataset };
}

/** As `readMode` takes it. */
export function modeText(mode: PriceMode): string {
  return "dataset" in mode ? `${mode.mode}:${mode.dataset}` : mode.mode;
}

/** A mode for all symbols, `gbm`, and modes of some, `BTC/USD=replay:may`, with commas between. */
export const priceModes: Parser<PriceModes> = {
  expected: `${KNOWN_MODES}; or several of these for a symbol each, such as realistic,SOL/USD=gbm`,
  parse(value) {
    const parts = value.split(",").map((part) => part.replaceAll(/\s/g, ""));
    const choices = parts.map(choiceOf);
    if (!choices.every((choice) => choice !== undefined)) return undefined;
    return { text: parts.join(","), choices };
  },
  write: ({ text }) => text,
};

function choiceOf(part: string): ModeChoice | undefined {
  const [, symbol, text = ""] = /^(?:([A-Z]+\/[A-Z]+)=)?(.+)$/.exec(part) ?? [];
  const mode = readMode(text);
  return mode && { symbol, mode };
}
