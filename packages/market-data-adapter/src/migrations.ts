import { type Migration, readMigrations } from "@tse/storage";

/** The steps of the market-data schema, in order. */
export function marketDataMigrations(): Promise<readonly Migration[]> {
  return readMigrations(new URL("../sql/", import.meta.url));
}
