import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { remotePglite } from "../pglite/pglite.ts";
import { PgliteHost } from "../pglite/pglite-host.ts";
import { openPostgres } from "../sql/postgres.ts";
import type { SqlDatabase } from "../sql/sql-database.ts";
import { skipReason, testAddress } from "./test-address.ts";

/** A backend that contract suites run against. */
export interface TestBackend {
  readonly name: "pglite" | "postgres";
  /** For `describe`'s options: why it can't be tested here, or `false`. */
  readonly skip: string | false;
  /** An empty schema that nobody else uses. Closing it drops it. */
  open<Tables>(): Promise<SqlDatabase<Tables>>;
}

/**
 * Every implementation of `SqlDatabase`.
 *
 * ```ts
 * for (const backend of TEST_BACKENDS) {
 *   describe(`accounts in ${backend.name}`, { skip: backend.skip }, () => {
 *     let database: SqlDatabase<ExchangeTables>;
 *     before(async () => {
 *       database = await backend.open<ExchangeTables>();
 *       await migrate(database, { migrations });
 *     });
 *     after(() => database.close());
 *     …
 * ```
 */
export const TEST_BACKENDS: readonly TestBackend[] = [
  { name: "pglite", skip: false, open: openPgliteSchema },
  { name: "postgres", skip: skipReason("TEST_POSTGRES_URL"), open: openPostgresSchema },
];

const IMAGES = fileURLToPath(new URL("../../../../node_modules/.cache/tse", import.meta.url));

/** One for a test file: it takes a second, a schema takes none. It ends with the process. */
let shared: PgliteHost | undefined;

async function openPgliteSchema<Tables>(): Promise<SqlDatabase<Tables>> {
  shared ??= new PgliteHost({ images: IMAGES });
  await shared.ready();
  shared.unref();
  return made(remotePglite<Tables>(shared.connect(), { schema: freshName() }));
}

async function openPostgresSchema<Tables>(): Promise<SqlDatabase<Tables>> {
  const url = testAddress("TEST_POSTGRES_URL");
  const pool = { connectionsMax: 5 };
  return made(
    openPostgres<Tables>({ url, schema: freshName(), pool, applicationName: "tse-test" }),
  );
}

async function made<Tables>(database: SqlDatabase<Tables>): Promise<SqlDatabase<Tables>> {
  const { db, schema } = database;
  const close = database.close.bind(database);
  await sql`create schema ${sql.id(schema)}`.execute(db);
  let closed: Promise<void> | undefined;
  database.close = () => {
    closed ??= sql`drop schema ${sql.id(schema)} cascade`.execute(db).then(close);
    return closed;
  };
  return database;
}

function freshName(): string {
  return `test_${randomUUID().replaceAll("-", "")}`;
}
