import {
  type Clock,
  type Duration,
  duration,
  type Instrument,
  type InstrumentId,
  type Ticks,
  type Timer,
} from "@tse/domain";
import { instrumentPrice, type PriceModel } from "@tse/market-model";
import type { ReferenceQuote } from "./agents.ts";

/** @param quote of the reference market, where the feed tells it */
export type PriceListener = (
  instrument: InstrumentId,
  price: Ticks,
  quote?: ReferenceQuote,
) => void;

/** A market-data feed: prices of instruments as they come. */
export interface PriceSource {
  /** Begins with the prices of this moment, before it returns. */
  start(instruments: readonly Instrument[], onPrice: PriceListener): void;
  stop(): void;
}

/** The feed of a world that makes its prices itself: each instrument's price at every grid point. */
export class ModelSource implements PriceSource {
  readonly #clock: Clock;
  readonly #model: PriceModel;
  readonly #interval: Duration;
  #timer: Timer | undefined;

  /** @param interval the model's own, so that each grid point is one price */
  constructor(parts: {
    readonly clock: Clock;
    readonly model: PriceModel;
    readonly interval: Duration;
  }) {
    this.#clock = parts.clock;
    this.#model = parts.model;
    this.#interval = parts.interval;
  }

  start(instruments: readonly Instrument[], onPrice: PriceListener): void {
    const now = this.#clock.now();
    this.#model.advanceTo(now);
    for (const instrument of instruments)
      onPrice(instrument.id, instrumentPrice(this.#model, instrument));

    const untilNext = duration(this.#interval - (now % this.#interval));
    this.#timer = this.#clock.after(untilNext, () => this.start(instruments, onPrice));
  }

  stop(): void {
    this.#timer?.cancel();
  }
}
