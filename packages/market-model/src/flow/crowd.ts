import type { Random } from "@tse/domain";
import type { AgentOrders } from "./agent-orders.ts";
import type { FlowBook, Sign } from "./flow-book.ts";
import type { CrowdParameters, FlowParameters } from "./flow-parameters.ts";
import type { FlowView } from "./flow-view.ts";
import { LEAN_BP } from "./makers.ts";
import { NumberedDraws } from "./numbered-draws.ts";
import { sizeOf } from "./taker-flow.ts";

/** Slots of pennies and joiners, before those of background orders. */
const TOUCH_SLOTS = 320;
/** Orders that follow a penny, at most. */
const FOLLOWERS = 16;
/** Slots that one look checks for orphans. */
const CHECKED = 20;

export function crowdSlots({ backgroundMost }: CrowdParameters): number {
  return TOUCH_SLOTS + backgroundMost;
}

export interface CrowdParts {
  readonly parameters: FlowParameters;
  readonly view: FlowView;
  readonly book: FlowBook;
  readonly orders: AgentOrders;
  readonly firstSlot: number;
  readonly random: Random;
  /** Trades at once, at `worst` or better. */
  readonly take: (sign: Sign, worst: number, lots: number) => void;
  /** Tells when a slot's order shall end. */
  readonly expire: (timeUs: number, slot: number) => void;
}

/**
 * Everybody who rests orders and is no maker: those who jump ahead by a tick where the spread is open,
 * small orders that join the touch, background orders all over the book, and those who see that an order
 * stands on the wrong side of the fair price: its owner pulls it, or somebody snipes it.
 */
export class Crowd {
  readonly #parameters: CrowdParameters;
  readonly #lotsPerUnit: number;
  readonly #parts: CrowdParts;
  readonly #reflexDraws: NumberedDraws;
  readonly #joinerDraws: NumberedDraws;
  readonly #backgroundDraws: NumberedDraws;
  /** By slot from `firstSlot`: when its order ends. */
  readonly #ends: Float64Array;
  #reflexes = 0;
  #joiners = 0;
  #backgrounds = 0;
  #touchSlot = 0;

  constructor(parts: CrowdParts) {
    const { parameters, random } = parts;
    this.#parts = parts;
    this.#parameters = parameters.crowd;
    this.#lotsPerUnit = 1 / parameters.lotSize;
    this.#reflexDraws = new NumberedDraws(random.fork("reflexes"));
    this.#joinerDraws = new NumberedDraws(random.fork("joiners"));
    this.#backgroundDraws = new NumberedDraws(random.fork("background"));
    this.#ends = new Float64Array(crowdSlots(this.#parameters));
  }

