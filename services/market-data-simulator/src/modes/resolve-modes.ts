import { InvalidConfiguration } from "@tse/service-kit";
import type { MarketMode } from "../feed/markets.ts";
import { type SymbolTerms, symbolsOf, UNIT_OF_ACCOUNT } from "../feed/symbol-terms.ts";
import { datasetNamed } from "./load-dataset.ts";
import type { DatasetRef, ModeSet, ModeTerms } from "./mode-terms.ts";
import { commonHistory } from "./model-maker.ts";
import { namedMode, type PlanParts, planMode } from "./plan-mode.ts";
import { type ModeChoice, modeText, type PriceModes } from "./price-mode.ts";

export interface ResolveParts extends PlanParts {
  /** As configured. */
  readonly symbols: readonly string[];
  /** Whether nobody has seen a price of this world. */
  readonly isNew: boolean;
}

/**
 * What PRICE_MODE comes to in a world: a market for all assets, and the modes of some. Data sets are on the shelf then.
 * A replay has the prices of its data set in a new world, and in one that goes on its moves, from where the price stands.
 *
 * @throws InvalidConfiguration with everything that is wrong; StorageError
 */
export async function resolveModes(modes: PriceModes, parts: ResolveParts): Promise<ModeSet> {
  const { problems, modeSet } = await new Resolution(parts).resolved(modes.choices);
  if (problems.length === 0) return modeSet;
  throw new InvalidConfiguration(problems.map((problem) => `PRICE_MODE: ${problem}`));
}

class Resolution {
  readonly #parts: ResolveParts;
  readonly #symbols: readonly SymbolTerms[];
  readonly #problems: string[] = [];
  readonly #modes: Record<string, ModeTerms> = {};

  constructor(parts: ResolveParts) {
    this.#parts = parts;
    this.#symbols = symbolsOf(parts.symbols);
  }

  async resolved(choices: readonly ModeChoice[]) {
    const common = choices.filter(isCommon);
    const market = this.#market(common.map(({ mode }) => mode.mode));
    const named = new Set<string>();
    for (const choice of choices) {
      if (isCommon(choice)) continue;
      const terms = await this.#symbolOf(choice);
      if (terms === undefined) continue;
      if (named.has(terms.symbol)) this.#problems.push(`${terms.symbol} has one mode`);
      named.add(terms.symbol);
      await this.#place(terms, choice);
    }
    this.#checkBootstraps();
    return { problems: this.#problems, modeSet: { market, modes: this.#modes } };
  }

  #market(common: readonly string[]): MarketMode {
    if (common.length > 1) {
      this.#problems.push(`one mode is for all symbols, not ${common.join(" and ")}`);
    }
    const [chosen = "realistic"] = common;
    if (chosen !== "consensus") return chosen as MarketMode;
    for (const { base, quote } of this.#symbols) {
      if (quote === UNIT_OF_ACCOUNT) this.#modes[base] = { mode: "consensus" };
    }
    return "realistic";
  }

  /** A data set without a symbol is for its own. */
  async #symbolOf({ symbol, mode }: ModeChoice): Promise<SymbolTerms | undefined> {
    const dataset = "dataset" in mode ? mode.dataset : "";
    const name = symbol ?? (await datasetNamed(this.#parts.repositories, dataset))?.symbol;
    const terms = this.#symbols.find((each) => each.symbol === name);
    if (name === undefined) this.#problems.push(`no data set is called ${dataset}`);
    else if (terms === undefined) this.#problems.push(`${name} is no symbol of this world`);
    else if (terms.quote === UNIT_OF_ACCOUNT) return terms;
    else this.#problems.push(`${name} follows its legs: give a mode to these`);
    return undefined;
  }

  async #place(terms: SymbolTerms, { mode }: ModeChoice): Promise<void> {
    const align = this.#parts.isNew ? "absolute" : "rebase";
    const planned = await planMode(this.#parts, terms, mode, { align });
    if (planned.status === "planned") {
      this.#modes[terms.base] = namedMode(planned.terms, (dataset) => `${dataset}-configured`);
    } else this.#problems.push(`${terms.symbol}=${modeText(mode)}: ${planned.refusal.rule}`);
  }

  /** Those that begin together draw the same days. */
  #checkBootstraps(): void {
    const refs = new Map<string, DatasetRef>();
    for (const [asset, terms] of Object.entries(this.#modes)) {
      if (terms.mode === "bootstrap") refs.set(asset, terms.dataset);
    }
    if (refs.size < 2 || commonHistory(refs, this.#parts.datasets) !== undefined) return;
    const names = [...refs.values()].map(({ name }) => name).join(", ");
    this.#problems.push(`data sets of a bootstrap have a whole day in common: ${names} have none`);
  }
}

/** For all symbols. */
function isCommon({ symbol, mode }: ModeChoice): boolean {
  return symbol === undefined && !("dataset" in mode);
}
