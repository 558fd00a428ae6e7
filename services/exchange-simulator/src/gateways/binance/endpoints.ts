import { CANDLE_INTERVALS, type CandleInterval } from "../../views/candle-interval.ts";
import { endpoint, weightBy, weightBySymbols } from "./endpoint.ts";
import {
  clientOrderId,
  decimal,
  endTime,
  flag,
  integer,
  limitTo,
  money,
  oneOf,
  symbolName,
  symbolNames,
  time,
} from "./parameter-types.ts";
import { mandatory, optional } from "./parameters.ts";
import {
  SELF_TRADE_MODES,
  SIDES,
  SYMBOL_STATUSES,
  TIMES_IN_FORCE,
  WIRE_ORDER_TYPES,
} from "./wire-words.ts";

const symbol = mandatory(symbolName);
const symbolStatus = optional(oneOf(SYMBOL_STATUSES, "symbol_status"));
const oneOrMore = { symbol: optional(symbolName), symbols: optional(symbolNames) };
const times = { startTime: optional(time), endTime: optional(endTime) };
const upTo1000 = optional(limitTo(1000));
const tickerType = optional(oneOf(["FULL", "MINI"], "ticker_type"));
const candles = {
  symbol,
  interval: mandatory(oneOf(Object.keys(CANDLE_INTERVALS) as CandleInterval[], "interval")),
  ...times,
  timeZone: optional(oneOf(["0", "0:00", "00:00", "+0", "+0:00", "+00:00"])),
  limit: upTo1000,
};
const orderName = { orderId: optional(integer), origClientOrderId: optional(clientOrderId) };

const newOrder = {
  symbol,
  side: mandatory(oneOf(SIDES, "side")),
  type: mandatory(oneOf(WIRE_ORDER_TYPES, "order_type")),
  timeInForce: optional(oneOf(TIMES_IN_FORCE, "time_in_force")),
  quantity: optional(decimal),
  quoteOrderQty: optional(money),
  price: optional(decimal),
  newClientOrderId: optional(clientOrderId),
  stopPrice: optional(decimal),
  trailingDelta: optional(integer),
  icebergQty: optional(decimal),
  newOrderRespType: optional(oneOf(["ACK", "RESULT", "FULL"])),
  selfTradePreventionMode: optional(oneOf([...SELF_TRADE_MODES, "TRANSFER"])),
};

const general = {
  ping: endpoint({
    method: "GET",
    path: "/api/v3/ping",
    security: "none",
    weight: 1,
    parameters: {},
  }),
  time: endpoint({
    method: "GET",
    path: "/api/v3/time",
    security: "none",
    weight: 1,
    parameters: {},
  }),
  exchangeInfo: endpoint({
    method: "GET",
    path: "/api/v3/exchangeInfo",
    security: "none",
    weight: 20,
    parameters: {
      ...oneOrMore,
      permissions: optional((text: string) => text),
      showPermissionSets: optional(flag),
      symbolStatus,
    },
  }),
} as const;

const market = {
  depth: endpoint({
    method: "GET",
    path: "/api/v3/depth",
    security: "none",
    weight: weightBy("limit", 100, [
      [100, 5],
      [500, 25],
      [1000, 50],
      [5000, 250],
    ]),
    parameters: { symbol, limit: optional(limitTo(5000)), symbolStatus },
  }),
  trades: endpoint({
    method: "GET",
    path: "/api/v3/trades",
    security: "none",
    weight: 25,
    parameters: { symbol, limit: upTo1000 },
  }),
  historicalTrades: endpoint({
    method: "GET",
    path: "/api/v3/historicalTrades",
    security: "none",
    weight: 25,
    parameters: { symbol, limit: upTo1000, fromId: optional(integer) },
  }),
  aggTrades: endpoint({
    method: "GET",
    path: "/api/v3/aggTrades",
    security: "none",
    weight: 4,
    parameters: { symbol, fromId: optional(integer), ...times, limit: upTo1000 },
  }),
  klines: endpoint({
    method: "GET",
    path: "/api/v3/klines",
    security: "none",
    weight: 2,
    parameters: candles,
  }),
  uiKlines: endpoint({
    method: "GET",
    path: "/api/v3/uiKlines",
    security: "none",
    weight: 2,
    parameters: candles,
  }),
  avgPrice: endpoint({
    method: "GET",
    path: "/api/v3/avgPrice",
    security: "none",
    weight: 2,
    parameters: { symbol },
  }),
  ticker24hr: endpoint({
    method: "GET",
    path: "/api/v3/ticker/24hr",
    security: "none",
    weight: weightBySymbols((symbols) => {
      if (symbols === "all" || symbols > 100) return 80;
      return symbols > 20 ? 40 : 2;
    }),
    parameters: { ...oneOrMore, type: tickerType, symbolStatus },
  }),
  tickerPrice: endpoint({
    method: "GET",
    path: "/api/v3/ticker/price",
    security: "none",
    weight: (sent) => (sent.has("symbol") ? 2 : 4),
    parameters: { ...oneOrMore, symbolStatus },
  }),
  bookTicker: endpoint({
    method: "GET",
    path: "/api/v3/ticker/bookTicker",
    security: "none",
    weight: (sent) => (sent.has("symbol") ? 2 : 4),
    parameters: { ...oneOrMore, symbolStatus },
  }),
} as const;

