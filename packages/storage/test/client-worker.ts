import { type MessagePort, workerData } from "node:worker_threads";
import { sql } from "kysely";
import { remotePglite } from "../src/index.ts";

/** A client of an embedded database in a thread of its own: writes one row and leaves. */
const port: MessagePort = workerData;
const database = remotePglite(port, { schema: "public" });
await database.transaction((db) => sql`insert into t values (6)`.execute(db));
await database.close();
