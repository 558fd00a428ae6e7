import { type Clock, type Duration, duration, type Timer, type Timestamp } from "@tse/domain";
import {
  CANDLE_INTERVALS,
  type CandleInterval,
  type Dataset,
  type DatasetPoint,
  type DatasetQuery,
  type MarketDataRepositories,
} from "@tse/market-data-adapter";
import { datasetPoints } from "./dataset-points.ts";
import type {
  MarketDataSource,
  SourceListener,
  SourceSubscription,
  SourceTick,
  TimeWindow,
} from "./market-data-source.ts";

type Repositories = Pick<MarketDataRepositories, "datasetRepository">;

/**
 * Imported data as a source of prices: of each symbol the data set that was imported last.
 *
 * A subscriber gets a data set of ticks, or the closes of one of candles at their ends, from its start:
 * the first at once, the others at the distances that they had, as `clock` passes.
 */
export class DatasetSource implements MarketDataSource {
  readonly name = "replay";
  readonly #repositories: Repositories;
  readonly #clock: Clock;

  constructor(repositories: Repositories, clock: Clock) {
    this.#repositories = repositories;
    this.#clock = clock;
  }

  async *fetchCandles(
    symbol: string,
    interval: CandleInterval,
    window: TimeWindow,
  ): AsyncGenerator<DatasetPoint> {
    const sets = this.#newest({ symbol, kind: "CANDLES" });
    for await (const dataset of sets) {
      if (dataset.interval !== interval) continue;
      yield* datasetPoints(this.#repositories, dataset.datasetId, window);
      return;
    }
  }

  async *fetchTicks(symbol: string, window: TimeWindow): AsyncGenerator<SourceTick> {
    for await (const dataset of this.#newest({ symbol, kind: "TICKS" })) {
      for await (const point of datasetPoints(this.#repositories, dataset.datasetId, window)) {
        yield tickOf(symbol, point);
      }
      return;
    }
  }

  subscribe(symbols: readonly string[], listener: SourceListener): SourceSubscription {
    const feeds = symbols.map(
      (symbol) => new Feed(symbol, this.#all(symbol), listener, this.#clock),
    );
    for (const feed of feeds) feed.start();
    return {
      close() {
        for (const feed of feeds) feed.close();
      },
    };
  }

  async *#all(symbol: string): AsyncGenerator<SourceTick> {
    for await (const dataset of this.#newest({ symbol })) {
      const length = dataset.interval && CANDLE_INTERVALS[dataset.interval];
      for await (const point of datasetPoints(this.#repositories, dataset.datasetId)) {
        yield tickOf(symbol, point, length);
      }
      return;
    }
  }

  async *#newest(query: DatasetQuery): AsyncGenerator<Dataset> {
    let behind: { readonly cursor?: string } = {};
    for (;;) {
      const page = await this.#repositories.datasetRepository.query({ ...query, ...behind });
      yield* page.items;
      if (page.nextCursor === undefined) return;
      behind = { cursor: page.nextCursor };
    }
  }
}

/** The close of a point, after `length` of it. */
function tickOf(symbol: string, point: DatasetPoint, length = duration(0)): SourceTick {
  const at = (point.at + length) as Timestamp;
  return { symbol, at, price: point.close, volume: point.volume };
}

/** Hands the ticks of one symbol on, each when its time has come. */
class Feed {
  readonly #symbol: string;
  readonly #ticks: AsyncGenerator<SourceTick>;
  readonly #listener: SourceListener;
  readonly #clock: Clock;
  /** World time minus the source's own. */
  #offset: number | undefined;
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(
    symbol: string,
    ticks: AsyncGenerator<SourceTick>,
    listener: SourceListener,
    clock: Clock,
  ) {
    this.#symbol = symbol;
    this.#ticks = ticks;
    this.#listener = listener;
    this.#clock = clock;
  }

  start(): void {
    this.#run().catch((error: unknown) => {
      if (!this.#isClosed) this.#listener.onError(this.#symbol, error);
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  async #run(): Promise<void> {
    for await (const tick of this.#ticks) {
      if (this.#isClosed) return;
      this.#offset ??= this.#clock.now() - tick.at;
      const wait = tick.at + this.#offset - this.#clock.now();
      if (wait > 0) await this.#passed(duration(wait));
      this.#listener.onTick(tick);
    }
    if (!this.#isClosed) this.#listener.onEnd(this.#symbol);
  }

  /** Never resolves when the feed is closed before: what waits for it is dropped with it. */
  #passed(wait: Duration): Promise<void> {
    return new Promise((resolve) => {
      this.#timer = this.#clock.after(wait, resolve);
    });
  }
}
