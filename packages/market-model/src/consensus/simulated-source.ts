import { assert, type Duration, duration, type Random, type Timestamp } from "@tse/domain";
import type { ConsensusSource, SourceQuote } from "./source-quote.ts";

/** How a simulated source sees the market. */
export interface SimulatedSourceShape extends ConsensusSource {
  /** Time between two looks, above 0: at the multiples of it since 1970. */
  readonly interval: Duration;
  /** Standard deviation of its error, as a share of the price. */
  readonly noise: number;
  /** A quote arrives so long after the look, and up to `jitter` later. */
  readonly delay: Duration;
  readonly jitter: Duration;
  /** Chance that a quote never arrives, 0 to 1. */
  readonly loss: number;
  /** Its part of what is traded, 0 to 1. */
  readonly volumeShare: number;
}

/** What a fault adds to how a source is. */
export interface SourceDisturbance {
  /** Chance that a quote is lost besides, 0 to 1. */
  readonly loss?: number;
  readonly delay?: Duration;
  /** Times the price that it says: a source that is wrong. */
  readonly factor?: number;
}

/**
 * The sources of a world without a way out: an aggregator that is asked 50 times a minute, another that
 * streams, and a venue that streams fast. Priorities are given; noise, delays, losses and shares are
 * assumptions.
 */
export const SIMULATED_SOURCES: readonly SimulatedSourceShape[] = [
  {
    name: "coingecko",
    priority: 1,
    interval: duration(1_200_000),
    noise: 2e-4,
    delay: duration(300_000),
    jitter: duration(200_000),
    loss: 0.01,
    volumeShare: 0.5,
  },
  {
    name: "coinmarketcap",
    priority: 2,
    interval: duration(1_000_000),
    noise: 1.5e-4,
    delay: duration(120_000),
    jitter: duration(60_000),
    loss: 0.005,
    volumeShare: 0.2,
  },
  {
    name: "binance",
    priority: 3,
    interval: duration(200_000),
    noise: 5e-5,
    delay: duration(40_000),
    jitter: duration(20_000),
    loss: 0.002,
    volumeShare: 0.3,
  },
];

/**
 * One source's noisy, late and lossy view of one symbol. Draws three numbers a look from its own stream,
 * lost or not, so that no fault moves a later draw. A quote may overtake another.
 */
export class SimulatedSource {
  readonly shape: SimulatedSourceShape;
  readonly #random: Random;
  /** In order of arrival. */
  readonly #underWay: { readonly due: number; readonly quote: SourceQuote }[] = [];
  #looks: number | undefined;
  #disturbance: SourceDisturbance = {};
  #latency = 0;

  constructor(shape: SimulatedSourceShape, random: Random) {
    assert(shape.interval > 0, "looks are some time apart");
    assert(shape.delay >= 0 && shape.jitter >= 0, "nothing arrives before it was sent");
    this.shape = shape;
    this.#random = random;
  }

  /** Between the look and the arrival of the newest quote that was taken; 0 before the first. */
  get latency(): Duration {
    return duration(this.#latency);
  }

  /** Replaces the disturbance so far; nothing at all ends it. What is under way isn't touched. */
  disturb(disturbance: SourceDisturbance = {}): void {
    this.#disturbance = disturbance;
  }

  /**
   * What the market is like at a moment: the source looks if it is time to. Moments increase.
   *
   * @param exempt see `SourceQuote`
   */
  observe(time: Timestamp, price: number, volume: number, exempt = 0): void {
    const { interval, delay, jitter, loss, noise, volumeShare, name } = this.shape;
    const looks = Math.floor(time / interval);
    if (this.#looks !== undefined && looks <= this.#looks) return;
    this.#looks = looks;

    const error = this.#random.normal();
    const luck = this.#random.next();
    const late = this.#random.next();
    const more = this.#disturbance;
    const kept = (1 - loss) * (1 - (more.loss ?? 0));
    if (luck >= kept) return;
    const due = time + delay + (more.delay ?? 0) + Math.round(jitter * late);
    const said = price * Math.exp(noise * error) * (more.factor ?? 1);
    const quote = { source: name, price: said, volume: volume * volumeShare, at: time, exempt };
    const behind = this.#underWay.findIndex((other) => other.due > due);
    this.#underWay.splice(behind < 0 ? this.#underWay.length : behind, 0, { due, quote });
  }

  /** Quotes that arrived by `time` and weren't taken yet, in order of arrival. */
  take(time: Timestamp): readonly SourceQuote[] {
    const waiting = this.#underWay.findIndex(({ due }) => due > time);
    const count = waiting < 0 ? this.#underWay.length : waiting;
    const arrived = this.#underWay.splice(0, count);
    const newest = arrived.at(-1);
    if (newest !== undefined) this.#latency = newest.due - newest.quote.at;
    return arrived.map(({ quote }) => quote);
  }
}
