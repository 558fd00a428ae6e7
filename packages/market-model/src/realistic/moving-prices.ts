import type { Random } from "@tse/domain";
import type { Overlay } from "../market-model.ts";
import { Activity } from "./activity.ts";
import { BlockStream } from "./blocks.ts";
import { Jumps } from "./jumps.ts";
import type { MovingAsset, RealisticShape } from "./realistic-shape.ts";
import { type Loadings, Shocks } from "./shocks.ts";
import { Volatility } from "./volatility.ts";

const ROOT_MINUTE = Math.sqrt(60);
const MINUTE = 60;
/**
 * Share of the moves that come between the last price of a minute and the first of the next: in real candles the two are
 * but milliseconds apart, and a minute opens where the last one closed, give or take the spread.
 */
const OPENING = 0.015;
/** Share of what is still to be followed that follows with one move. */
const FOLLOWING = 0.25;
/** How often a second the newest trade is on the other side than the one before. */
const TURNING = 0.5;
/** A jump's size counts up to this many times the smallest for what it does to volatility. */
const KICK_SIZES_MAX = 3;

export interface MovingState {
  readonly volatility: readonly number[];
  readonly activity: number;
  readonly jumps: number;
  /** Log returns since the start: as shown, the part that stays, and the part that is given back. */
  readonly moved: readonly number[];
  readonly lasting: readonly number[];
  readonly transient: readonly number[];
  /** Common shocks that each is still to follow. */
  readonly late: readonly number[];
  readonly sides: readonly number[];
  /** The market's shocks in this second so far, and a jump that the next step takes. */
  readonly shocked: number;
  readonly jump: number;
}

/**
 * Log returns of the assets that move with the market, a second or less at a time. A shock moves a price at once, and
 * part of it is given back over some minutes, as real returns are: sums of returns vary a little less than their
 * parts say.
 */
export class MovingPrices {
  readonly #shape: RealisticShape;
  readonly #assets: readonly MovingAsset[];
  readonly #overlay: Overlay;
  readonly #length: number;
  readonly #volatility: Volatility;
  readonly #activity: Activity;
  readonly #jumps: Jumps;
  readonly #shocks: Shocks;
  readonly #joins: readonly BlockStream[];
  readonly #keep: number;
  /** Makes up in size for moves that don't come when a minute opens. */
  readonly #inside: number;
  readonly #sides: readonly BlockStream[];
  /** Log returns since the start: as shown, and the part that stays. */
  readonly #moved: Float64Array;
  readonly #lasting: Float64Array;
  readonly #transient: Float64Array;
  readonly #prompt: Float64Array;
  /** Common shocks that are still to be followed. */
  readonly #late: Float64Array;
  readonly #move: Float64Array;
  readonly #sigma: Float64Array;
  readonly #side: Int8Array;
  /** The market's shocks in this second so far. */
  #shocked = 0;
  /** The market's jump of this second, until a step takes it. */
  #jump = 0;

  /** @param length of a step in seconds, at most 1 */
  constructor(
    shape: RealisticShape,
    assets: readonly MovingAsset[],
    options: { readonly overlay: Overlay; readonly length: number; readonly random: Random },
  ) {
    const { overlay, length, random } = options;
    this.#shape = shape;
    this.#assets = assets;
    this.#overlay = overlay;
    this.#length = length;
    this.#volatility = new Volatility(shape, assets, random);
    this.#activity = new Activity(shape.activity, random);
    this.#jumps = new Jumps(shape.jumps, random);
    this.#shocks = new Shocks(shape, assets, random);
    this.#joins = assets.map(({ asset }) => new BlockStream(random.fork(asset).fork("jumps")));
    this.#keep = Math.exp(-length / shape.transient.memory);
    this.#inside = Math.sqrt(MINUTE / (MINUTE - (1 - OPENING) * length));
    this.#sides = assets.map(({ asset }) => new BlockStream(random.fork(asset).fork("sides")));
    this.#moved = new Float64Array(assets.length);
    this.#lasting = new Float64Array(assets.length);
    this.#prompt = Float64Array.from(assets, ({ prompt = 1 }) => prompt);
    this.#late = new Float64Array(assets.length);
    this.#side = new Int8Array(assets.length).fill(1);
    this.#transient = new Float64Array(assets.length);
    this.#move = new Float64Array(assets.length);
    this.#sigma = new Float64Array(assets.length);
  }

  /** Logs of the market's pace and of its activity beyond it. */
  get pace(): number {
    return this.#volatility.pace;
  }

  get activity(): number {
    return this.#activity.log;
  }

  /** Log return since the start. */
  moved(asset: number): number {
    return this.#moved[asset] as number;
  }

  /** Without the part of it that is given back. */
  lasting(asset: number): number {
    return this.#lasting[asset] as number;
  }

  /** 1 when the newest trade bought, -1 when it sold. */
  side(asset: number): number {
    return this.#side[asset] as number;
  }

  /** Log return of the newest step. */
  move(asset: number): number {
    return this.#move[asset] as number;
  }

  /** Deviation of a second's log return at this moment, scenarios included. */
  sigma(asset: number): number {
    return this.#sigma[asset] as number;
  }

