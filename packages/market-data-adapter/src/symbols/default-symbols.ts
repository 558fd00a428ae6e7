import { parseAmount } from "@tse/domain";
import type { RepositoryParts } from "@tse/storage/rows";
import type { MarketSymbol } from "./market-symbol.ts";
import { symbolTable } from "./symbol-table.ts";

/** Base, quote, display name; least price movement, least and greatest order. As the first migration has them. */
const SYMBOLS = [
  ["BTC", "USD", "Bitcoin / US dollar", "0.01", "0.0001", "100"],
  ["ETH", "USD", "Ether / US dollar", "0.01", "0.001", "2000"],
  ["ADA", "USD", "Cardano / US dollar", "0.0001", "1", "2000000"],
  ["SOL", "USD", "Solana / US dollar", "0.01", "0.01", "20000"],
  ["DOT", "USD", "Polkadot / US dollar", "0.001", "0.1", "200000"],
  ["USDT", "USD", "Tether / US dollar", "0.0001", "1", "1000000"],
  ["BTC", "USDT", "Bitcoin / Tether", "0.01", "0.0001", "100"],
  ["ETH", "USDT", "Ether / Tether", "0.01", "0.001", "2000"],
  ["ETH", "BTC", "Ether / Bitcoin", "0.00001", "0.001", "2000"],
] as const;

/** Gives a store in memory the symbols that a migrated database begins with. */
export async function storeDefaultSymbols({
  session,
  clock,
  newId,
}: RepositoryParts): Promise<void> {
  const now = clock.now();
  const rows = SYMBOLS.map(
    ([base, quote, displayName, movement, least, most]): MarketSymbol => ({
      symbolId: newId(),
      symbol: `${base}/${quote}`,
      baseCurrency: base,
      quoteCurrency: quote,
      displayName,
      isActive: true,
      minPriceMovement: parseAmount(movement),
      minOrderSize: parseAmount(least),
      maxOrderSize: parseAmount(most),
      createdAt: now,
      updatedAt: now,
      metadata: undefined,
    }),
  );
  await session.rows(symbolTable).insert(rows);
}
