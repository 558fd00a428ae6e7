import type { Random } from "@tse/domain";
import { Agenda, KIND } from "./agenda.ts";
import { AgentOrders } from "./agent-orders.ts";
import { Crowd, crowdSlots } from "./crowd.ts";
import { FairPath } from "./fair-path.ts";
import type { FillReceiver, FlowBook, Sign } from "./flow-book.ts";
import type { FlowConditions } from "./flow-conditions.ts";
import type { FlowParameters } from "./flow-parameters.ts";
import { FlowView } from "./flow-view.ts";
import { Impact } from "./impact.ts";
import { Maker, makerSlots } from "./makers.ts";
import { NumberedDraws } from "./numbered-draws.ts";
import { Positions, TrendFollowers } from "./stress.ts";
import { TakerFlow } from "./taker-flow.ts";

/** Impact fades at least this often in the eyes of the makers, in microseconds. */
const FADES_EVERY = 10_000;
const LEAST_ACTIVITY = 1e-3;
/** A piece of news brings no more takers than one of this size, in usual ones. */
const LARGEST_NEWS = 8;

export interface FlowAgentsOptions {
  readonly parameters: FlowParameters;
  readonly conditions: FlowConditions;
  readonly book: FlowBook;
  /** A stream of this market's own. */
  readonly random: Random;
  /** Microseconds. The first quotes come a microsecond later. */
  readonly startUs: number;
  /** Grid on which `conditions` are asked. */
  readonly stepUs: number;
}

/** Slots that the agents of a market need in their book. */
export function flowSlots({ makers, crowd }: FlowParameters): number {
  return makers.latenciesMs.length * makerSlots(makers) + crowdSlots(crowd);
}

/**
 * Everybody who trades one instrument, on a world's time: makers, takers, the crowd, and, if wanted,
 * positions that are liquidated and followers of trends. They trade through a `FlowBook` and see the
 * price layer through `FlowConditions`; the fair price that they trade around is that of the price layer
 * plus the impact of all market orders, others' included.
 *
 * Every agent acts at times, and draws numbers, that depend on the seed and the price layer only. What
 * others do in the market changes what becomes of an act, never the acts or draws to come.
 */
export class FlowAgents implements FillReceiver {
  readonly #parameters: FlowParameters;
  readonly #conditions: FlowConditions;
  readonly #stepUs: number;
  readonly #book: FlowBook;
  readonly #agenda: Agenda;
  readonly #view: FlowView;
  readonly #orders: AgentOrders;
  readonly #path: FairPath;
  readonly #impact: Impact;
  readonly #takers: TakerFlow;
  readonly #makers: readonly Maker[];
  readonly #crowd: Crowd;
  readonly #positions: Positions;
  readonly #followers: TrendFollowers;
  readonly #news: NumberedDraws;
  readonly #delays: NumberedDraws;
  #newsHeard = 0;
  #arrivals = 0;
  #fadedUs = 0;

