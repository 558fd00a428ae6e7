import { assert, type Duration, duration, type Timestamp } from "@tse/domain";
import { HaltGuard } from "./halt-guard.ts";
import { spreadOf, weightsOf, withoutOutliers } from "./quote-statistics.ts";
import type { ConsensusSource, SourceQuote } from "./source-quote.ts";

export interface ConsensusOptions {
  /** At least one. */
  readonly sources: readonly ConsensusSource[];
  /** What a price of the symbol can be. `lowest` is above 0. */
  readonly lowest: number;
  readonly highest: number;
  /** Move within a minute that halts the symbol, as a share: 0.2 is 20 %. */
  readonly haltThreshold: number;
  /** Age from which a quote is left out; 30 s when absent. */
  readonly staleAfter?: Duration;
  /** Time in which the published price goes half the way to a new one; 1 s when absent, 0 for all at once. */
  readonly halfLife?: Duration;
}

/** Why a quote wasn't taken. What the source said before still counts until it is stale. */
export type QuoteRefusal = "unknown_source" | "out_of_order" | "out_of_range";

export const DROP_REASONS = ["missing", "stale", "outlier"] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/** What happened between two evaluations, to be logged. */
export type ConsensusEvent =
  | { readonly kind: "source_dropped"; readonly source: string; readonly reason: DropReason }
  | { readonly kind: "source_used"; readonly source: string }
  /** Another source is the most trusted one in use. */
  | { readonly kind: "failover"; readonly from: string; readonly to: string }
  /** An alert. `price` is what the sources say, `last` what was published. */
  | { readonly kind: "halted"; readonly price: number; readonly last: number }
  | { readonly kind: "resumed"; readonly by: "agreement" | "operator" };

export interface ConsensusResult {
  /** `stale` without a usable source. */
  readonly state: "live" | "stale" | "halted";
  /** Newest published price: it stays while stale or halted. Absent before the first. */
  readonly price: number | undefined;
  /** 0 to 1; 0 without a usable source. */
  readonly confidence: number;
  /** By trust, the most trusted first; weights sum to 1. */
  readonly used: readonly { readonly source: string; readonly weight: number }[];
  readonly dropped: readonly { readonly source: string; readonly reason: DropReason }[];
  /** In order. */
  readonly events: readonly ConsensusEvent[];
}

const STALE_AFTER = duration(30_000_000);
const HALF_LIFE = duration(1_000_000);
/** Weighted deviation at which there is no agreement left: 50 basis points. */
const NO_AGREEMENT = 5e-3;

/**
 * One price of a symbol out of several sources:
 * ```
 * collect   the newest quote of each source, not out of order, inside [lowest, highest], not older than 30 s
 * outliers  dropped: see `withoutOutliers`
 * weigh     wᵢ ∝ volume share / priority: see `weightsOf`; p = Σ wᵢ·pᵢ
 * halt      see `HaltGuard`, on Σ wᵢ·pᵢ·exp(−exemptᵢ): as a quote has its exempt part with it, no delay parts them
 * smooth    published += (1 − 2^(−Δt / half-life)) · (p − published)
 * confide   0.4·used/configured + 0.4·(1 − min(1, Σ wᵢ·|pᵢ/p − 1| / 50 bp)) + 0.2·(1 − Σ wᵢ·ageᵢ / 30 s)
 * ```
 * A source that is lost, is wrong or comes back changes who is used and is told as an event; nothing
 * else is to be done. Deterministic: reads no clock and draws nothing.
 */
export class Consensus {
  readonly #sources: readonly ConsensusSource[];
  readonly #options: ConsensusOptions;
  readonly #staleAfter: Duration;
  readonly #halfLife: Duration;
  readonly #guard: HaltGuard;
  readonly #quotes = new Map<string, SourceQuote>();
  /** Why each source was left out at the last evaluation, none having said anything at first; not in it when used. */
  readonly #left: Map<string, DropReason>;
  #leader: string | undefined;
  #published: number | undefined;
  /** What was published before a source said anything. */
  #own: number | undefined;
  #evaluated: Timestamp | undefined;
  #resumedBy: "operator" | undefined;
  /** Whether the next price is published as it is, without a way there. */
  #isFirst = true;

