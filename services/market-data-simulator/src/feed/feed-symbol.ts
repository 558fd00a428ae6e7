import type { Duration, Instrument, Timestamp } from "@tse/domain";
import { type ConsensusResult, instrumentPrice, type MarketModel } from "@tse/market-model";
import { type CandleListener, SymbolCandles } from "../candles/symbol-candles.ts";
import type { WorldMarket } from "../modes/world-market.ts";
import type { DepthConditions } from "./depth.ts";
import { quotesAround, type SpreadRule, spreadBps } from "./quotes.ts";
import { type SymbolTerms, UNIT_OF_ACCOUNT, VOLUME_DIGITS } from "./symbol-terms.ts";
import { priceNumber, type Tick } from "./tick.ts";
import { TickLog } from "./tick-log.ts";

export interface FeedSymbolOptions {
  readonly terms: SymbolTerms;
  readonly market: WorldMarket;
  /** Without an operator's word. */
  readonly usualSpread: SpreadRule;
  /** Where an earlier path left another. */
  readonly spread?: SpreadRule | undefined;
  /** By an operator, in an earlier path. */
  readonly isHalted: boolean;
  /** Of the last tick before this path. */
  readonly sequence: number;
  /** That tick, as far as it is known. */
  readonly last?: Omit<Tick, "terms"> | undefined;
  readonly held: number;
  /** Between two grid points. */
  readonly interval: Duration;
  readonly onClosed: CandleListener;
  /** The same symbol of the path that this one goes on from: its ticks and candles are taken over. */
  readonly predecessor?: FeedSymbol | undefined;
}

/** Worth of the first level of bids, in the unit of account: 2.5 bitcoins at 45,000. */
const FIRST_LEVEL_WORTH = 112_500;

/** Traded in a day, in units of the base asset and of account: in range of doubles and of stored decimals. */
const UNITS_A_DAY_MAX = 9e11;
const WORTH_A_DAY_MAX = 9e14;
const DAY = 86_400_000_000;

/** What a grid point made. */
interface Made {
  readonly price: number;
  readonly time: Timestamp;
  readonly volume: number;
  readonly confidence: number;
}

/** Where a symbol's prices come from at present. */
interface Origin {
  /** Of the market, when this was found. */
  readonly turns: number;
  /** As ticks name it. */
  readonly source: string;
  /** Whether a leg follows sources. */
  readonly isWatched: boolean;
  /** Whether its spread is fixed by its mode. */
  readonly isFixed: boolean;
}

/** One symbol of the feed: its newest ticks, its candles, and what the next tick depends on. */
export class FeedSymbol {
  readonly terms: SymbolTerms;
  readonly log: TickLog;
  readonly candles: SymbolCandles;
  readonly usualSpread: SpreadRule;
  /** By an operator. */
  isHalted: boolean;
  boundHits = 0;
  readonly #world: WorldMarket;
  readonly #market: MarketModel;
  /** The assets whose modes decide: without the unit of account. */
  readonly #legs: readonly string[];
  readonly #instrument: Pick<Instrument, "baseAsset" | "quoteAsset" | "tickSize">;
  /** Bounds in ticks. */
  readonly #lowest: number;
  readonly #highest: number;
  readonly #ticksADay: number;
  #sequence: number;
  /** As configured, or as an operator wants it. */
  #spread: SpreadRule;
  #origin: Origin | undefined;
  /** The last tick that was passed over, while it is the newest. */
  #passed: Made | undefined;

  constructor(options: FeedSymbolOptions) {
    this.terms = options.terms;
    const { predecessor } = options;
    this.usualSpread = options.usualSpread;
    this.#spread = options.spread ?? options.usualSpread;
    this.isHalted = options.isHalted;
    this.log = predecessor?.log ?? new TickLog(options.held);
    const { last } = options;
    if (last !== undefined && predecessor === undefined) {
      this.log.add({ terms: options.terms, ...last });
    }
    this.candles = predecessor?.candles ?? new SymbolCandles(options.terms);
    this.candles.onClosed = options.onClosed;
    const { base, quote, tickSize, bounds } = options.terms;
    this.#instrument = { baseAsset: base, quoteAsset: quote, tickSize };
    const unit = priceNumber(1, options.terms);
    this.#lowest = bounds === undefined ? 1 : Math.round(bounds.lowest / unit);
    this.#highest =
      bounds === undefined ? Number.MAX_SAFE_INTEGER : Math.round(bounds.highest / unit);
    this.#world = options.market;
    this.#market = options.market.prices;
    this.#legs = [base, quote].filter((asset) => asset !== UNIT_OF_ACCOUNT);
    this.#ticksADay = DAY / options.interval;
    this.#sequence = options.sequence;
  }

  /** In force: while the base asset is in the mode `fixed-spread` it is fixed, whatever it is otherwise. */
  get spread(): SpreadRule {
    return this.#newestOrigin().isFixed ? { ...this.#spread, kind: "fixed" } : this.#spread;
  }

  set spread(wanted: SpreadRule) {
    this.#spread = wanted;
  }

  /** As an operator wants it, in whatever mode; `undefined` where it is the usual one. */
  get ownSpread(): SpreadRule | undefined {
    const { kind, bps } = this.usualSpread;
    return this.#spread.kind === kind && this.#spread.bps === bps ? undefined : this.#spread;
  }

