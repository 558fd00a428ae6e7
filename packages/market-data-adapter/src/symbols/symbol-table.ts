import { decimal, flag, instant, json, optional, type Table, text, uuid } from "@tse/storage/rows";
import type { MarketSymbol } from "./market-symbol.ts";

const currency = text(10);
const step = optional(decimal(1n));

export const symbolTable: Table<MarketSymbol> = {
  name: "symbols",
  columns: {
    symbolId: uuid(),
    symbol: text(50),
    baseCurrency: currency,
    quoteCurrency: currency,
    displayName: optional(text(100)),
    isActive: flag(),
    minPriceMovement: step,
    minOrderSize: step,
    maxOrderSize: step,
    createdAt: instant(),
    updatedAt: instant(),
    metadata: optional(json()),
  },
  key: ["symbolId"],
  uniques: [{ fields: ["symbol"] }],
  sorts: ["symbol", "baseCurrency", "quoteCurrency", "createdAt", "updatedAt"],
  defaultSort: { field: "symbol", order: "ASC" },
};
