import { deepEqual, equal, ok, rejects, throws } from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, beforeEach, describe, it } from "node:test";
import { seededRandom } from "@tse/simulation";
import { sql } from "kysely";
import {
  BackendMonitor,
  type OutcomeListener,
  openPostgres,
  type PoolSettings,
  type SqlDatabase,
  type StorageError,
} from "../src/index.ts";
import {
  type CutableProxy,
  cutableProxy,
  systemClock,
  TEST_BACKENDS,
} from "../src/testing/index.ts";
import { recordedMetrics } from "./recorded-metrics.ts";

const unavailable = { code: "storage_unavailable" };
const backend = TEST_BACKENDS.find(({ name }) => name === "postgres")!;
const address = () => process.env.TEST_POSTGRES_URL!;

describe("a PostgreSQL server", { skip: backend.skip }, () => {
  /** Sees what happens to the connections of the others. */
  let observer: SqlDatabase<unknown>;
  let proxy: CutableProxy;
  let applicationName: string;
  const opened: SqlDatabase<unknown>[] = [];

  before(async () => {
    observer = await backend.open();
    proxy = await cutableProxy(address());
  });
  beforeEach(() => {
    applicationName = `tse-${randomUUID()}`;
  });
  after(async () => {
    await Promise.all(opened.map((database) => database.close()));
    await observer.close();
    await proxy.close();
  });

  const open = (options: { pool?: Partial<PoolSettings>; onOutcome?: OutcomeListener } = {}) => {
    const { schema } = observer;
    const database = openPostgres({ url: proxy.url, schema, applicationName, ...options });
    opened.push(database);
    return database;
  };
  const terminate = async () => {
    const { rows } = await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = ${applicationName}
    `.execute(observer.db);
    return rows.length;
  };

  it("is spoken to with the schema's search path, in UTC, under the application's name", async () => {
    const { rows } = await sql`
      select current_schema() as s, current_setting('TimeZone') as z,
        current_setting('application_name') as a
    `.execute(open().db);
    deepEqual(rows, [{ s: observer.schema, z: "UTC", a: applicationName }]);
  });

  it("keeps settings of its address, and its own above them", async () => {
    const url = `${address()}?options=-c%20work_mem%3D77kB%20-c%20TimeZone%3DAsia/Tokyo`;
    const database = openPostgres({ url, schema: observer.schema });
    opened.push(database);
    const { rows } = await sql`
      select current_setting('work_mem') as m, current_setting('TimeZone') as z
    `.execute(database.db);
    deepEqual(rows, [{ m: "77kB", z: "UTC" }]);
  });

  it("may lose idle connections: the next statement gets a new one", async () => {
    const failures: (StorageError | undefined)[] = [];
    const lost = Promise.withResolvers<void>();
    const database = open({
      onOutcome: (failure) => {
        failures.push(failure);
        if (failure !== undefined) lost.resolve();
      },
    });
    await database.ping();
    equal(await terminate(), 1);
    await lost.promise;
    await database.ping();
    deepEqual(
      failures.map((failure) => failure?.code),
      [undefined, "storage_unavailable", undefined],
    );
  });

  it("may end a connection in a transaction: nothing of it remains", async () => {
    await sql`create table cut (n int)`.execute(observer.db);
    const database = open();
    await rejects(
      database.transaction(async (db) => {
        await sql`insert into cut values (1)`.execute(db);
        equal(await terminate(), 1);
        await sql`insert into cut values (2)`.execute(db);
      }),
      unavailable,
    );
    const { rows } = await sql`select count(*) as n from cut`.execute(observer.db);
    deepEqual(rows, [{ n: 0n }]);
    await database.ping();
  });

  it("may go away and come back, in the middle of anything", async () => {
    const database = open({ pool: { acquireTimeoutMs: 2_000 } });
    await database.ping();
    proxy.refuse();
    await rejects(database.ping(), unavailable);
    await rejects(
      database.transaction(async () => {}),
      unavailable,
    );
    proxy.resume();
    await database.ping();
  });

  it("may fall silent: statements give up, and their connections are not used again", async () => {
    const database = open({ pool: { statementTimeoutMs: 100, acquireTimeoutMs: 300 } });
    await database.ping();
    proxy.stall();
    await rejects(database.ping(), unavailable);
    await rejects(database.ping(), unavailable);
    proxy.resume();
    await database.ping();
  });

  it("is watched by a monitor that sees it go and brings it back", async () => {
    const lines: string[] = [];
    const conditions = Promise.withResolvers<void>();
    const database = open({ onOutcome: (failure) => monitor.report(failure) });
    const monitor = new BackendMonitor({
      backend: "postgres",
      ping: () => database.ping(),
      clock: systemClock,
      random: seededRandom(1),
      logger: {
        info: (message) => lines.push(message),
        warn: (message) => lines.push(message),
      },
    });
    await monitor.connect();
    monitor.onStateChange(({ condition }) => {
      if (condition === "degraded") proxy.resume();
      else conditions.resolve();
    });
    proxy.refuse();
    await conditions.promise;
    await monitor.healthCheck();
    monitor.close();
    deepEqual(lines, [
      "DataAdapter connected",
      "DataAdapter lost a backend",
      "DataAdapter connected",
    ]);
  });

  it("gets no more connections than allowed, and keeps only some without work", async () => {
    const { metrics, gauges } = recordedMetrics();
    const database = openPostgres({
      url: address(),
      schema: observer.schema,
      applicationName,
      pool: { connectionsMax: 3, idleMax: 1 },
      metrics,
    });
    opened.push(database);
    const active = sql<{ n: bigint }>`
      select count(*) as n from pg_stat_activity where application_name = ${applicationName}
    `;
    const { promise: proceed, resolve } = Promise.withResolvers<void>();
    const started = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
    const units = started.map((start) =>
      database.transaction(async (db) => {
        await sql`select 1`.execute(db);
        start.resolve();
        await proceed;
      }),
    );
    await Promise.all(started.map((start) => start.promise));
    const waiting = database.ping();
    deepEqual((await active.execute(observer.db)).rows, [{ n: 3n }]);
    equal(gauges.get("data_adapter_pool_connections active"), 3);
    resolve();
    await Promise.all([...units, waiting]);

    const idle = async () => (await active.execute(observer.db)).rows[0]?.n;
    while ((await idle()) !== 1n);
    equal(gauges.get("data_adapter_pool_connections active"), 0);
    equal(gauges.get("data_adapter_pool_connections idle"), 1);
  });

  it("refuses a wrong login, database and address as unavailable", async () => {
    const wrong = (change: (url: URL) => void) => {
      const url = new URL(address());
      change(url);
      const database = openPostgres({ url: url.href, schema: observer.schema });
      opened.push(database);
      return rejects(database.ping(), unavailable);
    };
    await wrong((url) => {
      url.username = `nobody_${randomUUID()}`;
    });
    await wrong((url) => {
      url.pathname = `/nothing_${randomUUID()}`;
    });
    await wrong((url) => {
      url.port = "1";
    });
  });

  it("tells conflicts of concurrent transactions from other failures", async () => {
    await sql`create table race (n int)`.execute(observer.db);
    await sql`insert into race values (1)`.execute(observer.db);
    const add = () =>
      open().transaction(async (db) => {
        await sql`set transaction isolation level repeatable read`.execute(db);
        await sql`select * from race`.execute(db);
        await Promise.resolve(both.arrive());
        await both.all;
        await sql`update race set n = n + 1`.execute(db);
      });
    const both = meeting(2);
    const results = await Promise.allSettled([add(), add()]);
    const failed = results.filter((result) => result.status === "rejected");
    deepEqual(
      failed.map(({ reason }) => reason.code),
      ["conflict"],
    );
  });

  it("refuses changes of append-only rows as a conflict", async () => {
    await sql
      .raw(`
      create table log (n int);
      create function forbid_change() returns trigger language plpgsql as $$
      begin raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation'; end $$;
      create trigger append_only before update or delete or truncate on log
        for each statement execute function forbid_change();
    `)
      .execute(observer.db);
    await rejects(sql`delete from log`.execute(observer.db), { code: "conflict" });
  });
});

describe("the address of a PostgreSQL server", () => {
  it("is checked before anything is opened, and not repeated in the error", () => {
    for (const url of ["", "localhost", "mysql://u:secret@h/d", "postgres//u:secret@h"]) {
      throws(
        () => openPostgres({ url, schema: "exchange" }),
        (error: StorageError) => {
          equal(error.code, "invalid_query");
          ok(!error.message.includes("secret"));
          return true;
        },
        url,
      );
    }
  });
});

/** Where so many meet before anyone goes on. */
function meeting(count: number) {
  const { promise: all, resolve } = Promise.withResolvers<void>();
  let missing = count;
  const arrive = () => {
    missing -= 1;
    if (missing === 0) resolve();
  };
  return { all, arrive };
}
