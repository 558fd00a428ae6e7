import { type Timestamp, timestamp } from "@tse/domain";
import {
  atLeast,
  below,
  equal,
  type Filters,
  found,
  items,
  lastOfEach,
  noMoreThan,
  type Page,
  page,
  type RepositoryParts,
  type Rows,
  type Session,
} from "@tse/storage/rows";
import { deleteOldest } from "../history.ts";
import {
  CANDLE_INTERVALS,
  type Candle,
  type CandleInterval,
  type CandleQuery,
  type MarketData,
  type NewCandle,
  type Ohlcv,
} from "./candle.ts";
import { candleTable, marketDataView, ohlcvView } from "./candle-table.ts";

const FILTERS: Filters<Candle, CandleQuery> = {
  symbol: equal("symbol"),
  interval: equal("interval"),
  startTimeFrom: atLeast("startTime"),
  startTimeTo: below("startTime"),
};

const OLDEST_FIRST = [
  { field: "startTime", order: "ASC" },
  { field: "candleId", order: "ASC" },
] as const;

/** Candles. Lists are newest first, but for `getByTimeRange`. */
export class CandleRepository {
  readonly #newId: () => string;
  readonly #rows: Rows<Candle>;
  readonly #session: Session;

  constructor({ session, newId }: RepositoryParts) {
    this.#newId = newId;
    this.#rows = session.rows(candleTable);
    this.#session = session;
  }

  /**
   * @throws StorageError `already_exists` when the symbol has a candle of this interval and start,
   *   `conflict` for what breaks a rule of its table
   */
  create(candle: NewCandle): Promise<Candle> {
    return this.#rows.create(this.#complete(candle));
  }

  /**
   * Stores the candle, in place of one of the same symbol, interval and start, whose id it takes.
   *
   * @returns it as stored
   * @throws StorageError `conflict`
   */
  upsert(candle: NewCandle): Promise<Candle> {
    return this.#rows.put(this.#complete(candle));
  }

  /** As `upsert`, all of them or none, in one statement. Of candles of one key the last counts. */
  upsertMany(candles: readonly NewCandle[]): Promise<void> {
    const rows = candles.map((candle) => this.#complete(candle));
    return this.#rows.save(lastOfEach(rows, keyOf));
  }

  /** @throws StorageError `not_found`, "candle not found: <id>" */
  async getById(candleId: string): Promise<Candle> {
    const [candle] = await this.#rows.find({ where: [equal<Candle>("candleId")(candleId)] });
    return found(candle, "candle", candleId);
  }

  /** `undefined` when there is none yet. */
  async getLatest(symbol: string, interval: CandleInterval): Promise<Candle | undefined> {
    const [candle] = await this.getBySymbolAndInterval(symbol, interval, 1);
    return candle;
  }

  /** @param limit as in every query: 0 gives 100, at most 1,000 */
  getBySymbolAndInterval(
    symbol: string,
    interval: CandleInterval,
    limit: number,
  ): Promise<readonly Candle[]> {
    return items(this.query({ symbol, interval, limit }));
  }

  /** All candles that lie wholly within [start, end], oldest first. */
  getByTimeRange(
    symbol: string,
    interval: CandleInterval,
    start: Timestamp,
    end: Timestamp,
  ): Promise<readonly Candle[]> {
    const where = [
      equal<Candle>("symbol")(symbol),
      equal<Candle>("interval")(interval),
      atLeast<Candle>("startTime")(start),
      noMoreThan<Candle>("endTime")(end),
    ];
    return this.#rows.find({ where, sort: OLDEST_FIRST });
  }

  /** @throws StorageError `invalid_query` */
  query(query: CandleQuery): Promise<Page<Candle>> {
    return page(this.#rows, candleTable, FILTERS, query);
  }

  /** The read model of charts. @param limit as in every query */
  getOhlcv(symbol: string, timeframe: CandleInterval, limit: number): Promise<readonly Ohlcv[]> {
    const rows = this.#session.view(ohlcvView);
    const filters = { symbol: equal<Ohlcv>("symbol"), timeframe: equal<Ohlcv>("timeframe") };
    return items(page(rows, ohlcvView, filters, { symbol, timeframe, limit }));
  }

  /** `getOhlcv` with the average price by volume. */
  getMarketData(
    symbol: string,
    timeframe: CandleInterval,
    limit: number,
  ): Promise<readonly MarketData[]> {
    const rows = this.#session.view(marketDataView);
    const filters = {
      symbol: equal<MarketData>("symbol"),
      timeframe: equal<MarketData>("timeframe"),
    };
    return items(page(rows, marketDataView, filters, { symbol, timeframe, limit }));
  }

  /**
   * Deletes the candles that were over by this time, 10,000 a statement.
   *
   * @param interval only candles of this one
   * @returns how many there were
   */
  deleteOlderThan(before: Timestamp, interval?: CandleInterval): Promise<number> {
    return deleteOldest(this.#rows, "startTime", [
      // Follows from the next condition, and is what an index helps with.
      below<Candle>("startTime")(before),
      noMoreThan<Candle>("endTime")(before),
      ...(interval === undefined ? [] : [equal<Candle>("interval")(interval)]),
    ]);
  }

  #complete(candle: NewCandle): Candle {
    const length = CANDLE_INTERVALS[candle.interval] ?? 0;
    return {
      numTrades: undefined,
      metadata: undefined,
      ...candle,
      candleId: candle.candleId ?? this.#newId(),
      volume: candle.volume ?? 0n,
      quoteVolume: candle.quoteVolume ?? 0n,
      endTime: candle.endTime ?? timestamp(candle.startTime + length),
      source: candle.source ?? "simulator",
      isClosed: candle.isClosed ?? true,
    };
  }
}

function keyOf({ symbol, interval, startTime }: Candle): string {
  return `${symbol} ${interval} ${startTime}`;
}
