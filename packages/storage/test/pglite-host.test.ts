import { deepEqual, equal, rejects } from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { MessageChannel, Worker } from "node:worker_threads";
import { sql } from "kysely";
import { PgliteHost, remotePglite, type SqlDatabase } from "../src/index.ts";

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "tse-pglite-"));
});
after(() => rm(folder, { recursive: true }));

const images = () => join(folder, "images");

const countOf = async (database: SqlDatabase<unknown>) => {
  const { rows } = await sql<{ n: bigint }>`select count(*) as n from t`.execute(database.db);
  return rows[0]?.n;
};

/** A host on a directory of that name, and a client in `public`. */
async function open(name: string) {
  const host = new PgliteHost({ directory: join(folder, name), images: images() });
  await host.ready();
  const database = remotePglite(host.connect(), { schema: "public" });
  return { host, database };
}

describe("an embedded database in a directory", () => {
  it("leaves an image that later ones begin with, and keeps what was committed", async () => {
    const first = await open("first");
    equal((await readdir(images())).length, 1);
    await sql`create table t (n int)`.execute(first.database.db);
    await sql`insert into t values (1), (2)`.execute(first.database.db);
    await first.database.close();
    await first.host.close();

    const again = await open("first");
    equal(await countOf(again.database), 2n);
    await again.host.close();

    const second = await open("second");
    await rejects(countOf(second.database), { code: "internal" });
    await second.host.close();
  });

  it("begins with a base that was dumped, when there is one and no database", async () => {
    const { host, database } = await open("dumped");
    await sql`create table t (n int)`.execute(database.db);
    await sql`insert into t values (1), (2), (3)`.execute(database.db);
    const base = join(folder, "base.tar.gz");
    await host.dumpTo(base);
    await sql`insert into t values (4)`.execute(database.db);
    await host.close();

    const made = new PgliteHost({ directory: join(folder, "made"), images: images(), base });
    equal(await countOf(remotePglite(made.connect(), { schema: "public" })), 3n);
    await made.close();
    const kept = new PgliteHost({ directory: join(folder, "dumped"), images: images(), base });
    equal(await countOf(remotePglite(kept.connect(), { schema: "public" })), 4n);
    await kept.close();
  });

  it("recovers what was committed when its thread was killed", async () => {
    const { host, database } = await open("killed");
    await sql`create table t (n int)`.execute(database.db);
    await sql`insert into t values (1)`.execute(database.db);
    // Copied while it runs: what a killed process leaves, the kernel having all its writes.
    await cp(join(folder, "killed"), join(folder, "left"), { recursive: true });
    await host.close();

    const { host: next, database: recovered } = await open("left");
    equal(await countOf(recovered), 1n);
    await next.close();
  });

  it("is made again when its making was interrupted", async () => {
    const { host, database } = await open("half");
    await sql`create table t (n int)`.execute(database.db);
    await host.close();
    await writeFile(join(folder, "half.unfinished"), "");

    const again = await open("half");
    await rejects(countOf(again.database), { code: "internal" });
    equal(existsSync(join(folder, "half.unfinished")), false);
    await again.host.close();
  });

  it("gives its state after a checkpoint, and as one file", async () => {
    const { host, database } = await open("source");
    await sql`create table t (n int)`.execute(database.db);
    await sql`insert into t select generate_series(1, 1000)`.execute(database.db);
    await host.checkpoint();
    const copies = join(folder, "copies");
    await cp(images(), copies, { recursive: true });
    const [image] = await readdir(copies);
    await host.dumpTo(join(copies, image!));
    await host.close();

    const directory = join(folder, "from-dump");
    const copy = new PgliteHost({ directory, images: copies });
    equal(await countOf(remotePglite(copy.connect(), { schema: "public" })), 1000n);
    await copy.close();
  });

  it("says that it can't be opened, fails those who wait, and touches nothing", async () => {
    const directory = join(folder, "letters");
    await mkdir(directory);
    await writeFile(join(directory, "letter.txt"), "no database");
    const host = new PgliteHost({ directory, images: images() });
    const database = remotePglite(host.connect(), { schema: "public" });

    await rejects(host.ready(), { code: "storage_unavailable" });
    await rejects(database.ping(), { code: "storage_unavailable" });
    await rejects(host.checkpoint(), { code: "storage_unavailable" });
    deepEqual(await readdir(directory), ["letter.txt"]);
    await host.close();
  });
});

describe("the clients of an embedded database", () => {
  let host: PgliteHost;
  let one: SqlDatabase<unknown>;
  let two: SqlDatabase<unknown>;

  before(async () => {
    host = new PgliteHost({ images: images() });
    one = remotePglite(host.connect(), { schema: "public" });
    two = remotePglite(host.connect(), { schema: "other" });
    await sql`create schema other`.execute(one.db);
    await sql`create table t (n int)`.execute(one.db);
    await sql`create table t (n int)`.execute(two.db);
  });
  after(() => host.close());

  it("each have a schema of their own", async () => {
    await sql`insert into t values (1)`.execute(one.db);
    const [a, b, c] = await Promise.all([countOf(one), countOf(two), countOf(one)]);
    deepEqual([a, b, c], [1n, 0n, 1n]);
  });

  it("wait while another's transaction is open, and go on after it", async () => {
    const order: string[] = [];
    const inside = Promise.withResolvers<void>();
    const mayEnd = Promise.withResolvers<void>();
    const unit = one.transaction(async (db) => {
      await sql`insert into t values (2)`.execute(db);
      inside.resolve();
      await mayEnd.promise;
      await sql`insert into t values (3)`.execute(db);
      order.push("unit");
    });
    await inside.promise;
    const others = [
      two.ping().then(() => order.push("other")),
      host.checkpoint().then(() => order.push("host")),
    ];
    mayEnd.resolve();
    await Promise.all([unit, ...others]);
    deepEqual([order[0], order.length], ["unit", 3]);
  });

  it("leave no transaction open when they go", async () => {
    const before = await countOf(one);
    const port = host.connect();
    const guest = remotePglite(port, { schema: "public" });
    const inside = Promise.withResolvers<void>();
    const unit = guest.transaction(async (db) => {
      await sql`insert into t values (4)`.execute(db);
      inside.resolve();
      await once(port, "close");
      await sql`insert into t values (5)`.execute(db);
    });
    await inside.promise;
    port.close();
    await rejects(unit, { code: "storage_unavailable" });
    equal(await countOf(one), before);
  });

  it("may be in another thread", async () => {
    const port = host.connect();
    const before = await countOf(one);
    const worker = new Worker(new URL("./client-worker.ts", import.meta.url), {
      workerData: port,
      transferList: [port],
    });
    await once(worker, "exit");
    equal(await countOf(one), before! + 1n);
  });

  it("are refused nothing by a failed statement of another", async () => {
    await rejects(sql`select 1 / 0`.execute(one.db), { code: "invalid_query" });
    await two.ping();
  });

  it("lose the connection when the host closes", async () => {
    const short = new PgliteHost({ images: images() });
    const client = remotePglite(short.connect(), { schema: "public" });
    await client.ping();
    await short.close();
    await short.close();
    await rejects(client.ping(), { code: "storage_unavailable" });
    await client.close();
  });
});

describe("a port that leads nowhere", () => {
  it("is an unavailable database", async () => {
    const { port1, port2 } = new MessageChannel();
    port2.close();
    const database = remotePglite(port1, { schema: "public" });
    await rejects(database.ping(), { code: "storage_unavailable" });
  });
});