  constructor(options: ConsensusOptions) {
    const { sources, lowest, highest, staleAfter = STALE_AFTER, halfLife = HALF_LIFE } = options;
    assert(sources.length > 0, "a consensus has a source");
    const names = new Set(sources.map(({ name }) => name));
    assert(names.size === sources.length, "no two sources have one name");
    assert(
      sources.every(({ priority }) => priority >= 1),
      "a priority is from 1",
    );
    assert(lowest > 0 && lowest <= highest, "a price has bounds above 0");
    assert(staleAfter > 0 && halfLife >= 0, "times are not below 0");
    this.#sources = [...sources].sort((a, b) => a.priority - b.priority);
    this.#left = new Map(this.#sources.map(({ name }) => [name, "missing"]));
    this.#options = options;
    this.#staleAfter = staleAfter;
    this.#halfLife = halfLife;
    this.#guard = new HaltGuard(options.haltThreshold);
  }

  get isHalted(): boolean {
    return this.#guard.isHalted;
  }

  /**
   * Takes the price that is published as long as no source has said anything: the first one of sources is reached
   * from there, and halts if it is too far off.
   *
   * @param exempt of this price, as of a quote
   */
  begin(price: number, now: Timestamp, exempt = 0): void {
    assert(this.#published === undefined, "no source has said anything");
    this.#own = price;
    this.#evaluated = now;
    this.#isFirst = false;
    this.#guard.begin(price * Math.exp(-exempt), now);
  }

  /** Takes what a source says. @returns why not, or `undefined` */
  offer(quote: SourceQuote): QuoteRefusal | undefined {
    if (!this.#sources.some(({ name }) => name === quote.source)) return "unknown_source";
    const last = this.#quotes.get(quote.source);
    if (last !== undefined && quote.at <= last.at) return "out_of_order";
    const { lowest, highest } = this.#options;
    if (!(quote.price >= lowest && quote.price <= highest)) return "out_of_range";
    this.#quotes.set(quote.source, quote);
    return undefined;
  }

  /** Ends a halt, by the operator's word: the next evaluation publishes what the sources say. */
  resume(): void {
    if (!this.#guard.isHalted) return;
    this.#guard.resume();
    this.#resumedBy = "operator";
    this.#isFirst = true;
  }

  /** The price of a moment, not before the one of the last call. */
  evaluate(now: Timestamp): ConsensusResult {
    const fresh = this.#fresh(now);
    const used = withoutOutliers(fresh);
    const events = this.#compare(fresh, used);
    if (this.#resumedBy !== undefined) events.push({ kind: "resumed", by: this.#resumedBy });
    this.#resumedBy = undefined;

    const weights = weightsOf(used, used.map(this.#priorityOf));
    const price = meanPrice(used, weights, ({ price }) => price);
    if (this.#guard.isHalted) this.#calm(fresh, now, events);
    if (used.length > 0 && !this.#guard.isHalted) {
      const judged = meanPrice(used, weights, unexempt);
      if (this.#guard.trips(judged, now)) events.push(this.#hold(price));
      else this.#publish(price, now);
    }
    this.#evaluated = now;
    return {
      state: this.#guard.isHalted ? "halted" : used.length === 0 ? "stale" : "live",
      price: this.#published,
      confidence: used.length === 0 ? 0 : this.#confidence(used, weights, price, now),
      used: used.map(({ source }, i) => ({ source, weight: weights[i] as number })),
      dropped: [...this.#left].map(([source, reason]) => ({ source, reason })),
      events,
    };
  }

  readonly #priorityOf = ({ source }: SourceQuote): number =>
    this.#sources.find(({ name }) => name === source)?.priority ?? 1;

  /** By trust. */
  #fresh(now: Timestamp): readonly SourceQuote[] {
    return this.#sources.flatMap(({ name }) => {
      const quote = this.#quotes.get(name);
      return quote === undefined || now - quote.at > this.#staleAfter ? [] : [quote];
    });
  }

  /** Remembers who is used and why others aren't. @returns what that changed */
  #compare(fresh: readonly SourceQuote[], used: readonly SourceQuote[]): ConsensusEvent[] {
    const events: ConsensusEvent[] = [];
    for (const { name: source } of this.#sources) {
      const before = this.#left.get(source);
      const reason = this.#reasonToDrop(source, fresh, used);
      if (reason === before) continue;
      if (reason === undefined) {
        this.#left.delete(source);
        events.push({ kind: "source_used", source });
      } else {
        this.#left.set(source, reason);
        events.push({ kind: "source_dropped", source, reason });
      }
    }
    const from = this.#leader;
    const to = used[0]?.source ?? from;
    if (from !== undefined && to !== undefined && from !== to) {
      events.push({ kind: "failover", from, to });
    }
    this.#leader = to;
    return events;
  }

  #reasonToDrop(
    name: string,
    fresh: readonly SourceQuote[],
    used: readonly SourceQuote[],
  ): DropReason | undefined {
    if (used.some(({ source }) => source === name)) return undefined;
    if (fresh.some(({ source }) => source === name)) return "outlier";
    return this.#quotes.has(name) ? "stale" : "missing";
  }

  #calm(fresh: readonly SourceQuote[], now: Timestamp, events: ConsensusEvent[]): void {
    // One source alone agrees with nobody, unless there is no other.
    const enough = fresh.length >= Math.min(2, this.#sources.length);
    if (!this.#guard.calms(enough ? spreadOf(fresh) : undefined, now)) return;
    this.#isFirst = true;
    events.push({ kind: "resumed", by: "agreement" });
  }

  /** Leaves what was published as it is, and tells so. */
  #hold(price: number): ConsensusEvent {
    this.#published ??= this.#own ?? price;
    return { kind: "halted", price, last: this.#published };
  }

  #publish(price: number, now: Timestamp): void {
    const passed = now - (this.#evaluated ?? now);
    const isAtOnce = this.#isFirst || this.#halfLife === 0;
    const share = isAtOnce ? 1 : 1 - 2 ** (-passed / this.#halfLife);
    const last = this.#published ?? this.#own ?? price;
    this.#published = share === 1 ? price : last + share * (price - last);
    this.#isFirst = false;
  }

  #confidence(
    used: readonly SourceQuote[],
    weights: readonly number[],
    price: number,
    now: Timestamp,
  ): number {
    const weighted = (of: (quote: SourceQuote) => number) =>
      used.reduce((sum, quote, i) => sum + (weights[i] as number) * of(quote), 0);
    const deviation = weighted((quote) => Math.abs(quote.price / price - 1));
    // A source whose clock is ahead is as fresh as can be.
    const age = weighted((quote) => Math.max(0, now - quote.at));
    const coverage = used.length / this.#sources.length;
    const agreement = 1 - Math.min(1, deviation / NO_AGREEMENT);
    return 0.4 * coverage + 0.4 * agreement + 0.2 * (1 - Math.min(1, age / this.#staleAfter));
  }
}

/** Weighted mean; exact when all say the same. NaN of nothing. */
function meanPrice(
  quotes: readonly SourceQuote[],
  weights: readonly number[],
  priceOf: (quote: SourceQuote) => number,
): number {
  const first = quotes[0] === undefined ? Number.NaN : priceOf(quotes[0]);
  return quotes.reduce(
    (mean, quote, i) => mean + (priceOf(quote) - first) * (weights[i] as number),
    first,
  );
}

const unexempt = ({ price, exempt = 0 }: SourceQuote): number => price * Math.exp(-exempt);
