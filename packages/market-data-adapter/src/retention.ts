import { type Clock, type Duration, duration, type Timestamp, timestamp } from "@tse/domain";
import type { CandleInterval } from "./candles/candle.ts";
import type { MarketDataRepositories } from "./market-data-repositories.ts";

const HOUR = 3_600_000_000;

/** How long rows are kept. What isn't named is kept for ever. */
export interface RetentionPeriods {
  readonly priceFeeds: Duration;
  readonly orderBooks: Duration;
  readonly marketSnapshots: Duration;
  readonly candles: { readonly [Interval in CandleInterval]?: Duration };
}

export const DEFAULT_RETENTION: RetentionPeriods = {
  priceFeeds: duration(24 * HOUR),
  orderBooks: duration(HOUR),
  marketSnapshots: duration(7 * 24 * HOUR),
  candles: { "1m": duration(30 * 24 * HOUR) },
};

/** How many rows were deleted. */
export interface RetentionResult {
  readonly priceFeeds: number;
  readonly orderBooks: number;
  readonly marketSnapshots: number;
  readonly candles: number;
}

export interface RetentionParts {
  readonly repositories: MarketDataRepositories;
  readonly clock: Pick<Clock, "now">;
  readonly periods: RetentionPeriods;
}

/** Deletes what nobody needs any more. */
export class Retention {
  readonly periods: RetentionPeriods;
  readonly #repositories: MarketDataRepositories;
  readonly #clock: Pick<Clock, "now">;

  constructor({ repositories, clock, periods }: RetentionParts) {
    this.#repositories = repositories;
    this.#clock = clock;
    this.periods = periods;
  }

  /** Deletes all that is older than its period, in chunks; a row of exactly that age is kept. */
  async apply(): Promise<RetentionResult> {
    const now = this.#clock.now();
    const { priceFeedRepository, orderBookRepository, marketSnapshotRepository } =
      this.#repositories;
    return {
      priceFeeds: await priceFeedRepository.deleteOlderThan(before(now, this.periods.priceFeeds)),
      orderBooks: await orderBookRepository.deleteOlderThan(before(now, this.periods.orderBooks)),
      marketSnapshots: await marketSnapshotRepository.deleteOlderThan(
        before(now, this.periods.marketSnapshots),
      ),
      candles: await this.#candles(now),
    };
  }

  async #candles(now: Timestamp): Promise<number> {
    let deleted = 0;
    for (const interval of Object.keys(this.periods.candles) as CandleInterval[]) {
      const period = this.periods.candles[interval];
      if (period === undefined) continue;
      deleted += await this.#repositories.candleRepository.deleteOlderThan(
        before(now, period),
        interval,
      );
    }
    return deleted;
  }
}

function before(now: Timestamp, period: Duration): Timestamp {
  return timestamp(now - period);
}
