export { MARKET_DATA_SETTINGS, type MarketDataConfig } from "./config.ts";
export { readCandleColumns } from "./datasets/candle-columns.ts";
export { timeOf } from "./datasets/cells.ts";
export { csvRecords } from "./datasets/csv-records.ts";
export { fileChunks } from "./datasets/file-chunks.ts";
export { FILE_LIMITS, type FileReport } from "./datasets/market-file.ts";
export { UnreadableFile } from "./datasets/raw-record.ts";
export { failureOf } from "./run.ts";
export { type MarketDataReady, MarketDataSimulator } from "./service.ts";
