export { EXCHANGE_SETTINGS, type ExchangeConfig } from "./config.ts";
export {
  type ExchangeReady,
  ExchangeService,
  type ExchangeServiceOptions,
} from "./service.ts";
