import { type Duration, duration } from "@tse/domain";
import { CANDLE_INTERVALS, type CandleInterval, type DatasetKind } from "@tse/market-data-adapter";
import {
  type CandleSeries,
  type MinuteHistory,
  minuteHistory,
  type ReplaySeries,
  seriesOfCandles,
} from "@tse/market-model";

const MINUTE = duration(60_000_000);

export interface ImportedSeries {
  readonly name: string;
  readonly symbol: string;
  /** SHA-256 of what was imported. */
  readonly checksum: string;
  readonly kind: DatasetKind;
  readonly interval: CandleInterval | undefined;
  /** Of ticks, all four prices are equal. At least one row. */
  readonly candles: CandleSeries;
}

/** Everything that is there in memory to replay a data set or to draw from it. */
export class DatasetMaterial {
  readonly imported: ImportedSeries;
  #series: ReplaySeries | undefined;
  readonly #histories = new Map<string, MinuteHistory | undefined>();

  constructor(imported: ImportedSeries) {
    this.imported = imported;
  }

  /** Its prices in order of time: of a candle four, of a tick one. */
  get series(): ReplaySeries {
    this.#series ??= seriesOf(this.imported);
    return this.#series;
  }

  /** Candles of whole minutes: what a bootstrap draws from. */
  get hasMinutes(): boolean {
    const { kind, interval, candles } = this.imported;
    return kind === "CANDLES" && interval === "1m" && (candles.time[0] as number) % MINUTE === 0;
  }

  /** Its whole days, as those of an asset: one file may be imported for several. `undefined` when there is none. */
  history(asset: string): MinuteHistory | undefined {
    if (!this.#histories.has(asset)) {
      this.#histories.set(asset, minuteHistory(new Map([[asset, this.imported.candles]])));
    }
    return this.#histories.get(asset);
  }
}

function seriesOf({ kind, interval, candles }: ImportedSeries): ReplaySeries {
  if (kind === "CANDLES") return seriesOfCandles(candles, lengthOf(candles, interval));
  return { time: candles.time, price: candles.close, volume: candles.volume };
}

/** Where the distances of candles are those of no interval, the smallest. */
function lengthOf({ time }: CandleSeries, interval: CandleInterval | undefined): Duration {
  if (interval !== undefined) return CANDLE_INTERVALS[interval];
  let least = time.length > 1 ? Number.POSITIVE_INFINITY : MINUTE;
  for (let i = 1; i < time.length; i++) {
    least = Math.min(least, (time[i] as number) - (time[i - 1] as number));
  }
  return duration(least);
}