  /** A look at the touch: one thing is done about it at most. */
  reflex(): void {
    const look = this.#reflexes++;
    this.#checkOrphans(look);
    const { bid, ask } = this.#parts.book;
    const { fair } = this.#parts.view;
    const stale = this.#parts.view.ticksOf(this.#parameters.staleBp);
    if (bid !== 0 && bid > fair + stale) this.#raceFor(look, 1, fair + stale);
    else if (ask !== 0 && ask < fair - stale) this.#raceFor(look, -1, fair - stale);
    else if (ask - bid > Math.max(1, Math.round(this.#parts.view.spread)) && bid !== 0) {
      this.#refill(look, bid, ask, fair);
    }
  }

  /** The best stale order of `sign` is pulled by its owner, or sniped whosever it is. */
  #raceFor(look: number, sign: Sign, bound: number): void {
    const { snipe, pull } = this.#parameters;
    const dice = this.#reflexDraws.uniform(look, 0);
    if (dice < snipe) {
      const { bid, ask, bidLots, askLots } = this.#parts.book;
      const there = sign > 0 ? bidLots : askLots;
      const share = this.#reflexDraws.uniform(look, 1) ** 2;
      const lots = Math.max(1, Math.ceil(there * share));
      this.#parts.take(-sign as Sign, sign > 0 ? bid : ask, lots);
    } else if (dice < snipe + pull) {
      const from = this.#parts.firstSlot;
      const to = from + crowdSlots(this.#parameters);
      for (;;) {
        const slot = this.#parts.orders.bestBeyond(sign, bound, from, to);
        if (slot < 0) return;
        this.#parts.orders.cancel(slot);
      }
    }
  }

  /** Fills an open spread from the side of the fair price: a penny, and small ones behind it. */
  #refill(look: number, bid: number, ask: number, fair: number): void {
    const draws = this.#reflexDraws;
    if (draws.uniform(look, 2) >= this.#parameters.refill * Math.min(1, this.#parts.view.depth)) {
      return;
    }
    const sign: Sign = 2 * fair > bid + ask ? 1 : -1;
    const gap = Math.max(1, Math.round(this.#parts.view.spread));
    const price = sign > 0 ? ask - gap : bid + gap;
    const followers = Math.floor(draws.uniform(look, 4) * FOLLOWERS) + 1;
    for (let follower = 0; follower < followers; follower++) {
      const noise = draws.normal(look, 5 + follower);
      this.#atTouch(sign, price, sizeOf(this.#parameters.joinerSize, noise));
    }
    this.#atTouch(sign, price, sizeOf(this.#parameters.pennySize, draws.normal(look, 3)));
  }

  /** Puts an order into the next slot of the touch: the oldest there makes room. */
  #atTouch(sign: Sign, price: number, size: number): number {
    const place = this.#touchSlot;
    this.#touchSlot = (place + 1) % TOUCH_SLOTS;
    this.#put(place, sign, price, size);
    return place;
  }

  #put(place: number, sign: Sign, price: number, size: number): void {
    const { orders, view, firstSlot } = this.#parts;
    const slot = firstSlot + place;
    orders.cancel(slot);
    orders.place(slot, sign, price, Math.round(size * view.depth * this.#lotsPerUnit));
    this.#ends[place] = Number.POSITIVE_INFINITY;
  }

  /** A few slots in turn: who is no longer at the touch goes. */
  #checkOrphans(look: number): void {
    const { orders, book, firstSlot } = this.#parts;
    const start = (look * CHECKED) % TOUCH_SLOTS;
    for (let place = start; place < start + CHECKED; place++) {
      const price = orders.price(firstSlot + place);
      if (price === 0 || price === book.bid || price === book.ask) continue;
      const dice = this.#reflexDraws.uniform(look, 32 + place - start);
      if (dice < this.#parameters.orphan) orders.cancel(firstSlot + place);
    }
  }

  /** A small order joins the touch of one side, unless that is stale. */
  join(): void {
    const number = this.#joiners++;
    const draws = this.#joinerDraws;
    const { view, book } = this.#parts;
    const lean = view.lean(book.bid, book.ask, LEAN_BP);
    const sign: Sign = draws.uniform(number, 0) < 0.5 + 0.4 * lean ? 1 : -1;
    const size = sizeOf(this.#parameters.joinerSize, draws.normal(number, 1));
    const life = draws.exponential(number, 2) * this.#parameters.joinerSeconds;
    const price = sign > 0 ? book.bid : book.ask;
    const beyond = (price - view.fair) * sign;
    if (price === 0 || beyond > view.ticksOf(this.#parameters.staleBp)) return;
    const place = this.#atTouch(sign, price, size);
    this.#ends[place] = view.nowUs + Math.ceil(life * 1e6);
  }

  /** A background order somewhere in the book. It ends on its own: later the further away it is. */
  scatter(): void {
    const number = this.#backgrounds++;
    const p = this.#parameters;
    const draws = this.#backgroundDraws;
    const { view, book } = this.#parts;
    const sign: Sign = draws.uniform(number, 0) < 0.5 ? 1 : -1;
    const pareto = draws.uniform(number, 1) ** (-1 / p.backgroundTail);
    const distance = p.backgroundBp * (pareto - 1) * (1 + 2 * draws.uniform(number, 2));
    const life = draws.exponential(number, 3) * p.backgroundSeconds * (1 + distance);
    const place = TOUCH_SLOTS + (number % p.backgroundMost);
    const end = view.nowUs + Math.ceil(Math.min(life, 3600) * 1e6);
    this.#parts.expire(end, place);

    let price = Math.round(view.fair - sign * view.ticksOf(distance));
    const other = sign > 0 ? book.ask : book.bid;
    if (other !== 0 && (other - price) * sign < 1) price = other - sign;
    this.#put(place, sign, price, sizeOf(p.backgroundSize, draws.normal(number, 4)));
    this.#ends[place] = end;
  }

  /** The time that was told for a slot has come; its order may be another by now. */
  end(place: number): void {
    if (this.#ends[place] !== this.#parts.view.nowUs) return;
    this.#parts.orders.cancel(this.#parts.firstSlot + place);
  }

  /** Joiners whose time is over. */
  endJoiners(): void {
    const { orders, firstSlot, view } = this.#parts;
    for (let place = 0; place < TOUCH_SLOTS; place++) {
      if ((this.#ends[place] as number) <= view.nowUs) orders.cancel(firstSlot + place);
    }
  }
}
