import { type Migration, readMigrations } from "@tse/storage";

/** The steps of the exchange's schema, in order. */
export function exchangeMigrations(): Promise<readonly Migration[]> {
  return readMigrations(new URL("../sql/", import.meta.url));
}
