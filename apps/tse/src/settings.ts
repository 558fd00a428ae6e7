import { EXCHANGE_SETTINGS, type ExchangeConfig } from "@tse/exchange-simulator";
import { boolean, setting, text } from "@tse/service-kit";

/** For machines. */
export const JSON_SETTING = setting({
  flag: "json",
  parser: boolean(),
  default: false,
  about: "print one line of JSON instead of text",
});

const { dataDir, service, instance, store, postgresUrl, schemaName, adminToken } =
  EXCHANGE_SETTINGS;

/** Where a world is kept: the same as for a start. */
export const WORLD_SETTINGS = { dataDir, service, instance } as const;

/** How a running world is asked: its token is the one given, or the one that it keeps. */
export const ACCESS_SETTINGS = { ...WORLD_SETTINGS, adminToken } as const;

/** Where it is asked: what all but the default are. */
export const URL_SETTING = {
  flag: "url",
  parser: text(/^https?:\/\/\S+$/, "an address such as http://127.0.0.1:8185"),
  about: "admin listener of a running world; its token from ADMIN_TOKEN or the data directory",
} as const;

/** Where its history is. */
export const STORE_SETTINGS = { ...WORLD_SETTINGS, store, postgresUrl, schemaName } as const;

export type WorldPlace = Pick<ExchangeConfig, keyof typeof WORLD_SETTINGS>;
export type Access = Pick<ExchangeConfig, keyof typeof ACCESS_SETTINGS>;
export type StorePlace = Pick<ExchangeConfig, keyof typeof STORE_SETTINGS>;
