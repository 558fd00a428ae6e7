import { EXCHANGE_SETTINGS, type ExchangeConfig } from "@tse/exchange-simulator";
import { boolean, setting } from "@tse/service-kit";

/** For machines. */
export const JSON_SETTING = setting({
  flag: "json",
  parser: boolean(),
  default: false,
  about: "print one line of JSON instead of text",
});

const { dataDir, service, instance, store, postgresUrl, schemaName } = EXCHANGE_SETTINGS;

/** Where a world is kept: the same as for a start. */
export const WORLD_SETTINGS = { dataDir, service, instance } as const;

/** Where its history is. */
export const STORE_SETTINGS = { ...WORLD_SETTINGS, store, postgresUrl, schemaName } as const;

export type WorldPlace = Pick<ExchangeConfig, keyof typeof WORLD_SETTINGS>;
export type StorePlace = Pick<ExchangeConfig, keyof typeof STORE_SETTINGS>;
