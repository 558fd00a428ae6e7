export { MARKET_DATA_SETTINGS, type MarketDataConfig } from "./config.ts";
export {
  type MarketDataReady,
  MarketDataSimulator,
  type MarketDataSimulatorOptions,
} from "./service.ts";
export type {
  PriceUpdate,
  StreamRefusal,
  StreamRequest,
  UpdateReader,
  UpdateStream,
} from "./streams/price-updates.ts";
