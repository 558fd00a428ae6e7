import {
  decimal,
  flag,
  instant,
  int4,
  json,
  oneOf,
  optional,
  type Table,
  text,
  uuid,
  type View,
} from "@tse/storage/rows";
import { CANDLE_INTERVALS, type Candle, type MarketData, type Ohlcv } from "./candle.ts";

const symbol = text(50);
const interval = oneOf(Object.keys(CANDLE_INTERVALS) as (keyof typeof CANDLE_INTERVALS)[]);
const price = decimal(1n);
const volume = decimal(0n);

export const candleTable: Table<Candle> = {
  name: "candles",
  columns: {
    candleId: uuid(),
    symbol,
    interval,
    open: price,
    high: price,
    low: price,
    close: price,
    volume,
    quoteVolume: volume,
    startTime: instant(),
    endTime: instant(),
    numTrades: optional(int4(0)),
    source: text(100),
    isClosed: flag(),
    metadata: optional(json()),
  },
  key: ["candleId"],
  savedBy: ["symbol", "interval", "startTime"],
  uniques: [{ fields: ["symbol", "interval", "startTime"] }],
  checks: [
    ({ startTime, endTime }) => endTime > startTime,
    ({ open, high, low, close }) =>
      high >= low && high >= open && high >= close && low <= open && low <= close,
  ],
  sorts: ["startTime", "endTime", "symbol", "interval", "open", "high", "low", "close", "volume"],
  defaultSort: { field: "startTime", order: "DESC" },
  indexes: ["symbol"],
  finished: () => true,
};

const ohlcvColumns = {
  symbol,
  timeframe: interval,
  open: price,
  high: price,
  low: price,
  close: price,
  volume,
  timestamp: instant(),
};

export const ohlcvView: View<Ohlcv, Candle> = {
  name: "ohlcv",
  columns: ohlcvColumns,
  key: ["symbol", "timeframe", "timestamp"],
  sorts: ["timestamp"],
  defaultSort: { field: "timestamp", order: "DESC" },
  source: candleTable,
  derive: (candles) => candles.map(ohlcvOf),
};

export const marketDataView: View<MarketData, Candle> = {
  ...ohlcvView,
  name: "market_data",
  columns: { ...ohlcvColumns, vwap: price },
  derive: (candles) => candles.map((candle) => ({ ...ohlcvOf(candle), vwap: vwapOf(candle) })),
};

function ohlcvOf(candle: Candle): Ohlcv {
  const { symbol, interval, open, high, low, close, volume, startTime } = candle;
  return { symbol, timeframe: interval, open, high, low, close, volume, timestamp: startTime };
}

const UNIT = 10n ** 8n;

function vwapOf({ volume, quoteVolume, close }: Candle): bigint {
  return volume === 0n ? close : (2n * quoteVolume * UNIT + volume) / (2n * volume);
}
