import { assert, type Duration, duration, type Timestamp, timestamp } from "@tse/domain";
import type { ScenarioBoard } from "@tse/market-model";
import type { MarketCandle } from "../candles/market-candle.ts";
import type { SymbolCandles } from "../candles/symbol-candles.ts";
import type { WorldMarket } from "../modes/world-market.ts";
import { type Depth, depthAround } from "./depth.ts";
import { FeedSymbol } from "./feed-symbol.ts";
import type { Intervention, SymbolIntervention } from "./intervention.ts";
import type { SpreadRule } from "./quotes.ts";
import { findSymbol, type SymbolTerms } from "./symbol-terms.ts";
import type { Tick } from "./tick.ts";
import type { TickLog } from "./tick-log.ts";

export interface FeedOptions {
  readonly market: WorldMarket;
  /** The scenarios that the market is under. */
  readonly scenarios: ScenarioBoard;
  readonly symbols: readonly SymbolTerms[];
  /** Distance of two grid points, a multiple of 1 ms. The market stands on the same grid. */
  readonly interval: Duration;
  readonly spread: SpreadRule["kind"];
  /** Last sequence of each symbol before this path begins; 0 when absent. */
  readonly sequences?: ReadonlyMap<string, number>;
  /** The last tick of each symbol before this path begins, where it is known. */
  readonly last?: Readonly<Record<string, Omit<Tick, "terms">>>;
  /** Symbols that an operator had halted before this path begins. */
  readonly halted?: readonly string[];
  /** Spreads that an operator had chosen before, by symbol. */
  readonly spreads?: Readonly<Record<string, SpreadRule>>;
  /** Ticks of each symbol that are held; 3,600 when absent. */
  readonly held?: number;
  /** Whether the grid point at which the market stands was published by an earlier path. */
  readonly goesOn?: boolean;
  /** That earlier path, at the same time: its ticks and candles are taken over. */
  readonly predecessor?: Feed;
}

/** What one moment brought: at a grid point a tick of each symbol that is not halted. */
export type TickListener = (ticks: readonly Tick[]) => void;

/** Told of each candle as it closes. */
export type ClosedCandleListener = (candle: MarketCandle) => void;

/** Whether a symbol's price can be trusted. */
export type SymbolState = "live" | "stale" | "halted";

/** Without a tick for this long a symbol is stale. */
const STALE_AFTER = duration(30_000_000);

const HELD = 3_600;
const MINUTE = 60_000_000;

/**
 * The one path of every symbol of a world: ticks on a grid of world time, and all that is made of them. A state
 * machine of two inputs, time and interventions: the same ones give the same ticks, in one step or in many, in this
 * process or in the next.
 *
 * Listeners are called in order of subscription, before the call that moved the feed returns. They must not throw
 * and must not move it.
 */
export class Feed {
  readonly interval: Duration;
  /** For reading and planning; changed by `apply` only. */
  readonly scenarios: ScenarioBoard;
  /** For reading and planning; changed by `apply` only. */
  readonly market: WorldMarket;
  readonly #symbols: ReadonlyMap<string, FeedSymbol>;
  readonly #listeners = new Set<TickListener>();
  readonly #candleListeners = new Set<ClosedCandleListener>();
  #hasBegun = false;
  #time: Timestamp;

  constructor(options: FeedOptions) {
    const { market, interval, held = HELD } = options;
    this.interval = interval;
    this.scenarios = options.scenarios;
    this.market = market;
    this.#time = options.predecessor?.time ?? market.time;
    this.#hasBegun = options.goesOn ?? false;
    const entries = options.symbols.map((terms) => {
      const symbol = new FeedSymbol({
        terms,
        market,
        usualSpread: { kind: options.spread, bps: terms.spreadBps },
        spread: options.spreads?.[terms.symbol],
        isHalted: options.halted?.includes(terms.symbol) ?? false,
        sequence: options.sequences?.get(terms.symbol) ?? 0,
        last: options.last?.[terms.symbol],
        held,
        interval,
        predecessor: options.predecessor?.symbolNamed(terms.symbol),
        onClosed: (candle) => this.#announceCandle(candle),
      });
      return [terms.symbol, symbol] as const;
    });
    this.#symbols = new Map(entries);
  }