const trading = {
  placeOrder: endpoint({
    method: "POST",
    path: "/api/v3/order",
    security: "trade",
    weight: 1,
    freeOnSuccess: true,
    parameters: newOrder,
  }),
  testOrder: endpoint({
    method: "POST",
    path: "/api/v3/order/test",
    security: "trade",
    weight: (sent) => (sent.get("computeCommissionRates") === "true" ? 20 : 1),
    parameters: { ...newOrder, computeCommissionRates: optional(flag) },
  }),
  queryOrder: endpoint({
    method: "GET",
    path: "/api/v3/order",
    security: "user_data",
    weight: 4,
    parameters: { symbol, ...orderName },
  }),
  cancelOrder: endpoint({
    method: "DELETE",
    path: "/api/v3/order",
    security: "trade",
    weight: 1,
    freeOnSuccess: true,
    parameters: {
      symbol,
      ...orderName,
      newClientOrderId: optional(clientOrderId),
      cancelRestrictions: optional(
        oneOf(["ONLY_NEW", "ONLY_PARTIALLY_FILLED"], "cancel_restrictions"),
      ),
    },
  }),
  cancelOpenOrders: endpoint({
    method: "DELETE",
    path: "/api/v3/openOrders",
    security: "trade",
    weight: 1,
    freeOnSuccess: true,
    parameters: { symbol },
  }),
  openOrders: endpoint({
    method: "GET",
    path: "/api/v3/openOrders",
    security: "user_data",
    weight: (sent) => (sent.has("symbol") ? 6 : 80),
    parameters: { symbol: optional(symbolName) },
  }),
  allOrders: endpoint({
    method: "GET",
    path: "/api/v3/allOrders",
    security: "user_data",
    weight: 20,
    parameters: { symbol, orderId: optional(integer), ...times, limit: upTo1000 },
  }),
} as const;

const account = {
  account: endpoint({
    method: "GET",
    path: "/api/v3/account",
    security: "user_data",
    weight: 20,
    parameters: { omitZeroBalances: optional(flag) },
  }),
  myTrades: endpoint({
    method: "GET",
    path: "/api/v3/myTrades",
    security: "user_data",
    weight: (sent) => (sent.has("orderId") ? 5 : 20),
    parameters: {
      symbol,
      orderId: optional(integer),
      ...times,
      fromId: optional(integer),
      limit: upTo1000,
    },
  }),
} as const;

/** What ccxt asks for beside the spot API before it trades; enough for it to see a spot exchange. */
const beside = {
  systemStatus: endpoint({
    method: "GET",
    path: "/sapi/v1/system/status",
    security: "none",
    weight: 1,
    parameters: {},
  }),
  coins: endpoint({
    method: "GET",
    path: "/sapi/v1/capital/config/getall",
    security: "user_data",
    weight: 10,
    parameters: {},
  }),
  tradeFee: endpoint({
    method: "GET",
    path: "/sapi/v1/asset/tradeFee",
    security: "user_data",
    weight: 1,
    parameters: { symbol: optional(symbolName) },
  }),
  marginPairs: endpoint({
    method: "GET",
    path: "/sapi/v1/margin/allPairs",
    security: "user_data",
    weight: 1,
    parameters: { symbol: optional(symbolName) },
  }),
  isolatedMarginPairs: endpoint({
    method: "GET",
    path: "/sapi/v1/margin/isolated/allPairs",
    security: "user_data",
    weight: 10,
    parameters: { symbol: optional(symbolName) },
  }),
  linearFutures: endpoint({
    method: "GET",
    path: "/fapi/v1/exchangeInfo",
    security: "none",
    weight: 1,
    parameters: {},
  }),
  inverseFutures: endpoint({
    method: "GET",
    path: "/dapi/v1/exchangeInfo",
    security: "none",
    weight: 1,
    parameters: {},
  }),
} as const;

/** Every endpoint of the dialect. Routing, parsing, weights and authentication follow from it. */
export const ENDPOINTS = { ...general, ...market, ...trading, ...account, ...beside } as const;

export type EndpointName = keyof typeof ENDPOINTS;
