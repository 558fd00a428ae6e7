import { deepEqual, equal, rejects } from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { seededRandom } from "@tse/simulation";
import {
  acquireWriterLock,
  openPostgres,
  type SqlDatabase,
  type StorageError,
  type WriterLock,
} from "../src/index.ts";
import {
  type CutableProxy,
  cutableProxy,
  systemClock,
  TEST_BACKENDS,
} from "../src/testing/index.ts";

const postgres = TEST_BACKENDS.find(({ name }) => name === "postgres")!;
const address = () => process.env.TEST_POSTGRES_URL!;

/** Options of a lock, and what it told. */
function watcher() {
  const told: string[] = [];
  const lost = Promise.withResolvers<void>();
  const regained = Promise.withResolvers<void>();
  const options = {
    clock: systemClock,
    random: seededRandom(1),
    onLost: () => {
      told.push("lost");
      lost.resolve();
    },
    onRegained: () => {
      told.push("regained");
      regained.resolve();
    },
  };
  return { options, told, lost: lost.promise, regained: regained.promise };
}

/** The server notices the end of a connection some time after its client. */
async function acquireAsSoonAsFree(database: SqlDatabase<unknown>): Promise<WriterLock> {
  for (;;) {
    try {
      return await acquireWriterLock(database, watcher().options);
    } catch (error) {
      equal((error as StorageError).code, "schema_in_use");
    }
  }
}

describe("the writer's lock of a schema in PostgreSQL", { skip: postgres.skip }, () => {
  let proxy: CutableProxy;
  const databases: SqlDatabase<unknown>[] = [];

  before(async () => {
    proxy = await cutableProxy(address());
  });
  after(async () => {
    await Promise.all(databases.map((database) => database.close()));
    await proxy.close();
  });
  const open = (schema: string, url = address()) => {
    const database = openPostgres({ url, schema, applicationName: "tse-lock" });
    databases.push(database);
    return database;
  };
  const fresh = () => `lock_${randomUUID().replaceAll("-", "")}`;

  it("is one writer's, until it is released", async () => {
    const schema = fresh();
    const first = await acquireWriterLock(open(schema), watcher().options);
    equal(first.held, true);
    await rejects(acquireWriterLock(open(schema), watcher().options), { code: "schema_in_use" });

    await first.release();
    equal(first.held, false);
    const second = await acquireWriterLock(open(schema), watcher().options);
    await second.release();
  });

  it("of another schema is another lock", async () => {
    const locks = await Promise.all(
      [fresh(), fresh()].map((schema) => acquireWriterLock(open(schema), watcher().options)),
    );
    await Promise.all(locks.map((lock) => lock.release()));
  });

  it("is lost with its connection, and claimed again", async () => {
    const { options, told, lost, regained } = watcher();
    const schema = fresh();
    const lock = await acquireWriterLock(open(schema, proxy.url), options);
    proxy.refuse();
    await lost;
    equal(lock.held, false);

    proxy.resume();
    await regained;
    equal(lock.held, true);
    deepEqual(told, ["lost", "regained"]);
    await rejects(acquireWriterLock(open(schema), watcher().options), { code: "schema_in_use" });
    await lock.release();
  });

  it("waits for another writer who took it meanwhile", async () => {
    const { options, lost, regained } = watcher();
    const schema = fresh();
    const lock = await acquireWriterLock(open(schema, proxy.url), options);
    proxy.refuse();
    await lost;
    const other = await acquireAsSoonAsFree(open(schema));
    proxy.resume();
    equal(lock.held, false);
    await other.release();
    await regained;
    equal(lock.held, true);
    await lock.release();
  });

  it("is not to be had while the server is away", async () => {
    proxy.refuse();
    await rejects(acquireWriterLock(open(fresh(), proxy.url), watcher().options), {
      code: "storage_unavailable",
    });
    proxy.resume();
  });
});

describe("the writer's lock of an embedded schema", () => {
  it("is always free: the directory belongs to the process", async () => {
    const database = await TEST_BACKENDS.find(({ name }) => name === "pglite")!.open();
    const lock = await acquireWriterLock(database, watcher().options);
    equal(lock.held, true);
    await lock.release();
    await database.close();
  });
});
