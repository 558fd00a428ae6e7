import type { Timestamp } from "@tse/domain";
import type { JsonObject, PageRequest } from "@tse/storage/rows";

/** A symbol that prices are made for. */
export interface MarketSymbol {
  readonly symbolId: string;
  /** `BASE/QUOTE`; no two symbols share it. */
  readonly symbol: string;
  readonly baseCurrency: string;
  readonly quoteCurrency: string;
  readonly displayName: string | undefined;
  readonly isActive: boolean;
  /** Units of 10^-8, above 0, as the two below. */
  readonly minPriceMovement: bigint | undefined;
  readonly minOrderSize: bigint | undefined;
  readonly maxOrderSize: bigint | undefined;
  readonly createdAt: Timestamp;
  /** Set by the repository with every change. */
  readonly updatedAt: Timestamp;
  readonly metadata: JsonObject | undefined;
}

/** What is absent is filled in: a new id, active. The times are the repository's. */
export type NewMarketSymbol = Pick<MarketSymbol, "symbol" | "baseCurrency" | "quoteCurrency"> &
  Partial<Omit<MarketSymbol, "createdAt" | "updatedAt">>;

/** What of a symbol `update` may change; absent fields stay, and one that is there and `undefined` is cleared. */
export type MarketSymbolChange = Partial<
  Omit<MarketSymbol, "symbolId" | "createdAt" | "updatedAt">
>;

/** By symbol unless it says otherwise. */
export interface SymbolQuery extends PageRequest {
  readonly symbol?: string;
  readonly baseCurrency?: string;
  readonly quoteCurrency?: string;
  readonly isActive?: boolean;
}