  get symbols(): readonly SymbolTerms[] {
    return [...this.#symbols.values()].map(({ terms }) => terms);
  }

  /** How far the feed has come: everything due by then is published. */
  get time(): Timestamp {
    return this.#time;
  }

  /** How often a price was held at a bound of its symbol, or mirrored there after a change of its mode. */
  get boundHits(): number {
    const { reflections } = this.market;
    return [...this.#symbols.values()].reduce((sum, { boundHits }) => sum + boundHits, reflections);
  }

  /** @returns ends the calls */
  onTicks(listener: TickListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @returns ends the calls */
  onCandle(listener: ClosedCandleListener): () => void {
    this.#candleListeners.add(listener);
    return () => this.#candleListeners.delete(listener);
  }

  /** The symbol as clients may write it; `undefined` for one that the world doesn't have. */
  find(text: string): SymbolTerms | undefined {
    return findSymbol(this.symbols, text);
  }

  /** What another path takes over of this one; not to be moved. */
  symbolNamed(symbol: string): FeedSymbol | undefined {
    return this.#symbols.get(symbol);
  }

  /** What one unit of each asset is worth now, in the unit of account. */
  worths(assets: readonly string[]): ReadonlyMap<string, number> {
    return new Map(assets.map((asset) => [asset, Math.exp(this.market.prices.logValue(asset))]));
  }

  /** Log of what an asset of the market is worth now, in the unit of account. */
  logPrice(asset: string): number {
    return this.market.prices.logValue(asset);
  }

  /** Deviation of a year's log return of an asset in usual times. */
  usualVolatility(asset: string): number {
    return this.market.prices.usualVolatility(asset);
  }

  /** Sequence of the symbol's last tick; 0 before the first. */
  sequence(symbol: string): number {
    return this.#of(symbol).sequence;
  }

  latest(symbol: string): Tick | undefined {
    return this.#of(symbol).log.newest;
  }

  log(symbol: string): TickLog {
    return this.#of(symbol).log;
  }

  candles(symbol: string): SymbolCandles {
    return this.#of(symbol).candles;
  }

  state(symbol: string, now: Timestamp): SymbolState {
    const each = this.#of(symbol);
    if (each.isHalted) return "halted";
    const { marketState } = each;
    if (marketState !== "live") return marketState;
    const { newest } = each.log;
    return newest === undefined || now - newest.timestamp >= STALE_AFTER ? "stale" : "live";
  }

  spread(symbol: string): SpreadRule {
    return this.#of(symbol).spread;
  }

  /** As an operator chose it; `undefined` where it is the usual one. */
  ownSpread(symbol: string): SpreadRule | undefined {
    return this.#of(symbol).ownSpread;
  }

  /** The reference market's levels around the newest tick; `undefined` before the first. */
  depth(symbol: string): Depth | undefined {
    const each = this.#of(symbol);
    const tick = each.log.newest;
    return tick && depthAround(tick, each.depthConditions(this.market.time));
  }

  /** Publishes the grid point that the market stands at, where that is the first of a path. */
  begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#publishPoint();
  }

  /** Publishes every grid point up to `time`, each with its ticks, and closes the candles that are over. */
  advanceTo(time: Timestamp): void {
    this.#moveTo(time, () => this.#publishPoint());
  }

  /**
   * Makes every grid point up to `time` without announcing its ticks or holding them: for a past that was published
   * before. Candles, statistics and sequences come out as if it had.
   */
  passTo(time: Timestamp): void {
    if (!this.#hasBegun) this.#passPoint();
    this.#hasBegun = true;
    this.#moveTo(time, () => this.#passPoint());
    for (const each of this.#symbols.values()) each.holdPassed();
  }

  /**
   * Moves on to `time` and makes nothing on the way: neither ticks nor candles, only the numbers of ticks. For a past
   * that nobody asks for any more.
   */
  skipTo(time: Timestamp): void {
    const last = Math.floor(time / this.interval) * this.interval;
    if (last < this.market.time) return;
    if (!this.#hasBegun) this.#skipPoint();
    this.#hasBegun = true;
    for (let at = this.market.time + this.interval; at <= last; at += this.interval) {
      this.market.advanceTo(timestamp(at));
      this.#skipPoint();
    }
    this.#time = timestamp(Math.max(time, this.#time));
  }

  /** Carries out what an operator asked for, at its own time: not before the feed's. */
  apply(intervention: Intervention): Tick | undefined {
    this.advanceTo(intervention.at);
    switch (intervention.kind) {
      case "scenario":
        this.scenarios.apply(intervention.command);
        return undefined;
      case "replay":
        this.market.direct(intervention.id, intervention);
        return undefined;
      case "source":
        for (const symbol of intervention.symbols) {
          this.market.disturb(intervention.source, this.#of(symbol).terms.base, intervention.fault);
        }
        return undefined;
      default:
        return this.#change(intervention);
    }
  }

  #change(intervention: SymbolIntervention): Tick | undefined {
    const each = this.#of(intervention.symbol);
    const { base } = each.terms;
    switch (intervention.kind) {
      case "price": {
        const tick = each.publish(intervention.price, intervention.at);
        this.#announce([tick]);
        return tick;
      }
      case "halt":
        each.isHalted = true;
        return undefined;
      case "resume":
        each.isHalted = false;
        this.market.resume(base);
        return undefined;
      case "spread":
        each.spread = intervention.spread;
        return undefined;
      case "mode":
        this.market.follow(base, intervention.terms);
        return undefined;
    }
  }

  #of(symbol: string): FeedSymbol {
    const found = this.#symbols.get(symbol);
    assert(found !== undefined, `the feed knows the symbol: ${symbol}`);
    return found;
  }

  #moveTo(time: Timestamp, atPoint: () => void): void {
    const last = Math.floor(time / this.interval) * this.interval;
    for (let at = this.market.time + this.interval; at <= last; at += this.interval) {
      this.#closeCandles(at);
      this.market.advanceTo(timestamp(at));
      this.#time = timestamp(at);
      atPoint();
    }
    if (time <= this.#time) return;
    this.#closeCandles(time);
    this.#time = time;
  }

  #publishPoint(): void {
    const ticks: Tick[] = [];
    for (const each of this.#symbols.values()) {
      if (each.isPublished) ticks.push(each.move(this.market.time));
    }
    this.#announce(ticks);
  }

  #passPoint(): void {
    for (const each of this.#symbols.values()) {
      if (each.isPublished) each.pass(this.market.time);
    }
  }

  #skipPoint(): void {
    for (const each of this.#symbols.values()) if (each.isPublished) each.skip();
  }

  #announce(ticks: readonly Tick[]): void {
    if (ticks.length === 0) return;
    for (const listener of this.#listeners) listener(ticks);
  }

  /** Only where a minute begins is anything over. */
  #closeCandles(time: number): void {
    if (Math.floor(time / MINUTE) === Math.floor(this.#time / MINUTE)) return;
    for (const { candles } of this.#symbols.values()) candles.closeUpTo(timestamp(time));
  }

  #announceCandle(candle: MarketCandle): void {
    for (const listener of this.#candleListeners) listener(candle);
  }
}
