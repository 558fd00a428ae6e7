import { amount } from "@tse/domain";
import { instant, json, money, optional, type Table, text, uuid } from "@tse/storage/rows";
import type { Balance } from "./balance.ts";

export const balanceTable: Table<Balance> = {
  name: "balances",
  columns: {
    balanceId: uuid(),
    accountId: uuid(),
    symbol: text(50),
    availableBalance: money(0n),
    lockedBalance: money(0n),
    totalBalance: money(0n),
    lastUpdated: instant(),
    metadata: optional(json()),
  },
  key: ["balanceId"],
  savedBy: ["accountId", "symbol"],
  uniques: [{ fields: ["accountId", "symbol"] }],
  references: [{ field: "accountId", table: "accounts" }],
  derived: {
    totalBalance: ({ availableBalance, lockedBalance }) => amount(availableBalance + lockedBalance),
  },
  sorts: ["lastUpdated", "symbol", "availableBalance", "lockedBalance", "totalBalance"],
  defaultSort: { field: "lastUpdated", order: "DESC" },
  indexes: ["accountId"],
};
