import type { Instrument } from "@tse/domain";
import type { Exchange } from "../../exchange.ts";
import { refused } from "./failures.ts";
import { filtersOf } from "./filters.ts";
import type { Handlers } from "./handler.ts";
import type { Limits } from "./limits.ts";
import { milliseconds } from "./numbers.ts";
import { chosenInstruments, symbolOf } from "./symbols.ts";
import {
  DEFAULT_SELF_TRADE_MODE,
  ORDER_TYPES,
  SELF_TRADE_MODES,
  symbolStatusWord,
} from "./wire-words.ts";

const PERMISSION = "SPOT";
const ASSET_DIGITS = 8;

/** Whether it is there, what time it is, and what it trades. */
export function generalHandlers(
  exchange: Exchange,
  limits: Limits,
): Handlers<"ping" | "time" | "exchangeInfo"> {
  return {
    ping: () => ({}),
    time: () => ({ serverTime: milliseconds(exchange.clock.now()) }),
    async exchangeInfo({ values }) {
      const { permissions, showPermissionSets = true, symbol, symbols } = values;
      if (permissions !== undefined && (symbol ?? symbols) !== undefined)
        throw refused("combination");
      const instruments =
        permissions === undefined || permissions.includes(PERMISSION)
          ? chosenInstruments(exchange.venue, values)
          : [];
      const replies = instruments.map((each) =>
        symbolReply(each, exchange.venue, showPermissionSets),
      );
      await exchange.durable();
      return {
        timezone: "UTC",
        serverTime: milliseconds(exchange.clock.now()),
        rateLimits: limits.describe(),
        exchangeFilters: [],
        symbols: replies,
      };
    },
  };
}

function symbolReply(
  instrument: Instrument,
  venue: Exchange["venue"],
  showPermissionSets: boolean,
): object {
  return {
    symbol: symbolOf(instrument),
    status: symbolStatusWord(instrument.status),
    baseAsset: instrument.baseAsset,
    baseAssetPrecision: ASSET_DIGITS,
    quoteAsset: instrument.quoteAsset,
    quotePrecision: ASSET_DIGITS,
    quoteAssetPrecision: ASSET_DIGITS,
    baseCommissionPrecision: ASSET_DIGITS,
    quoteCommissionPrecision: ASSET_DIGITS,
    orderTypes: ORDER_TYPES,
    icebergAllowed: false,
    ocoAllowed: false,
    otoAllowed: false,
    opoAllowed: false,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: false,
    cancelReplaceAllowed: false,
    amendAllowed: false,
    pegInstructionsAllowed: false,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: filtersOf(instrument, venue),
    permissions: [],
    ...(showPermissionSets ? { permissionSets: [[PERMISSION]] } : {}),
    defaultSelfTradePreventionMode: DEFAULT_SELF_TRADE_MODE,
    allowedSelfTradePreventionModes: SELF_TRADE_MODES,
  };
}
