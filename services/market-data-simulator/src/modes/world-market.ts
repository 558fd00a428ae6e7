import { assert, type Duration, type Random, type Timestamp, timestamp } from "@tse/domain";
import {
  CompositeMarket,
  type ConsensusEvent,
  type ConsensusModel,
  type ConsensusResult,
  type MarketModel,
  type ScenarioBoard,
  SIMULATED_SOURCES,
  type SourceView,
} from "@tse/market-model";
import { type MarketMode, PRICED_ASSETS, STABLECOINS } from "../feed/markets.ts";
import { UNIT_OF_ACCOUNT } from "../feed/symbol-terms.ts";
import type { DatasetShelf } from "./dataset-shelf.ts";
import {
  type DatasetRef,
  type ModeSet,
  type ModeTerms,
  type ReplayTerms,
  sourceOf,
} from "./mode-terms.ts";
import { kindOf, logBoundsOf, ModelMaker } from "./model-maker.ts";
import { type DisturbedSource, disturbanceOf, type SourceFault } from "./source-faults.ts";
import {
  goingOn,
  plainTrack,
  type ReplayAction,
  type ReplayRun,
  type ReplayView,
  type Track,
  viewOf,
  type Watched,
} from "./track.ts";

export interface WorldMarketOptions extends ModeSet {
  readonly interval: Duration;
  /** Where the path begins: a grid point. */
  readonly start: Timestamp;
  /** A stream for one purpose; without one, that of the world's market. */
  readonly random: (purpose?: string) => Random;
  /** What assets are worth there; an asset without one begins at its start price. */
  readonly prices?: ReadonlyMap<string, number>;
  /** What operators did to sources before. */
  readonly disturbed?: readonly DisturbedSource[];
  readonly scenarios: ScenarioBoard;
  readonly datasets: DatasetShelf;
  /** Called in order of time, before what moved the market returns. Must not touch it. */
  readonly onEvent?: (event: MarketEvent) => void;
}

/** What a market did by itself, to be logged. */
export type MarketEvent = { readonly asset: string; readonly at: Timestamp } & (
  | { readonly kind: "consensus"; readonly event: ConsensusEvent }
  | { readonly kind: "replay_ended"; readonly replay: ReplayView }
);

/** Time in which a pegged price comes half of the way back to its model's own after a change: as its deviations do. */
const PEG_HALF_LIFE = 1.4 * 3_600_000_000;

/** Replays that are over and still listed. */
const OVER_MAX = 100;

/**
 * The prices of one world, each asset in a mode of its own, changed while it runs without a jump.
 *
 * Markets of all assets (`realistic`, `gbm`, `static`) are made when the first asset follows them, and go on from then:
 * who comes back to one moves with all others again. Draws come from a stream for each purpose, a change's by its number.
 * Deterministic: the same options and changes at the same times give the same prices, in one step or in many.
 */
export class WorldMarket {
  /** For reading only. */
  readonly prices: CompositeMarket;
  readonly #options: WorldMarketOptions;
  readonly #maker: ModelMaker;
  readonly #markets = new Map<MarketMode, MarketModel>();
  readonly #base: Track;
  readonly #tracks = new Map<string, Track>();
  /** Of the tracks: replays under way, and assets whose sources look. */
  #runs: readonly ReplayRun[] = [];
  #watched: readonly Watched[] = [];
  /** Assets whose price may not be their model's own. */
  #away: readonly string[] = [];
  /** What operators do to sources, by source and asset. */
  readonly #faults = new Map<string, DisturbedSource>();
  #isDisturbed = false;
  #turns = 0;
  #reflections = 0;
  /** Those that moved last are at the end. */
  readonly #over: ReplayView[] = [];
  #changes = 0;

