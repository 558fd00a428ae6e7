import { assert, type Duration, type Random, type Timestamp, timestamp } from "@tse/domain";
import type { MarketModel } from "../market-model.ts";
import {
  Consensus,
  type ConsensusEvent,
  type ConsensusResult,
  type DropReason,
} from "./consensus.ts";
import {
  SimulatedSource,
  type SimulatedSourceShape,
  type SourceDisturbance,
} from "./simulated-source.ts";
import type { SourceQuote } from "./source-quote.ts";

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
  /** The market that the sources look at, at the start of the grid. Nobody moves it ahead of this model. */
  readonly market: MarketModel;
  readonly sources: readonly SimulatedSourceShape[];
  readonly halfLife?: Duration;
  /** Distance of two grid points, above 0. Grid points are the multiples of it since 1970. */
  readonly step: Duration;
  readonly random: Random;
  /** Whether a scenario moved the asset from `since` until now: that isn't to halt it. Never when absent. */
  readonly exempts?: (asset: string, since: Timestamp) => boolean;
  /** Called for each event, before `advanceTo` returns. Must not touch the model. */
  readonly onEvent?: (asset: string, at: Timestamp, event: ConsensusEvent) => void;
}

/** One source of one asset, as of the newest grid point. */
export interface SourceView {
  readonly source: string;
  readonly priority: number;
  /** The newest that was taken; `undefined` before the first. */
  readonly quote: SourceQuote | undefined;
  /** What the newest quote needed to arrive; 0 before the first. */
  readonly latency: Duration;
  /** Its part in the price; 0 when it isn't used. */
  readonly weight: number;
  /** Why it isn't used. */
  readonly dropped: DropReason | undefined;
  /** How often another one took its place as the most trusted one. */
  readonly failovers: number;
}

/**
 * Prices as several simulated sources agree on them: the mode `consensus`. At each grid point every
 * source looks at the market when it is time to, and what has arrived by then is evaluated; see
 * `Consensus`. Until a first quote has arrived the price is the market's own. While an asset is halted
 * its price stays; `result` says so. What the market does while scenarios move it never halts, however late
 * sources say it; what sources make of it does.
 *
 * The same path in one advance as in many. Each source of each asset draws from a stream of its own.
 */
export class ConsensusModel implements MarketModel {
  readonly #unitOfAccount: string;
  readonly #market: MarketModel;
  readonly #length: Duration;
  readonly #views = new Map<string, View>();
  readonly #exempts: NonNullable<ConsensusModelOptions["exempts"]>;
  readonly #onEvent: NonNullable<ConsensusModelOptions["onEvent"]>;
  #point: number;

  constructor(options: ConsensusModelOptions) {
    const { market, step, sources, halfLife, random } = options;
    assert(step > 0, "the grid has a step");
    this.#unitOfAccount = options.unitOfAccount;
    this.#market = market;
    this.#length = step;
    this.#point = Math.floor(market.time / step);
    this.#exempts = options.exempts ?? (() => false);
    this.#onEvent = options.onEvent ?? (() => {});
    for (const { asset, ...terms } of options.assets) {
      const consensus = new Consensus({
        ...terms,
        sources,
        ...(halfLife !== undefined && { halfLife }),
      });
      const own = random.fork(asset);
      const watched = sources.map(
        (shape): Watched => ({
          source: new SimulatedSource(shape, own.fork(shape.name)),
          quote: undefined,
          failovers: 0,
        }),
      );
      const log = market.logValue(asset);
      consensus.begin(Math.exp(log), this.time);
      this.#views.set(asset, { consensus, sources: watched, log, exempt: 0, result: undefined });
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

  /** 0 to 1; 1 as long as the price is the market's own. */
  confidence(asset: string): number {
    const { result } = this.#view(asset);
    return result?.price === undefined ? 1 : result.confidence;
  }

  /** Halted, or without a source that says anything since there was one. */
  state(asset: string): ConsensusResult["state"] {
    const { consensus, result } = this.#view(asset);
    if (consensus.isHalted) return "halted";
    return result?.price !== undefined && result.state === "stale" ? "stale" : "live";
  }

  /** By trust, the most trusted first. */
  sources(asset: string): readonly SourceView[] {
    const { sources, result } = this.#view(asset);
    const views = sources.map(({ source, quote, failovers }): SourceView => {
      const { name, priority } = source.shape;
      const used = result?.used.find((one) => one.source === name);
      const dropped = result?.dropped.find((one) => one.source === name)?.reason;
      const weight = used?.weight ?? 0;
      return { source: name, priority, quote, latency: source.latency, weight, dropped, failovers };
    });
    return views.sort((a, b) => a.priority - b.priority);
  }

  /** Ends a halt by the operator's word. */
  resume(asset: string): void {
    this.#view(asset).consensus.resume();
  }

  /** Disturbs a source's view of an asset from the next look on; nothing ends it. */
  disturb(asset: string, source: string, disturbance?: SourceDisturbance): void {
    const watched = this.#watched(asset, source);
    assert(watched !== undefined, `the model knows the source: ${source}`);
    watched.source.disturb(disturbance);
  }

  #view(asset: string): View {
    const view = this.#views.get(asset);
    assert(view !== undefined, `the model knows the asset: ${asset}`);
    return view;
  }

  #watched(asset: string, name: string): Watched | undefined {
    return this.#view(asset).sources.find(({ source }) => source.shape.name === name);
  }

  /** Of what the market did in the step, the part that isn't to halt. */
  #exempt(asset: string, view: View): void {
    const log = this.#market.logValue(asset);
    if (this.#exempts(asset, timestamp(this.time - this.#length))) view.exempt += log - view.log;
    view.log = log;
  }

  #look(asset: string, view: View): void {
    this.#exempt(asset, view);
    const price = Math.exp(view.log);
    const volume = this.#market.volume(asset);
    for (const watched of view.sources) {
      watched.source.observe(this.time, price, volume, view.exempt);
      for (const quote of watched.source.take(this.time)) {
        if (view.consensus.offer(quote) === undefined) watched.quote = quote;
      }
    }
    view.result = view.consensus.evaluate(this.time);
    if (view.result.price === undefined) view.consensus.begin(price, this.time, view.exempt);
    for (const event of view.result.events) {
      const left = event.kind === "failover" ? this.#watched(asset, event.from) : undefined;
      if (left !== undefined) left.failovers += 1;
      this.#onEvent(asset, this.time, event);
    }
  }
}

interface View {
  readonly consensus: Consensus;
  readonly sources: readonly Watched[];
  /** Of the market's price at the newest grid point, and how much of it isn't to halt. */
  log: number;
  exempt: number;
  result: ConsensusResult | undefined;
}

interface Watched {
  readonly source: SimulatedSource;
  /** The newest that was taken. */
  quote: SourceQuote | undefined;
  failovers: number;
}
