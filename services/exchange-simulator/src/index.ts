export { EXCHANGE_SETTINGS, type ExchangeConfig } from "./config.ts";
export { giveUp, runExchange } from "./run.ts";
export type { ExchangeReady } from "./service.ts";
