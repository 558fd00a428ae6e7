import { timestamp } from "@tse/domain";
import { type OpenStore, type TestStore, testStores } from "@tse/storage/testing";
import { type MarketDataRepositories, repositoriesOver } from "../src/market-data-repositories.ts";
import { marketDataMigrations } from "../src/migrations.ts";
import { storeDefaultSymbols } from "../src/symbols/default-symbols.ts";

/** A moment with microseconds, to see that they are kept; when the clocks of the stores begin. */
export const NOON = timestamp(1_767_614_400_123_457);

/** A store with all repositories, as a migrated database begins. */
export type StoreUnderTest = OpenStore<MarketDataRepositories>;

export type Implementation = TestStore<MarketDataRepositories>;

export const IMPLEMENTATIONS: readonly Implementation[] = testStores(
  { migrations: marketDataMigrations, repositoriesOver, seed: storeDefaultSymbols },
  NOON,
);