  /** Sequence of the last tick; 0 before the first. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Whether the market has a price for it: a pair has none while one of its legs hasn't. */
  get marketState(): ConsensusResult["state"] {
    if (!this.#newestOrigin().isWatched) return "live";
    const states = this.#legs.map((asset) => this.#world.state(asset));
    if (states.includes("halted")) return "halted";
    return states.includes("stale") ? "stale" : "live";
  }

  /** Whether a grid point brings a tick. */
  get isPublished(): boolean {
    return !this.isHalted && this.marketState === "live";
  }

  /** The tick of the grid point that the market stands at. */
  move(time: Timestamp): Tick {
    return this.#add(this.#price(), time, this.#volume());
  }

  /** As `move`, for a point of the past whose tick nobody asks for any more: its candles know it. */
  pass(time: Timestamp): void {
    this.#sequence += 1;
    const made = { price: this.#price(), time, volume: this.#volume() };
    this.#passed = { ...made, confidence: this.#confidence() };
    this.#addPoint(made.price, time, made.volume);
  }

  /** As `pass`, for a point of which nothing is made but its number. */
  skip(): void {
    this.#sequence += 1;
  }

  /** Holds the last tick that was passed over: it is the newest, if no other comes. */
  holdPassed(): void {
    const passed = this.#passed;
    if (passed === undefined) return;
    this.#passed = undefined;
    this.log.add(this.#tick(passed));
  }

  /** A tick at a price that an operator chose. Nothing was traded for it. */
  publish(price: number, time: Timestamp): Tick {
    return this.#add(price, time, 0);
  }

  depthConditions(time: Timestamp): DepthConditions {
    const { base } = this.terms;
    const market = this.#market;
    const usual = market.usualVolatility(base);
    const wildness = usual > 0 ? Math.max(1, market.volatility(base) / usual) : 1;
    const worth = Math.exp(market.logValue(base));
    return {
      bps: this.#bps(time),
      size: FIRST_LEVEL_WORTH / worth,
      factor: market.depthFactor(base) / wildness,
    };
  }

  #bps(time: Timestamp): number {
    const { base, quote } = this.terms;
    const market = this.#market;
    // A cross is as wide as the wilder of its legs makes it.
    const wild = quote === UNIT_OF_ACCOUNT || this.#wildness(base) >= this.#wildness(quote);
    const asset = wild ? base : quote;
    return spreadBps(this.spread, {
      volatility: market.volatility(asset),
      usualVolatility: market.usualVolatility(asset),
      factor: Math.max(market.spreadFactor(base), market.spreadFactor(quote)),
      time,
    });
  }

  #wildness(asset: string): number {
    const usual = this.#market.usualVolatility(asset);
    return usual > 0 ? this.#market.volatility(asset) / usual : 1;
  }

  #bounded(price: number): number {
    if (price >= this.#lowest && price <= this.#highest) return price;
    this.boundHits += 1;
    return Math.min(Math.max(price, this.#lowest), this.#highest);
  }

  #price(): number {
    return this.#bounded(instrumentPrice(this.#market, this.#instrument));
  }

  /** At most so much that a day's sum is a number to go on with, of units and of what they are worth. */
  #volume(): number {
    const { base, volumeShare } = this.terms;
    const traded = this.#market.volume(base) * volumeShare;
    const worth = Math.exp(this.#market.logValue(base));
    const most = Math.min(UNITS_A_DAY_MAX, WORTH_A_DAY_MAX / worth) / this.#ticksADay;
    return Math.round(Math.min(traded, most) * 10 ** VOLUME_DIGITS);
  }

  #add(price: number, timestamp: Timestamp, volume: number): Tick {
    this.#passed = undefined;
    this.#sequence += 1;
    const confidence = this.#confidence();
    const tick = this.#tick({ price, time: timestamp, volume, confidence });
    this.log.add(tick);
    this.#addPoint(price, timestamp, volume);
    return tick;
  }

  #tick({ price, time: timestamp, volume, confidence }: Made): Tick {
    const { terms } = this;
    const { bid, ask } = quotesAround(price, this.#bps(timestamp));
    const sequence = this.#sequence;
    const { source } = this.#newestOrigin();
    return { terms, sequence, timestamp, price, bid, ask, volume, source, confidence };
  }

  /** A pair's is that of the leg that is less sure. */
  #confidence(): number {
    if (!this.#newestOrigin().isWatched) return 1;
    return Math.min(...this.#legs.map((asset) => this.#world.confidence(asset)));
  }

  /** Changes only when an asset comes to follow something else. */
  #newestOrigin(): Origin {
    const { turns } = this.#world;
    if (this.#origin?.turns !== turns) this.#origin = { turns, ...this.#originNow() };
    return this.#origin;
  }

  /** Of a pair what is special about one of its legs: a market that stands still is less so than one that is replayed. */
  #originNow(): Omit<Origin, "turns"> {
    const sources = this.#legs.map((asset) => this.#world.source(asset));
    const special = sources.find((source) => source !== "simulator" && source !== "static");
    const usual = sources.includes("simulator") ? "simulator" : "static";
    const isWatched = this.#legs.some((asset) => this.#world.sources(asset) !== undefined);
    const isFixed = this.#world.terms(this.terms.base).mode === "fixed-spread";
    return { source: special ?? usual, isWatched, isFixed };
  }

  #addPoint(price: number, time: Timestamp, volume: number): void {
    const { source } = this.#newestOrigin();
    const point = { time, price, volume, sequence: this.#sequence, source };
    this.candles.add(point);
  }
}
