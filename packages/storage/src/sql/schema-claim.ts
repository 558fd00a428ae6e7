import pg from "pg";
import { StorageError } from "../errors.ts";
import { schemaKey } from "./schema-key.ts";
import type { SchemaClaim } from "./sql-database.ts";
import { storageErrorOf } from "./sql-errors.ts";

export interface ClaimRequest {
  readonly connection: pg.ClientConfig;
  readonly schema: string;
  readonly onLost: () => void;
}

const ANSWER_LIMIT_MS = 10_000;

/**
 * A session's advisory lock on a connection of its own: the server gives it up with the connection, so
 * nothing remains of a writer that died.
 */
export async function claimSchema({
  connection,
  schema,
  onLost,
}: ClaimRequest): Promise<SchemaClaim> {
  const client = new pg.Client({ ...connection, query_timeout: ANSWER_LIMIT_MS });
  const key = schemaKey(schema, "writer");
  let held = false;
  client.on("error", ignore);
  client.on("end", () => {
    if (held) onLost();
    held = false;
  });
  try {
    await client.connect();
    const claimed = await client.query(`select pg_try_advisory_lock('${key}'::int8) as taken`);
    held = claimed.rows[0].taken;
  } catch (cause) {
    await client.end();
    throw storageErrorOf(cause);
  }
  if (!held) {
    await client.end();
    throw new StorageError("schema_in_use", `another process writes the schema ${schema}`);
  }
  return {
    release: async () => {
      held = false;
      // The end of a connection is noticed only some time after; the lock is free when this returns.
      await client.query(`select pg_advisory_unlock('${key}'::int8)`).catch(ignore);
      await client.end();
    },
  };
}

/** An error of an idle connection precedes its end, which is what counts. */
function ignore(): void {}
