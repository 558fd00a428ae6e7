import type { Timestamp } from "@tse/domain";
import { formatTime } from "@tse/service-kit";
import { DatasetSource } from "../datasets/dataset-source.ts";
import type { SymbolTerms } from "../feed/symbol-terms.ts";
import type { DatasetShelf } from "./dataset-shelf.ts";
import { type DatasetRepositories, datasetNamed, shelve } from "./load-dataset.ts";
import type { DatasetRef, ModeTerms, ReplayTerms } from "./mode-terms.ts";
import { boundsOf, commonHistory } from "./model-maker.ts";
import type { PriceMode } from "./price-mode.ts";

/** Why a symbol can't be in a mode. Codes go out on the wire: never rename one. */
export interface ModeRefusal {
  readonly code:
    | "dataset_not_found"
    | "dataset_of_another_symbol"
    | "dataset_unsuitable"
    | "outside_dataset";
  readonly rule: string;
}

export type Planned<Terms> =
  | { readonly status: "planned"; readonly terms: Terms }
  | { readonly status: "refused"; readonly refusal: ModeRefusal };

export interface PlanParts {
  readonly repositories: DatasetRepositories;
  readonly datasets: DatasetShelf;
}

/** How a data set is replayed; what is left out is as it was. */
export interface ReplayWish {
  readonly speed?: number;
  /** The data set's first point when absent. */
  readonly from?: Timestamp | undefined;
  readonly loop?: boolean;
  readonly align: ReplayTerms["align"];
}

/** Terms of which a replay has no name yet. */
export type PlannedMode = Exclude<ModeTerms, ReplayTerms> | Omit<ReplayTerms, "id">;

/** @param newId asked at once, and only for a replay: nothing may be waited for between the name and its use */
export function namedMode(terms: PlannedMode, newId: (dataset: string) => string): ModeTerms {
  return terms.mode === "replay" ? { ...terms, id: newId(terms.dataset.name) } : terms;
}

/** What ticks say of a replay has room for a data set's name of this length. */
const REPLAYED_NAME_MAX = 93;

/**
 * The terms of a mode for a symbol, with what it needs on the shelf: nothing is left to wait for when it takes effect.
 *
 * @param replay how, where the mode is one
 * @throws StorageError
 */
export async function planMode(
  parts: PlanParts,
  symbol: SymbolTerms,
  mode: PriceMode,
  replay: ReplayWish,
): Promise<Planned<PlannedMode>> {
  if (!("dataset" in mode)) return { status: "planned", terms: mode };
  const found = await suitable(parts, symbol, mode.mode, mode.dataset);
  if (found.status === "refused") return found;
  const ref = found.terms;
  if (mode.mode === "bootstrap") {
    return { status: "planned", terms: { mode: "bootstrap", dataset: ref } };
  }
  // Read before it is recorded: what can't be read is never asked of a restart.
  const { time, price } = parts.datasets.take(ref).series;
  const [first, last] = [time[0], time.at(-1)] as [Timestamp, Timestamp];
  const { speed = 1, from = first, loop = false, align } = replay;
  if (from < first || from > last) {
    return refused("outside_dataset", `is from ${formatTime(first)} to ${formatTime(last)}`);
  }
  if (align === "absolute" && !isInside(price, symbol)) {
    const { lowest, highest } = boundsOf(symbol.base);
    const rule = `prices of ${symbol.symbol} are from ${lowest} to ${highest}: data set ${ref.name} has others, so align it with rebase`;
    return refused("dataset_unsuitable", rule);
  }
  const terms = { mode: "replay", dataset: ref, speed, from, loop, align } as const;
  return { status: "planned", terms };
}

async function suitable(
  { repositories, datasets }: PlanParts,
  { symbol, base }: SymbolTerms,
  mode: "bootstrap" | "replay",
  name: string,
): Promise<Planned<DatasetRef>> {
  const dataset = await datasetNamed(repositories, name);
  if (dataset === undefined) {
    return refused("dataset_not_found", `no data set is called ${name}`);
  }
  if (dataset.symbol !== symbol) {
    const rule = `data set ${name} is of ${dataset.symbol}, not of ${symbol}`;
    return refused("dataset_of_another_symbol", rule);
  }
  if (mode === "replay" && name.length > REPLAYED_NAME_MAX) {
    const rule = `a data set to be replayed has a name of at most ${REPLAYED_NAME_MAX} characters`;
    return refused("dataset_unsuitable", rule);
  }
  const ref = await shelve(new DatasetSource(repositories, dataset), datasets, dataset);
  if (mode === "bootstrap" && !hasDay(datasets, base, ref)) {
    const rule = `a bootstrap needs candles of a minute and a whole day (UTC) of them: data set ${name} has none`;
    return refused("dataset_unsuitable", rule);
  }
  return { status: "planned", terms: ref };
}

function isInside(prices: Float64Array, { base }: SymbolTerms): boolean {
  const { lowest, highest } = boundsOf(base);
  return prices.every((price) => price >= lowest && price <= highest);
}

function hasDay(datasets: DatasetShelf, asset: string, ref: DatasetRef): boolean {
  if (!datasets.take(ref).hasMinutes) return false;
  return commonHistory(new Map([[asset, ref]]), datasets) !== undefined;
}

function refused(code: ModeRefusal["code"], rule: string): Planned<never> {
  return { status: "refused", refusal: { code, rule } };
}
