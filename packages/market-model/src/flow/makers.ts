import type { Random } from "@tse/domain";
import type { AgentOrders } from "./agent-orders.ts";
import type { FlowBook, Sign } from "./flow-book.ts";
import type { FlowParameters, MakerParameters } from "./flow-parameters.ts";
import type { FlowView } from "./flow-view.ts";
import { NumberedDraws } from "./numbered-draws.ts";
import { sizeOf } from "./taker-flow.ts";

/** Slots of one maker: bid and ask at the touch, then bid and ask of each ladder level. */
export function makerSlots({ levels, touchOrders }: MakerParameters): number {
  return 2 * (touchOrders + levels);
}

export interface MakerParts {
  readonly parameters: FlowParameters;
  readonly view: FlowView;
  readonly book: FlowBook;
  readonly orders: AgentOrders;
  /** Its first slot. */
  readonly firstSlot: number;
  readonly random: Random;
}

/** How strongly a maker's sizes at the touch say where it sees the fair price. */
const LEAN = 1;
export const LEAN_BP = 0.5;
/** Probability that a quote that stands right is left alone. */
const KEEP = 0.9;
const SKEW_AT_MOST = 2;

/**
 * A professional maker: one quote a side at the touch and a ladder behind it, pulled when the fair price
 * has passed them. It wakes at times of its own and sees the book as it is then.
 */
export class Maker {
  readonly #parameters: MakerParameters;
  readonly #staleBp: number;
  readonly #lotsPerUnit: number;
  readonly #view: FlowView;
  readonly #book: FlowBook;
  readonly #orders: AgentOrders;
  readonly #first: number;
  readonly #draws: NumberedDraws;
  readonly #ladderDraws: NumberedDraws;
  #wakes = 0;
  #renewals = 0;
  /** Lots bought less lots sold. */
  #inventory = 0;

  constructor({ parameters, view, book, orders, firstSlot, random }: MakerParts) {
    this.#parameters = parameters.makers;
    this.#staleBp = parameters.crowd.staleBp;
    this.#lotsPerUnit = 1 / parameters.lotSize;
    this.#view = view;
    this.#book = book;
    this.#orders = orders;
    this.#first = firstSlot;
    this.#draws = new NumberedDraws(random.fork("touch"));
    this.#ladderDraws = new NumberedDraws(random.fork("ladder"));
  }

  get inventory(): number {
    return this.#inventory;
  }

  /** One of its orders traded. */
  filled(slot: number, lots: number): void {
    this.#inventory += this.#orders.sign(slot) * lots;
  }

  /** Looks at everything: pulls what is stale, then sets its two quotes at the touch. */
  wake(): void {
    const wake = this.#wakes++;
    const fair = this.#sees(this.#draws.normal(wake, 0));
    const stale = this.#view.ticksOf(this.#staleBp);
    this.#pullStale(fair, stale);
    // The side that the price runs away from first, so that the other finds room.
    const first: Sign = fair * 2 >= this.#book.bid + this.#book.ask ? -1 : 1;
    this.#quote(wake, first, fair, stale);
    this.#quote(wake, -first as Sign, fair, stale);
  }

  /** Renews one level of the ladder on both sides. */
  renewLevel(): void {
    const renewal = this.#renewals++;
    const level = Math.floor(this.#ladderDraws.uniform(renewal, 0) * this.#parameters.levels);
    const fair = this.#sees(this.#ladderDraws.normal(renewal, 1));
    this.#renew(renewal, level, 1, fair);
    this.#renew(renewal, level, -1, fair);
  }

  #sees(noise: number): number {
    const { fairNoiseBp, inventory, skewBp } = this.#parameters;
    const load = this.#inventory / (inventory * this.#lotsPerUnit);
    const skew = Math.min(Math.max(load, -SKEW_AT_MOST), SKEW_AT_MOST) * skewBp;
    return this.#view.fair + this.#view.ticksOf(fairNoiseBp * noise - skew);
  }

  #pullStale(fair: number, stale: number): void {
    const orders = this.#orders;
    const end = this.#first + makerSlots(this.#parameters);
    for (let slot = this.#first; slot < end; slot++) {
      const price = orders.price(slot);
      if (price !== 0 && (price - fair) * orders.sign(slot) > stale) orders.cancel(slot);
    }
  }

  #quote(wake: number, sign: Sign, fair: number, stale: number): void {
    const price = this.#touchPrice(sign, fair, stale);
    const { touchOrders } = this.#parameters;
    const lean = Math.exp(LEAN * sign * this.#view.lean(this.#book.bid, this.#book.ask, LEAN_BP));
    const keep = KEEP * Math.min(1, this.#view.depth);
    for (let order = 0; order < touchOrders; order++) {
      const slot = this.#first + 2 * order + (sign > 0 ? 0 : 1);
      const draw = 1 + 4 * order + (sign > 0 ? 0 : 2);
      if (this.#orders.price(slot) === price && this.#draws.uniform(wake, draw) < keep) continue;
      this.#orders.cancel(slot);
      const size = sizeOf(this.#parameters.touchSize, this.#draws.normal(wake, draw + 1)) * lean;
      const lots = Math.round(size * this.#view.depth * this.#lotsPerUnit);
      this.#orders.place(slot, sign, price, lots);
    }
  }

  /** Joins the touch unless that is stale or far behind; never crosses. */
  #touchPrice(sign: Sign, fair: number, stale: number): number {
    const { bid, ask } = this.#book;
    const best = sign > 0 ? bid : ask;
    const other = sign > 0 ? ask : bid;
    const behind = (fair - best) * sign;
    const join = this.#view.ticksOf(this.#parameters.joinBp);
    let price = best;
    if (best === 0 || behind < -stale || behind > join) {
      const half = (this.#view.spread - 1) / 2;
      price = sign > 0 ? Math.floor(fair - half) : Math.ceil(fair + half);
    }
    if (other !== 0 && (other - price) * sign < 1) price = other - sign;
    return price;
  }

  #renew(renewal: number, level: number, sign: Sign, fair: number): void {
    const { firstBp, ratio, ladderSize, ladderGrowth } = this.#parameters;
    const orders = this.#orders;
    const { touchOrders } = this.#parameters;
    const slot = this.#first + 2 * (touchOrders + level) + (sign > 0 ? 0 : 1);
    const draw = sign > 0 ? 2 : 4;
    orders.cancel(slot);
    const spread = 0.75 + 0.5 * this.#ladderDraws.uniform(renewal, draw);
    const distance = this.#view.ticksOf(firstBp * ratio ** level * spread);
    let price = Math.round(fair - sign * distance);
    const other = sign > 0 ? this.#book.ask : this.#book.bid;
    if (other !== 0 && (other - price) * sign < 1) price = other - sign;
    const noise = this.#ladderDraws.normal(renewal, draw + 1);
    const size = sizeOf(ladderSize, noise) * Math.exp(ladderGrowth * level);
    orders.place(slot, sign, price, Math.round(size * this.#view.depth * this.#lotsPerUnit));
  }
}
