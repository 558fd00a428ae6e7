import { existsSync } from "node:fs";
import { exchangeMigrations } from "@tse/exchange-data-adapter";
import { dataDirOf } from "@tse/exchange-simulator";
import { type DirectoryLock, lockDirectory } from "@tse/journal";
import { marketDataMigrations } from "@tse/market-data-adapter";
import { silentLogger } from "@tse/service-kit";
import {
  embeddedDirectory,
  exchangePlace,
  type Migration,
  marketDataPlace,
  openPostgres,
  PgliteHost,
  remotePglite,
  type SqlDatabase,
  wasFlushed,
} from "@tse/storage";
import { Refused } from "./refused.ts";
import type { StorePlace } from "./settings.ts";
import { namesIn, WORLD_RECORD } from "./world-files.ts";

/** One adapter's tables. */
export interface StoredSchema {
  readonly adapter: string;
  /** Whether a service of this instance name keeps it. */
  isOf(instance: string): boolean;
  nameOf(place: StorePlace): string;
  migrations(): Promise<readonly Migration[]>;
}

export const EXCHANGE_SCHEMA: StoredSchema = {
  adapter: "exchange",
  isOf: (instance) => !isMarketData(instance),
  nameOf: ({ instance, service, schemaName }) =>
    exchangePlace(instance ?? service, { schema: schemaName }).schema,
  migrations: exchangeMigrations,
};

const MARKET_DATA_SCHEMA: StoredSchema = {
  adapter: "market data",
  isOf: isMarketData,
  nameOf: ({ instance, service, schemaName }) =>
    marketDataPlace(instance ?? service, { schema: schemaName }).schema,
  migrations: marketDataMigrations,
};

/** A new adapter is a row here. */
const SCHEMAS: readonly StoredSchema[] = [EXCHANGE_SCHEMA, MARKET_DATA_SCHEMA];

/** What the service of a configuration keeps in SQL. */
export function schemasOf({ instance, service }: StorePlace): readonly StoredSchema[] {
  return SCHEMAS.filter(({ isOf }) => isOf(instance ?? service));
}

/** As instances are named: `market-data-simulator`, `marketdata`. */
function isMarketData(instance: string): boolean {
  return /^market-?data/.test(instance);
}

/** The database that a configuration names, open for a tool. */
export interface OpenStore extends AsyncDisposable {
  /** What people call it. */
  readonly name: string;
  /** One schema of it, closed by whoever asked for it. */
  open(schema: string): SqlDatabase<unknown>;
}

/** Whether history is on a server, as for a start. */
export function isOnServer({ store, postgresUrl }: StorePlace): boolean {
  return store === "postgres" || (store === "auto" && postgresUrl !== undefined);
}

/**
 * Opens the database of a configuration: a server's beside whoever else uses it, a world's embedded one
 * under the world's lock.
 *
 * @param isMade whether an embedded database is made where there is none
 * @returns `undefined` when there is none
 * @throws Refused, DirectoryInUse
 */
export async function openStore(
  place: StorePlace,
  { isMade }: { readonly isMade: boolean },
): Promise<OpenStore | undefined> {
  if (isOnServer(place)) return openServer(place);
  if (place.store === "memory") {
    throw new Refused("STORE=memory keeps no database: history is in the running world's memory");
  }
  const directory = dataDirOf(place);
  if (!(await namesIn(directory)).includes(WORLD_RECORD)) {
    throw new Refused(`there is no world in ${directory}: name another with --data-dir`);
  }
  const lock = lockDirectory(directory);
  try {
    return await openEmbedded(directory, lock, isMade);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function openServer({ postgresUrl: url = "" }: StorePlace): OpenStore {
  const pool = { connectionsMax: 2 };
  return {
    name: "PostgreSQL",
    open: (schema) => openPostgres({ url, schema, pool, applicationName: "tse" }),
    async [Symbol.asyncDispose]() {},
  };
}

async function openEmbedded(
  directory: string,
  lock: DirectoryLock,
  isMade: boolean,
): Promise<OpenStore | undefined> {
  if (!(await wasFlushed(directory))) {
    throw new Refused(
      `the machine stopped before the embedded database in ${directory} was flushed: start the world, ` +
        "which makes it again from the journal",
    );
  }
  const place = await embeddedDirectory(directory, silentLogger);
  if (!isMade && !existsSync(place.database) && !existsSync(place.base)) {
    lock.release();
    return undefined;
  }
  await place.opened();
  const host = new PgliteHost({ directory: place.database, base: place.base });
  await host.ready();
  return {
    name: `the embedded database in ${directory}`,
    open: (schema) => remotePglite(host.connect(), { schema }),
    async [Symbol.asyncDispose]() {
      await host.checkpoint();
      await place.flushed();
      await host.close();
      lock.release();
    },
  };
}