  /** Puts a price elsewhere; nothing of the way there will be given back. */
  place(asset: number, moved: number): void {
    const by = moved - (this.#moved[asset] as number);
    this.#moved[asset] = moved;
    this.#lasting[asset] = (this.#lasting[asset] as number) + by;
  }

  beginBlock(block: number): void {
    this.#volatility.begin(block);
    this.#activity.begin(block);
    this.#jumps.begin(block);
    this.#shocks.begin(block);
    for (const stream of this.#joins) stream.begin(block);
    for (const stream of this.#sides) stream.begin(block);
  }

  beginSecond(second: number): void {
    this.#activity.advance(second);
    this.#volatility.advance(second, this.#shocked);
    this.#shocked = 0;
    this.#jump += this.#drawJump();
    this.#look();
  }

  /** Sets what was drawn before for this second: for a model that goes on. */
  goOn(second: number): void {
    this.#volatility.look(second);
    this.#look();
  }

  /** @param opens whether the step leads to the first moment of a minute */
  step(opens: boolean): void {
    const rate = this.#activity.rate(this.#volatility.pace);
    this.#shocks.draw({ length: this.#length, rate, eagerness: opens ? OPENING : 1 });
    this.#shocked += this.#shocks.market;
    const jump = opens ? 0 : this.#jump;
    if (!opens) this.#jump = 0;
    for (let i = 0; i < this.#move.length; i++) this.#moveOne(i, jump);
  }

  state(): MovingState {
    return {
      volatility: this.#volatility.state(),
      activity: this.#activity.state(),
      jumps: this.#jumps.excited,
      moved: [...this.#moved],
      lasting: [...this.#lasting],
      transient: [...this.#transient],
      late: [...this.#late],
      sides: [...this.#side],
      shocked: this.#shocked,
      jump: this.#jump,
    };
  }

  restore(state: MovingState): void {
    this.#volatility.restore(state.volatility);
    this.#activity.restore(state.activity);
    this.#jumps.restore(state.jumps);
    this.#moved.set(state.moved);
    this.#lasting.set(state.lasting);
    this.#transient.set(state.transient);
    this.#late.set(state.late);
    this.#side.set(state.sides);
    this.#shocked = state.shocked;
    this.#jump = state.jump;
  }

  #look(): void {
    const { active } = this.#overlay;
    for (let i = 0; i < this.#sigma.length; i++) {
      const { asset } = this.#assets[i] as MovingAsset;
      const factor = active ? this.#overlay.volatility(asset) : 1;
      this.#sigma[i] = factor * this.#volatility.sigma(i);
    }
  }

  #moveOne(i: number, jump: number): void {
    const sigma = this.#sigma[i] as number;
    const shock = sigma * this.#inside * this.#shockOf(i);
    const jumped = jump === 0 ? 0 : jump * sigma * ROOT_MINUTE * this.#shareOf(i);
    const { share } = this.#shape.transient;
    const lasting = (this.#lasting[i] as number) + (1 - share) * shock + jumped;
    const transient = this.#keep * (this.#transient[i] as number) + share * shock;
    const before = this.#moved[i] as number;
    this.#lasting[i] = lasting;
    this.#transient[i] = transient;
    // What is given back shows when something moves; a price that stands, stands.
    if (shock !== 0 || jumped !== 0) this.#moved[i] = lasting + transient;
    this.#move[i] = (this.#moved[i] as number) - before;
    const turns = (this.#sides[i] as BlockStream).next() < TURNING * this.#length;
    if (turns) this.#side[i] = -(this.#side[i] as number);
  }

  /** Its own part, and what it follows of the others' at once; the rest follows with its next own moves. */
  #shockOf(i: number): number {
    const loadings = this.#loadings(i);
    const prompt = this.#prompt[i] as number;
    const common = this.#shocks.common(loadings);
    const own = this.#shocks.own(i, loadings);
    const late = (this.#late[i] as number) + (1 - prompt) * common;
    const follows = own === 0 ? 0 : FOLLOWING * late;
    this.#late[i] = late - follows;
    return prompt * common + own + follows;
  }

  #drawJump(): number {
    const { common, pace } = this.#volatility;
    const size = this.#jumps.draw(Math.exp(common), Math.exp(pace - common), this.#jumpRate());
    if (size === 0) return 0;
    const { kicked, kick, kickMax, smallest } = this.#shape.jumps;
    const sizes = Math.min(KICK_SIZES_MAX, Math.abs(size) / smallest);
    this.#volatility.kick(kicked, kick * sizes, kickMax);
    return size;
  }

  /** The market jumps as often as the asset that jumps most. */
  #jumpRate(): number {
    if (!this.#overlay.active) return 1;
    return Math.max(...this.#assets.map(({ asset }) => this.#overlay.jumpRate(asset)), 0);
  }

  /** The asset's share in a jump of the market; 0 when it doesn't take part. */
  #shareOf(index: number): number {
    const { joining, shareMin, shareMax } = this.#shape.jumps;
    const stream = this.#joins[index] as BlockStream;
    const joins = stream.next() < joining;
    const share = shareMin + (shareMax - shareMin) * stream.next();
    return joins ? share : 0;
  }

  #loadings(index: number): Loadings {
    const usual = this.#assets[index] as MovingAsset;
    if (!this.#overlay.active) return usual;
    const market = this.#overlay.loading(usual.asset, usual.market);
    if (market === usual.market) return usual;
    const sector = Math.min(1, Math.abs(market / usual.market)) * usual.sector;
    const most = Math.sqrt(Math.max(0, 1 - market * market));
    return { market, sector: Math.min(sector, most) };
  }
}
