export { EXCHANGE_SETTINGS, type ExchangeConfig } from "./config.ts";
export { readWorld, WorldConflict, writeWorld } from "./recovery/world-record.ts";
export { dataDirOf } from "./recovery/world-storage.ts";
export { failureOf, type RunningFeed, runExchange } from "./run.ts";
export { type ExchangeReady, ExchangeSimulator } from "./service.ts";
