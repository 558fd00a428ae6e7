import { RATE_ONE } from "@tse/domain";
import {
  decimal,
  flag,
  instant,
  int4,
  json,
  matching,
  money,
  oneOf,
  optional,
  rate,
  type Table,
  text,
} from "@tse/storage/rows";
import { type Asset, type FeeTier, INSTRUMENT_STATUSES, type Instrument } from "./instrument.ts";

/** One unit in the scale of sizes and prices. */
const ONE = 10n ** 8n;

const positive = (value: number): boolean => value > 0;
const fee = rate(8, (value) => value >= 0 && value <= RATE_ONE / 10);

export const assetTable: Table<Asset> = {
  name: "assets",
  columns: {
    asset: matching(/^[A-Z0-9]{2,10}$/),
    displayName: optional(text(100)),
    decimals: int4(0, 8),
    isActive: flag(),
  },
  key: ["asset"],
  sorts: ["asset"],
  defaultSort: { field: "asset", order: "ASC" },
};

export const instrumentTable: Table<Instrument> = {
  name: "instruments",
  columns: {
    symbol: text(50),
    baseAsset: text(10),
    quoteAsset: text(10),
    status: oneOf(INSTRUMENT_STATUSES),
    tickSize: decimal(1n),
    lotSize: decimal(1n),
    minSize: decimal(1n),
    maxSize: decimal(),
    minNotional: money(0n),
    priceBand: rate(4, positive),
    priceMultiplierUp: rate(4, (value) => value > RATE_ONE),
    priceMultiplierDown: rate(4, (value) => value >= 0 && value <= RATE_ONE),
    maxOpenOrders: int4(1),
    maxOpenStopOrders: int4(0),
    maxSpreadBps: rate(4, positive),
    makerFeeRate: fee,
    takerFeeRate: fee,
    createdAt: instant(),
    updatedAt: instant(),
    metadata: optional(json()),
  },
  key: ["symbol"],
  references: [
    { field: "baseAsset", table: "assets" },
    { field: "quoteAsset", table: "assets" },
  ],
  checks: [
    ({ symbol, baseAsset, quoteAsset }) =>
      symbol === `${baseAsset}/${quoteAsset}` && baseAsset !== quoteAsset,
    ({ minSize, maxSize }) => maxSize >= minSize,
    ({ tickSize, lotSize }) => (tickSize * lotSize) % ONE === 0n,
  ],
  sorts: ["symbol", "createdAt", "updatedAt", "status"],
  defaultSort: { field: "symbol", order: "ASC" },
};

export const feeTierTable: Table<FeeTier> = {
  name: "fee_tiers",
  columns: { tier: text(20), symbol: text(50), makerFeeRate: fee, takerFeeRate: fee },
  key: ["tier", "symbol"],
  sorts: ["tier"],
  defaultSort: { field: "tier", order: "ASC" },
};
