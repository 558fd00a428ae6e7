import type { MessagePort } from "node:worker_threads";
import pg from "pg";
import { requireSchemaName } from "../names.ts";
import type { SqlDatabase } from "../sql/sql-database.ts";
import { valueParsers } from "../sql/value-parsers.ts";
import { WireDatabase } from "../sql/wire-database.ts";
import type { OutcomeListener } from "../sql/wire-driver.ts";
import { PortStream } from "./port-stream.ts";

export interface RemotePgliteOptions {
  readonly schema: string;
  readonly onOutcome?: OutcomeListener;
}

/**
 * One schema of an embedded database, over a port of its `PgliteHost`; closing it closes the port.
 *
 * There is one connection for all clients: a statement waits while a transaction of another client is
 * open, and a unit of work that uses anything but its own handle waits for itself.
 */
export function remotePglite<Tables>(
  port: MessagePort,
  options: RemotePgliteOptions,
): SqlDatabase<Tables> {
  const schema = requireSchemaName(options.schema);
  let gone = false;
  port.once("close", () => {
    gone = true;
  });
  const pool = new pg.Pool({
    stream: () => new PortStream(port, schema, () => gone),
    user: "postgres",
    types: valueParsers,
    max: 1,
    idleTimeoutMillis: 0,
  });
  return new WireDatabase<Tables>({
    kind: "pglite",
    schema,
    pool,
    idleMax: 1,
    onOutcome: options.onOutcome ?? ignore,
    claim: async () => ({ release: async () => {} }),
    closeRest: async () => port.close(),
  });
}

function ignore(): void {}