  constructor(options: WorldMarketOptions) {
    const { interval, start, random, prices = new Map(), scenarios, datasets, market } = options;
    this.#options = options;
    this.#maker = new ModelMaker({
      interval,
      scenarios,
      datasets,
      random,
      offset: (asset, model) => this.#offset(asset, model),
      onConsensus: (model, asset, at, event) => this.#tellConsensus(model, asset, at, event),
    });
    const base = this.#maker.market(market, start, prices);
    this.#markets.set(kindOf(market), base);
    this.#base = plainTrack({ mode: market }, base);
    for (const asset of PRICED_ASSETS) this.#tracks.set(asset, this.#base);
    this.prices = new CompositeMarket(
      UNIT_OF_ACCOUNT,
      new Map(PRICED_ASSETS.map((asset) => [asset, base])),
      { bounds: new Map(PRICED_ASSETS.map((asset) => [asset, logBoundsOf(asset)])) },
    );
    for (const { source, asset, fault } of options.disturbed ?? []) {
      this.disturb(source, asset, fault);
    }
    this.#beginAll(options.modes);
  }

  get time(): Timestamp {
    return this.prices.time;
  }

  advanceTo(time: Timestamp): void {
    const { interval } = this.#options;
    const last = Math.floor(time / interval) * interval;
    for (let at = this.time + interval; at <= last; at += interval) this.#step(timestamp(at));
  }

  /** How often a price was mirrored at a bound that its model doesn't know. */
  get reflections(): number {
    return this.#reflections;
  }

  /** How often an asset came to follow something else: until the next turn sources have their names. */
  get turns(): number {
    return this.#turns;
  }

  /** The modes in force: what a path that goes on from here begins with. */
  get modes(): ModeSet {
    const modes: Record<string, ModeTerms> = {};
    for (const [asset, { terms, run }] of this.#tracks) {
      if (terms === this.#base.terms) continue;
      modes[asset] = run === undefined ? terms : goingOn(run.terms, run.replay, run.previous);
    }
    return { market: this.#options.market, modes };
  }

  terms(asset: string): ModeTerms {
    return this.#track(asset).terms;
  }

  /** As ticks name it. */
  source(asset: string): string {
    return sourceOf(this.terms(asset));
  }

  /** 0 to 1. */
  confidence(asset: string): number {
    return this.#track(asset).consensus?.confidence(asset) ?? 1;
  }

  /** Whether the market itself has a price to publish. */
  state(asset: string): ConsensusResult["state"] {
    return this.#track(asset).consensus?.state(asset) ?? "live";
  }

  /** What sources say of an asset; `undefined` where it doesn't follow them. */
  sources(asset: string): readonly SourceView[] | undefined {
    return this.#track(asset).consensus?.sources(asset);
  }

  /** What an operator does to a source's view of an asset. */
  fault(source: string, asset: string): SourceFault | undefined {
    return this.#faults.get(`${source} ${asset}`)?.fault;
  }

  /** All that operators do to sources: what a path that goes on from here begins with. */
  get disturbed(): readonly DisturbedSource[] {
    return [...this.#faults.values()];
  }

  /** In order of their beginning; those of them that are over first. */
  get replays(): readonly ReplayView[] {
    return [...this.#over, ...this.#runs.map((run) => viewOf(run))];
  }

  /** The asset follows another mode from here on. A replay that it followed is over. */
  follow(asset: string, terms: ModeTerms): void {
    this.#changes += 1;
    const before = this.#track(asset);
    const track = this.#begin(asset, terms, `${asset} ${this.#changes}`);
    before.run?.replay.stop();
    this.#take(asset, track);
    if (before.run !== undefined) this.#end(before.run);
  }

  /** Does nothing to a replay that is over, and nothing else than it can. */
  direct(id: string, action: ReplayAction): void {
    const run = this.#runs.find(({ terms }) => terms.id === id);
    if (run === undefined) return;
    const { replay, model, asset } = run;
    switch (action.action) {
      case "pause":
        replay.pause();
        return;
      case "resume":
        replay.resume();
        return;
      case "seek":
        replay.seek(action.to);
        model.settle();
        return;
      case "stop":
        replay.stop();
        this.#take(asset, this.#after(run));
        this.#end(run);
    }
  }

  /** Replaces what operators did to a source's view of an asset so far. */
  disturb(source: string, asset: string, fault: SourceFault | undefined): void {
    if (fault === undefined) this.#faults.delete(`${source} ${asset}`);
    else this.#faults.set(`${source} ${asset}`, { source, asset, fault });
    this.#isDisturbed = true;
  }

  /** Ends a halt that sources made, by the operator's word. */
  resume(asset: string): void {
    this.#track(asset).consensus?.resume(asset);
  }

  #step(at: Timestamp): void {
    // The last price of a replay was its own: who comes after makes the next one.
    for (const run of this.#runs) {
      if (run.replay.handOver === undefined) continue;
      this.#take(run.asset, this.#after(run));
      this.#end(run);
    }
    for (const market of this.#markets.values()) market.advanceTo(at);
    this.#disturbAll();
    for (const { previous } of this.#runs) previous.model.advanceTo(at);
    this.prices.advanceTo(at);
    for (const asset of this.#away) this.#reflect(asset);
  }

  /** What a model made of its own price it mirrored itself; replayed prices stand at a bound that they pass. */
  #reflect(asset: string): void {
    if (this.prices.reflect(asset)) this.#reflections += 1;
  }

  #track(asset: string): Track {
    const track = this.#tracks.get(asset);
    assert(track !== undefined, `the market prices ${asset}`);
    return track;
  }

  #offset(asset: string, model: MarketModel): number | undefined {
    const track = this.#tracks.get(asset);
    return track?.felt === model ? track.feltOffset + this.prices.offset(asset) : undefined;
  }

  #worth(asset: string): number {
    return Math.exp(this.prices.logValue(asset));
  }

  /** Assets that begin with data sets, or with sources, do so together. */
  #beginAll(modes: ModeSet["modes"]): void {
    const refs = new Map<string, DatasetRef>();
    const watched: string[] = [];
    for (const [asset, terms] of Object.entries(modes)) {
      if (terms.mode === "bootstrap") refs.set(asset, terms.dataset);
      else if (terms.mode === "consensus") watched.push(asset);
      else this.#take(asset, this.#begin(asset, terms, asset));
    }
    if (refs.size > 0) {
      const worth = (asset: string) => this.#worth(asset);
      const model = this.#maker.bootstrap(refs, this.time, worth, "bootstrap");
      for (const asset of refs.keys()) {
        this.#take(asset, plainTrack(modes[asset] as ModeTerms, model));
      }
    }
    if (watched.length === 0) return;
    const consensus = this.#maker.consensus(watched, this.#base.model, "consensus");
    for (const asset of watched) {
      const terms = modes[asset] as ModeTerms;
      this.#take(asset, { ...plainTrack(terms, consensus), felt: this.#base.model, consensus });
    }
  }

  #begin(asset: string, terms: ModeTerms, purpose: string): Track {
    switch (terms.mode) {
      case "bootstrap": {
        const refs = new Map([[asset, terms.dataset]]);
        const worth = (each: string) => this.#worth(each);
        return plainTrack(terms, this.#maker.bootstrap(refs, this.time, worth, purpose));
      }
      case "replay":
        return this.#beginReplay(asset, terms, purpose);
      case "consensus":
        return this.#beginConsensus(asset, { ...this.#track(asset), terms }, purpose);
      default:
        return plainTrack(terms, this.#market(terms.mode));
    }
  }

  #beginReplay(asset: string, terms: ReplayTerms, purpose: string): Track {
    const { run, ...current } = this.#track(asset);
    const afterwards = `${purpose} afterwards`;
    const known = terms.afterwards && this.#begin(asset, terms.afterwards, afterwards);
    const last = known ?? run?.previous ?? current;
    const previous = last.consensus === undefined ? last : plainTrack(last.terms, last.felt);
    const made = this.#maker.replay(asset, terms, this.time, this.#worth(asset));
    return {
      ...plainTrack(terms, made.model),
      run: { ...made, asset, terms, startedAt: this.time, purpose: afterwards, previous },
    };
  }

  /** What comes after a replay: sources begin afresh from where its price stands. */
  #after({ asset, previous, purpose }: ReplayRun): Track {
    const isConsensus = previous.terms.mode === "consensus";
    return isConsensus ? this.#beginConsensus(asset, previous, purpose) : previous;
  }

  /** Sources look at the market that scenarios acted on, where that was one of all assets, at the asset's price. */
  #beginConsensus(asset: string, { terms, felt: last }: Track, purpose: string): Track {
    const felt = [...this.#markets.values()].find((market) => market === last) ?? this.#base.model;
    const feltOffset = this.prices.logValue(asset) - felt.logValue(asset);
    const around = new CompositeMarket(UNIT_OF_ACCOUNT, new Map([[asset, felt]]), {
      offsets: new Map([[asset, feltOffset]]),
      bounds: new Map([[asset, logBoundsOf(asset)]]),
    });
    const consensus = this.#maker.consensus([asset], around, purpose);
    return { terms, model: consensus, felt, feltOffset, consensus };
  }

  #market(mode: MarketMode): MarketModel {
    const kind = kindOf(mode);
    const known = this.#markets.get(kind);
    if (known !== undefined) return known;
    const worths = new Map(PRICED_ASSETS.map((asset) => [asset, this.#worth(asset)]));
    const made = this.#maker.market(kind, this.time, worths, kind);
    this.#markets.set(kind, made);
    return made;
  }

  /** The asset follows the track, without a jump unless it replays prices as they are. */
  #take(asset: string, track: Track): void {
    const { terms, model } = track;
    const jumps = terms.mode === "replay" && terms.align === "absolute" && terms.goesOn !== true;
    const isMarket = [...this.#markets.values()].includes(model);
    const peg = isMarket && STABLECOINS.includes(asset) ? PEG_HALF_LIFE : undefined;
    this.prices.follow(asset, model, jumps ? 0 : peg);
    this.#tracks.set(asset, track);
    this.#turns += 1;
    this.#isDisturbed = true;
    const tracks = [...this.#tracks];
    const away = tracks.filter(
      ([each, { run }]) => run === undefined && this.prices.offset(each) !== 0,
    );
    this.#away = away.map(([each]) => each);
    this.#runs = tracks.flatMap(([, { run }]) => run ?? []);
    this.#watched = tracks.flatMap(([each, { consensus }]) =>
      consensus === undefined ? [] : { asset: each, consensus },
    );
  }

  #end(run: ReplayRun): void {
    const replay = viewOf(run, this.time);
    this.#over.push(replay);
    if (this.#over.length > OVER_MAX) this.#over.shift();
    this.#options.onEvent?.({ kind: "replay_ended", asset: run.asset, at: this.time, replay });
  }

  /** Looks of sources from here on are under what operators and scenarios do to them. */
  #disturbAll(): void {
    if (this.#watched.length === 0) return;
    const scenarios = this.#options.scenarios.feedFaults();
    const isDisturbed = scenarios.length > 0 || this.#faults.size > 0;
    if (!isDisturbed && !this.#isDisturbed) return;
    this.#isDisturbed = isDisturbed;
    for (const { asset, consensus } of this.#watched) {
      for (const { name } of SIMULATED_SOURCES) {
        const acting = scenarios.filter(
          ({ source, assets }) => source === name && assets.includes(asset),
        );
        consensus.disturb(asset, name, disturbanceOf(this.fault(name, asset), acting));
      }
    }
  }

  /** What nobody follows is not told. */
  #tellConsensus(model: ConsensusModel, asset: string, at: Timestamp, event: ConsensusEvent): void {
    if (this.#tracks.get(asset)?.consensus !== model) return;
    this.#options.onEvent?.({ kind: "consensus", asset, at, event });
  }
}