  constructor(options: FlowAgentsOptions) {
    const { parameters, conditions, book, random, startUs, stepUs } = options;
    this.#parameters = parameters;
    this.#conditions = conditions;
    this.#stepUs = stepUs;
    this.#book = book;
    const view = new FlowView(parameters.yearVolatility);
    this.#view = view;
    view.nowUs = startUs;
    this.#agenda = new Agenda(random.fork("agenda"));
    this.#orders = new AgentOrders(flowSlots(parameters), book);
    this.#impact = new Impact(parameters.impact, 1 / parameters.lotSize, startUs);
    this.#takers = new TakerFlow(parameters.takers, random.fork("takers"));
    this.#news = new NumberedDraws(random.fork("news"));
    this.#delays = new NumberedDraws(random.fork("delays"));
    this.#makers = this.#hireMakers(random);
    this.#crowd = new Crowd({
      parameters,
      view,
      book,
      orders: this.#orders,
      firstSlot: this.#makers.length * makerSlots(parameters.makers),
      random: random.fork("crowd"),
      take: this.#take,
      expire: (timeUs, place) => this.#agenda.add(timeUs, KIND.end, place),
    });
    this.#positions = new Positions(parameters, view, random.fork("positions"), this.#take);
    this.#followers = new TrendFollowers(parameters, view, random.fork("trends"), this.#take);
    conditions.advanceTo(startUs);
    view.read(conditions);
    this.#path = new FairPath(Math.log(conditions.fair()), startUs);
    this.#look();
    this.#begin(startUs);
  }

  /** Fair price in ticks, not rounded, impact included. */
  get fair(): number {
    return this.#view.fair;
  }

  /** Log return by which past market orders displace the price now. */
  get impact(): number {
    return this.#impact.value;
  }

  /** Live orders of all agents. */
  get liveOrders(): number {
    return this.#orders.live;
  }

  /** Lots that each maker bought less those that it sold. */
  get inventories(): readonly number[] {
    return this.#makers.map((maker) => maker.inventory);
  }

  /** What has happened so far, and a digest of its times: the same whatever others do in the market. */
  get acts(): { readonly count: number; readonly digest: number } {
    return { count: this.#agenda.events, digest: this.#agenda.digest };
  }

  /** All makers quote all of their levels now: for a market that has to have a book from its first moment. */
  quote(): void {
    for (const maker of this.#makers) {
      maker.wake();
      for (let level = 0; level < this.#parameters.makers.levels; level++) maker.renewLevel();
    }
  }

  /** When the next of them acts; microseconds. */
  get nextUs(): number {
    return this.#agenda.nextTime;
  }

  /** Lets the agents act up to and including `timeUs`. The same in one step or in many. */
  advanceTo(timeUs: number): void {
    const agenda = this.#agenda;
    while (agenda.nextTime <= timeUs) {
      this.#view.nowUs = agenda.nextTime;
      this.#act(agenda.detail);
    }
    this.#view.nowUs = timeUs;
  }

  /** Time up to which the agents have acted, or of the act that is under way; microseconds. */
  get nowUs(): number {
    return this.#view.nowUs;
  }

  /** Somebody else's order traded on arrival: it moves the price as the agents' own do. */
  tookOutside(sign: Sign, lots: number): void {
    this.#impact.addOutside(this.#view.nowUs, sign * lots);
    this.#look();
  }

  filled(slot: number, lots: number, open: number): void {
    this.#orders.filled(slot, open);
    const maker = this.#makers[Math.floor(slot / makerSlots(this.#parameters.makers))];
    maker?.filled(slot, lots);
  }

  #hireMakers(random: Random): readonly Maker[] {
    const parameters = this.#parameters;
    return parameters.makers.latenciesMs.map(
      (_, index) =>
        new Maker({
          parameters,
          view: this.#view,
          book: this.#book,
          orders: this.#orders,
          firstSlot: index * makerSlots(parameters.makers),
          random: random.fork(`maker ${index}`),
        }),
    );
  }

  #begin(startUs: number): void {
    const agenda = this.#agenda;
    const { positions, trendPerSecond } = this.#parameters.stress;
    const first = startUs + 1;
    agenda.add(startUs + this.#stepUs, KIND.step, 0);
    for (const maker of this.#makers.keys()) {
      agenda.add(first, KIND.makerLooks, maker);
      agenda.add(first, KIND.makerRenews, maker);
    }
    for (const kind of [KIND.news, KIND.immigrant, KIND.reflex, KIND.join, KIND.scatter]) {
      agenda.add(first, kind, 0);
    }
    if (positions > 0) agenda.add(first, KIND.position, 0);
    if (trendPerSecond > 0) agenda.add(first, KIND.trend, 0);
  }

  /** Does what is due. What comes next is set down first: it depends on nothing that trades. */
  #act(detail: number): void {
    const agenda = this.#agenda;
    const { takers, makers, crowd, stress } = this.#parameters;
    switch (agenda.kind) {
      case KIND.step:
        agenda.repeatAt(this.#view.nowUs + this.#stepUs);
        this.#step();
        break;
      case KIND.news:
        agenda.ringAgain(this.#newsPerSecond());
        this.#hearNews();
        break;
      case KIND.immigrant:
        agenda.ringAgain(takers.immigrantsPerSecond * this.#activity());
        this.#arrive();
        break;
      case KIND.arrival:
        agenda.finish();
        this.#arrive();
        break;
      case KIND.makerLooks:
        agenda.ringAgain(makers.touchPerSecond);
        this.#fade();
        this.#maker(detail).wake();
        break;
      case KIND.makerRenews:
        agenda.ringAgain(makers.ladderPerSecond);
        this.#maker(detail).renewLevel();
        break;
      case KIND.makerReacts:
        agenda.finish();
        this.#maker(detail).wake();
        break;
      case KIND.reflex:
        agenda.ringAgain(crowd.reflexesPerSecond);
        this.#crowd.reflex();
        break;
      case KIND.join:
        agenda.ringAgain(crowd.joinersPerSecond);
        this.#crowd.join();
        break;
      case KIND.scatter:
        agenda.ringAgain(crowd.backgroundPerSecond);
        this.#crowd.scatter();
        break;
      case KIND.end:
        agenda.finish();
        this.#crowd.end(detail);
        break;
      case KIND.position:
        agenda.ringAgain(stress.positionsPerSecond);
        this.#positions.open();
        break;
      case KIND.trend:
        agenda.ringAgain(stress.trendPerSecond);
        this.#followers.look();
        break;
    }
  }

  #maker(index: number): Maker {
    return this.#makers[index] as Maker;
  }

  #activity(): number {
    return Math.max(LEAST_ACTIVITY, this.#view.activity);
  }

  /** News is more frequent, and not only larger, in a busy market. */
  #newsPerSecond(): number {
    return this.#parameters.newsPerSecond * Math.sqrt(this.#activity());
  }

  #step(): void {
    const { nowUs } = this.#view;
    this.#conditions.advanceTo(nowUs);
    this.#view.read(this.#conditions);
    const { volatility } = this.#view;
    this.#path.headFor(Math.log(this.#conditions.fair()), nowUs + this.#stepUs, volatility);
    this.#fade();
    this.#crowd.endJoiners();
    this.#positions.check();
  }

  /** The fair price moves; takers come with it, and the makers notice, each after its latency. */
  #hearNews(): void {
    const number = this.#newsHeard++;
    const before = this.#path.value;
    this.#path.moveTo(this.#view.nowUs, this.#news.normal(number, 0));
    this.#look();

    const perSecond = this.#newsPerSecond();
    const usual = this.#view.volatility / Math.sqrt(perSecond);
    const size = usual > 0 ? Math.abs(this.#path.value - before) / usual : 0;
    const { newsArrivals } = this.#parameters.takers;
    const busy = (this.#activity() * this.#parameters.newsPerSecond) / perSecond;
    this.#takers.followers(number, newsArrivals * busy * Math.min(size, LARGEST_NEWS), this.#come);
    this.#alert(number);
  }

  #alert(news: number): void {
    const { latenciesMs } = this.#parameters.makers;
    for (let maker = 0; maker < latenciesMs.length; maker++) {
      const spread = 0.7 + 0.6 * this.#delays.uniform(news, maker);
      const delayUs = Math.ceil((latenciesMs[maker] as number) * 1000 * spread);
      this.#agenda.add(this.#view.nowUs + delayUs, KIND.makerReacts, maker);
    }
  }

  readonly #come = (delayUs: number): void => {
    this.#agenda.add(this.#view.nowUs + delayUs, KIND.arrival, 0);
  };

  /** A taker comes, and others in its wake. */
  #arrive(): void {
    const number = this.#arrivals++;
    this.#takers.children(number, this.#come);
    const sign = this.#takers.nextSign(number);
    const units = this.#takers.size(number);
    const gap = this.#gap();
    const { informedBeyondBp, informedBoost } = this.#parameters.takers;
    const isFar = Math.abs(gap) > this.#view.ticksOf(informedBeyondBp);
    if (isFar && this.#takers.isInformed(number)) {
      const towards: Sign = gap > 0 ? 1 : -1;
      this.#wish(number, towards, units * informedBoost, this.#within(towards));
    } else {
      this.#wish(number, sign, units, 0);
    }
  }

  /** Ticks from the middle of the touch to the fair price; 0 when a side is empty. */
  #gap(): number {
    const { bid, ask } = this.#book;
    return bid === 0 || ask === 0 ? 0 : this.#view.fair - (bid + ask) / 2;
  }

  /** The worst price that somebody takes who knows the fair one: that, or the touch. */
  #within(sign: Sign): number {
    const { bid, ask } = this.#book;
    const { fair } = this.#view;
    return Math.round(sign > 0 ? Math.max(fair, ask) : Math.min(fair, bid));
  }

  #wish(number: number, sign: Sign, units: number, worst: number): void {
    const there = sign > 0 ? this.#book.askLots : this.#book.bidLots;
    if (there === 0) return;
    const lots = Math.max(1, Math.round(units / this.#parameters.lotSize));
    this.#take(sign, worst, this.#takers.isClipped(number) ? Math.min(lots, there) : lots);
  }

  readonly #take = (sign: Sign, worst: number, lots: number): void => {
    const traded = this.#book.take(sign, worst, lots);
    this.#impact.addOwn(this.#view.nowUs, sign * traded);
    this.#look();
  };

  #fade(): void {
    const { nowUs } = this.#view;
    if (nowUs - this.#fadedUs < FADES_EVERY) return;
    this.#fadedUs = nowUs;
    this.#impact.decayTo(nowUs);
    this.#look();
  }

  #look(): void {
    const impact = this.#impact.value;
    this.#view.fair = Math.exp(this.#path.value + impact);
    this.#view.leading = Math.exp(this.#path.target + impact);
  }
}
