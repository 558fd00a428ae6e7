import { deepEqual, ok } from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { type CutableProxy, cutableProxy } from "@tse/storage/testing";
import type { Load } from "./load.ts";
import { type PrivatePostgres, postgresPrograms, privatePostgres } from "./private-servers.ts";
import { untilStorage } from "./service-checks.ts";
import { TradedWorld } from "./traded-world.ts";

/** By hand a minute: `OUTAGE_SECONDS=60`. */
const OUTAGE_MS = 1_000 * Number(process.env.OUTAGE_SECONDS ?? 5);
const CUTS = 5;

/** Ends every connection that has written something and not committed it yet. */
const CUT_WRITERS =
  "select count(pg_terminate_backend(pid)) from pg_stat_activity where backend_xid is not null";

const programs = await postgresPrograms();
const skip =
  programs === undefined && process.env.CI !== "true" ? "PostgreSQL's programs are missing" : false;

/** Orders go on, rows don't, and whoever asks is told so. */
async function showsOutage(world: TradedWorld, load: Load): Promise<void> {
  const over = pause(OUTAGE_MS);
  await untilStorage(world.admin, ({ projection }) => projection.state === "waiting");
  await load.untilAcknowledged(100);
  await untilStorage(world.admin, ({ projection }) => projection.lagUnits > 0);
  await world.untilReadiness("degraded");
  await over;
}

describe("while PostgreSQL comes and goes, the exchange", { skip }, () => {
  let postgres: PrivatePostgres;
  let proxy: CutableProxy;
  let schemas = 0;
  before(async () => {
    postgres = await privatePostgres(programs ?? "");
    await postgres.start();
    proxy = await cutableProxy(postgres.url);
  });
  after(async () => {
    await proxy.close();
    await postgres[Symbol.asyncDispose]();
  });

  const open = () => {
    schemas += 1;
    const SCHEMA_NAME = `outage_${schemas}`;
    return TradedWorld.open({
      environment: { STORE: "postgres", POSTGRES_URL: proxy.url, SCHEMA_NAME },
    });
  };

  /** Trades before, through and after the outage, and compares. */
  async function tradeThrough(begin: () => Promise<void>, end: () => Promise<void>): Promise<void> {
    await using world = await open();
    const load = world.load();
    await load.untilAcknowledged(100);
    try {
      await begin();
      await world.during(() => showsOutage(world, load));
    } finally {
      await end();
    }
    await load.untilAcknowledged(100);
    deepEqual(await load.done(), []);
    deepEqual(await world.findings(), []);
    await world.untilReadiness("ready");
  }

  it("trades on when its connections are cut in their transactions", async () => {
    await using world = await open();
    const load = world.load();
    let cut = 0;
    while (cut < CUTS) {
      await load.untilAcknowledged(5);
      cut += Number(await postgres.ask(CUT_WRITERS));
    }
    await load.untilAcknowledged(100);

    deepEqual(await load.done(), []);
    deepEqual(await world.findings(), []);
    ok(cut >= CUTS, "transactions were cut");
  });

  it("trades on when it can't be reached, and catches up", () =>
    tradeThrough(
      async () => proxy.refuse(),
      async () => proxy.resume(),
    ));

  it("trades on when it is stopped and started again, and catches up", () =>
    tradeThrough(
      () => postgres.stop("SIGINT"),
      () => postgres.start(),
    ));

  it("loses nothing when both are killed, and the database comes back last", async () => {
    await using world = await open();
    const load = world.load();
    await load.untilAcknowledged(100);
    await postgres.stop("SIGKILL");
    await load.untilAcknowledged(100);
    load.halt();
    await world.kill();
    await load.done();

    await world.restart();
    const again = world.load();
    await again.untilAcknowledged(100);
    await world.untilReadiness("degraded");
    await postgres.start();
    deepEqual(await again.done(), []);
    deepEqual(await world.findings(), []);
  });
});
