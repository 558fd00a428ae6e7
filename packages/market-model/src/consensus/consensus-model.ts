import { assert, type Duration, type Random, type Timestamp, timestamp } from "@tse/domain";
import type { MarketModel } from "../market-model.ts";
import { Consensus, type ConsensusEvent, type ConsensusResult } from "./consensus.ts";
import {
  SimulatedSource,
  type SimulatedSourceShape,
  type SourceDisturbance,
} from "./simulated-source.ts";

export interface ConsensusAsset {
  readonly asset: string;
  /** Bounds of a price. `lowest` is above 0. */
  readonly lowest: number;
  readonly highest: number;
  /** Move within a minute that halts it, as a share: 0.2 is 20 %. */
  readonly haltThreshold: number;
}

export interface ConsensusModelOptions {
  readonly unitOfAccount: string;
  readonly assets: readonly ConsensusAsset[];
  /** The market that the sources look at, at the start of the grid. Moved by this model alone. */
  readonly market: MarketModel;
  readonly sources: readonly SimulatedSourceShape[];
  readonly halfLife?: Duration;
  /** Distance of two grid points, above 0. Grid points are the multiples of it since 1970. */
  readonly step: Duration;
  readonly random: Random;
  /** Whether a scenario moves the asset at this moment, so that no move halts it; never when absent. */
  readonly isExempt?: (asset: string) => boolean;
  /** Called for each event, before `advanceTo` returns. Must not touch the model. */
  readonly onEvent?: (asset: string, at: Timestamp, event: ConsensusEvent) => void;
}

/**
 * Prices as several simulated sources agree on them: the mode `consensus`. At each grid point every
 * source looks at the market when it is time to, and what has arrived by then is evaluated; see
 * `Consensus`. Until a first quote has arrived the price is the market's own. While an asset is halted
 * its price stays; `result` says so.
 *
 * The same path in one advance as in many. Each source of each asset draws from a stream of its own.
 */
export class ConsensusModel implements MarketModel {
  readonly #unitOfAccount: string;
  readonly #market: MarketModel;
  readonly #length: Duration;
  readonly #views = new Map<string, View>();
  readonly #isExempt: (asset: string) => boolean;
  readonly #onEvent: NonNullable<ConsensusModelOptions["onEvent"]>;
  #point: number;

  constructor(options: ConsensusModelOptions) {
    const { market, step, sources, halfLife, random } = options;
    assert(step > 0, "the grid has a step");
    this.#unitOfAccount = options.unitOfAccount;
    this.#market = market;
    this.#length = step;
    this.#point = Math.floor(market.time / step);
    this.#isExempt = options.isExempt ?? (() => false);
    this.#onEvent = options.onEvent ?? (() => {});
    for (const { asset, ...terms } of options.assets) {
      const consensus = new Consensus({
        ...terms,
        sources,
        ...(halfLife !== undefined && { halfLife }),
      });
      const own = random.fork(asset);
      const views = sources.map((shape) => new SimulatedSource(shape, own.fork(shape.name)));
      this.#views.set(asset, { consensus, sources: views, result: undefined });
    }
  }

  get time(): Timestamp {
    return timestamp(this.#point * this.#length);
  }

  advanceTo(time: Timestamp): void {
    const last = Math.floor(time / this.#length);
    while (this.#point < last) {
      this.#point += 1;
      this.#market.advanceTo(this.time);
      for (const [asset, view] of this.#views) this.#look(asset, view);
    }
  }

  logValue(asset: string): number {
    if (asset === this.#unitOfAccount) return 0;
    const price = this.#view(asset).result?.price;
    return price === undefined ? this.#market.logValue(asset) : Math.log(price);
  }

  /** The market's: sources know less. */
  fairLogValue(asset: string): number {
    return this.#market.fairLogValue(asset);
  }

  /** What sources agree on has no side. */
  side(): number {
    return 0;
  }

  volatility(asset: string): number {
    return this.#market.volatility(asset);
  }

  usualVolatility(asset: string): number {
    return this.#market.usualVolatility(asset);
  }

  volume(asset: string): number {
    return this.#market.volume(asset);
  }

  depthFactor(asset: string): number {
    return this.#market.depthFactor(asset);
  }

  spreadFactor(asset: string): number {
    return this.#market.spreadFactor(asset);
  }

  /** Of the newest grid point; `undefined` at the start. */
  result(asset: string): ConsensusResult | undefined {
    return this.#view(asset).result;
  }

  /** Ends a halt by the operator's word. */
  resume(asset: string): void {
    this.#view(asset).consensus.resume();
  }

  /** Disturbs a source's view of an asset from the next look on; nothing ends it. */
  disturb(asset: string, source: string, disturbance?: SourceDisturbance): void {
    const view = this.#view(asset).sources.find(({ shape }) => shape.name === source);
    assert(view !== undefined, `the model knows the source: ${source}`);
    view.disturb(disturbance);
  }

  #view(asset: string): View {
    const view = this.#views.get(asset);
    assert(view !== undefined, `the model knows the asset: ${asset}`);
    return view;
  }

  #look(asset: string, view: View): void {
    const price = Math.exp(this.#market.logValue(asset));
    const volume = this.#market.volume(asset);
    for (const source of view.sources) {
      source.observe(this.time, price, volume);
      for (const quote of source.take(this.time)) view.consensus.offer(quote);
    }
    view.result = view.consensus.evaluate(this.time, this.#isExempt(asset));
    for (const event of view.result.events) this.#onEvent(asset, this.time, event);
  }
}

interface View {
  readonly consensus: Consensus;
  readonly sources: readonly SimulatedSource[];
  result: ConsensusResult | undefined;
}
