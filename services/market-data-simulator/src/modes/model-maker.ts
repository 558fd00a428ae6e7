import { assert, type Duration, type Random, type Timestamp } from "@tse/domain";
import {
  BootstrapModel,
  type ConsensusEvent,
  ConsensusModel,
  type LogBounds,
  type MarketModel,
  type MinuteHistory,
  minuteHistory,
  OverlaidModel,
  ReplayModel,
  type ScenarioBoard,
  SIMULATED_SOURCES,
} from "@tse/market-model";
import { createMarket, type MarketMode, PRICED_ASSETS } from "../feed/markets.ts";
import { CATALOGUE, type SymbolTerms, UNIT_OF_ACCOUNT } from "../feed/symbol-terms.ts";
import type { DatasetShelf } from "./dataset-shelf.ts";
import { FeltOverlay } from "./felt-overlay.ts";
import type { DatasetRef, ReplayTerms } from "./mode-terms.ts";

export interface ModelMakerParts {
  readonly interval: Duration;
  readonly scenarios: ScenarioBoard;
  readonly datasets: DatasetShelf;
  /** A stream for one purpose; without one, that of the world's market. */
  readonly random: (purpose?: string) => Random;
  /** Log of what an asset's published price is above that of a model; `undefined` where it isn't made by the model. */
  readonly offset: (asset: string, model: MarketModel) => number | undefined;
  readonly onConsensus: (
    model: ConsensusModel,
    asset: string,
    at: Timestamp,
    event: ConsensusEvent,
  ) => void;
}

export interface MadeReplay {
  readonly model: OverlaidModel;
  readonly replay: ReplayModel;
}

/** Makes the models of one world, each from where its prices stand. */
export class ModelMaker {
  readonly #parts: ModelMakerParts;

  constructor(parts: ModelMakerParts) {
    this.#parts = parts;
  }

  /** A market of all assets. @param purpose of its chance; absent for the world's own */
  market(
    mode: MarketMode,
    start: Timestamp,
    prices: ReadonlyMap<string, number>,
    purpose?: string,
  ): MarketModel {
    const { interval, random } = this.#parts;
    const overlay = new FeltOverlay(this.#parts.scenarios);
    const model = createMarket({ mode, interval, start, random: random(purpose), prices, overlay });
    overlay.offset = (asset) => this.#parts.offset(asset, model);
    return model;
  }

  /** @param refs of data sets of minutes, by asset; they have a day in common */
  bootstrap(
    refs: ReadonlyMap<string, DatasetRef>,
    start: Timestamp,
    worth: (asset: string) => number,
    purpose: string,
  ): MarketModel {
    const history = commonHistory(refs, this.#parts.datasets);
    assert(history !== undefined, "data sets of a bootstrap have a whole day in common");
    const { interval, random } = this.#parts;
    const model = new BootstrapModel({
      unitOfAccount: UNIT_OF_ACCOUNT,
      assets: [...refs.keys()].map((asset) => {
        const { lowest, highest } = boundsOf(asset);
        return { asset, lowest, highest, start: clamp(worth(asset), lowest, highest) };
      }),
      history,
      step: interval,
      start,
      random: random(purpose),
    });
    return this.#overlaid(model, [...refs.keys()]);
  }

  /** @param worth of the asset now: where a rebased one begins */
  replay(asset: string, terms: ReplayTerms, start: Timestamp, worth: number): MadeReplay {
    const { series } = this.#parts.datasets.take(terms.dataset);
    const { speed, from, loop, align } = terms;
    const replay = new ReplayModel({
      asset,
      unitOfAccount: UNIT_OF_ACCOUNT,
      series,
      align: align === "absolute" ? align : { rebaseTo: worth },
      speed,
      from,
      loop,
      step: this.#parts.interval,
      start,
    });
    if (terms.paused) replay.pause();
    return { model: this.#overlaid(replay, [asset]), replay };
  }

  /** @param market that the sources look at */
  consensus(assets: readonly string[], market: MarketModel, purpose: string): ConsensusModel {
    const { interval, random, scenarios, onConsensus } = this.#parts;
    const model: ConsensusModel = new ConsensusModel({
      unitOfAccount: UNIT_OF_ACCOUNT,
      assets: assets.map((asset) => {
        const { haltThreshold } = symbolOf(asset);
        return { asset, ...boundsOf(asset), haltThreshold };
      }),
      market,
      sources: SIMULATED_SOURCES,
      step: interval,
      random: random(purpose),
      exempts: (asset, since) => scenarios.exempts(asset, since),
      onEvent: (asset, at, event) => onConsensus(model, asset, at, event),
    });
    return model;
  }

  #overlaid(model: MarketModel, assets: readonly string[]): OverlaidModel {
    const { interval: step, scenarios } = this.#parts;
    const overlay = new FeltOverlay(scenarios);
    const unitOfAccount = UNIT_OF_ACCOUNT;
    const overlaid = new OverlaidModel({ model, overlay, assets, unitOfAccount, step });
    overlay.offset = (asset) => this.#parts.offset(asset, overlaid);
    return overlaid;
  }
}

/** The days that all data sets have; `undefined` when there is none. */
export function commonHistory(
  refs: ReadonlyMap<string, DatasetRef>,
  datasets: DatasetShelf,
): MinuteHistory | undefined {
  const [[alone, ref] = []] = refs;
  if (refs.size === 1 && alone !== undefined && ref !== undefined) {
    return datasets.take(ref).history(alone);
  }
  const candles = [...refs].map(([asset, each]) => {
    return [asset, datasets.take(each).imported.candles] as const;
  });
  return minuteHistory(new Map(candles));
}

/** The symbol that prices an asset in the unit of account. */
export function symbolOf(asset: string): SymbolTerms {
  const found = CATALOGUE.find(({ base, quote }) => base === asset && quote === UNIT_OF_ACCOUNT);
  assert(found !== undefined && PRICED_ASSETS.includes(asset), `the market prices ${asset}`);
  return found;
}

interface Bounds {
  readonly lowest: number;
  readonly highest: number;
}

/** Of a symbol's price; of a pair what its legs allow, within and in whole ticks. */
export function boundsOfSymbol({ bounds, base, quote, tickSize }: SymbolTerms): Bounds {
  if (bounds !== undefined) return bounds;
  const [above, below] = [boundsOf(base), boundsOf(quote)];
  const perUnit = 10 ** tickSize.digits;
  return {
    lowest: Math.max(1, Math.ceil((above.lowest / below.highest) * perUnit)) / perUnit,
    highest: Math.floor((above.highest / below.lowest) * perUnit) / perUnit,
  };
}

/** Of its price in the unit of account. */
export function boundsOf(asset: string): Bounds {
  const { bounds } = symbolOf(asset);
  assert(bounds !== undefined, "a symbol of one dollar leg has bounds");
  return bounds;
}

/** `boundsOf`, as logs. */
export function logBoundsOf(asset: string): LogBounds {
  const { lowest, highest } = boundsOf(asset);
  return { lowest: Math.log(lowest), highest: Math.log(highest) };
}

/** `fixed-spread` moves as `gbm` does. */
export function kindOf(mode: MarketMode): MarketMode {
  return mode === "fixed-spread" ? "gbm" : mode;
}

function clamp(value: number, lowest: number, highest: number): number {
  return Math.min(Math.max(value, lowest), highest);
}
