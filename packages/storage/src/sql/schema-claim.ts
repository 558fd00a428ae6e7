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

/**
 * A session's advisory lock on a connection of its own: the server gives it up with the connection, so
 * nothing remains of a writer that died.
 */
export async function claimSchema({
  connection,
  schema,
  onLost,
}: ClaimRequest): Promise<SchemaClaim> {
  const client = new pg.Client(connection);
  let held = false;
  client.on("error", ignore);
  client.on("end", () => {
    if (held) onLost();
    held = false;
  });
  try {
    await client.connect();
    const { rows } = await client.query("select pg_try_advisory_lock($1::text::int8) as taken", [
      schemaKey(schema, "writer"),
    ]);
    held = rows[0].taken;
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
      await client.end();
    },
  };
}

/** An error of an idle connection precedes its end, which is what counts. */
function ignore(): void {}
