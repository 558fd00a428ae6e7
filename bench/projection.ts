/** How fast what happened reaches SQL, and what that costs who trades. `node bench/projection.ts --help` */

import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openPostgres } from "@tse/storage";
import { quantile } from "./quantile.ts";
import { writeWorld } from "./recovery-world.ts";
import { say } from "./report.ts";
import { type StartedExchange, type StartOptions, startExchange } from "./started-exchange.ts";

const HELP = `Usage: node bench/projection.ts [options]

  --commands N       commands of customers that are projected (50000)
  --rate N           orders a second while acknowledgements are measured (200)
  --seconds N        how long, of each exchange (30)
  --warmup N         seconds before (10)
  --postgres URL     as TEST_POSTGRES_URL; without either, only the embedded database
  --json             print JSON instead of a table
  --help

First: a world whose journal has so many commands of 200 customers, and an empty database; measured
is the time from the first row to the last, all of them audited. Second: acknowledgements of orders
over REST, sent by an open loop, of two exchanges side by side that have their turn second by second:
one with the projection at work, one with its database out of reach.`;

const { values } = parseArgs({
  options: {
    commands: { type: "string", default: "50000" },
    rate: { type: "string", default: "200" },
    seconds: { type: "string", default: "30" },
    warmup: { type: "string", default: "10" },
    postgres: { type: "string", default: process.env.TEST_POSTGRES_URL ?? "" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const TOKEN = { authorization: "Bearer the-token-of-the-bench" };
const GOALS = { postgres: 5_000, embedded: 2_500 } as const;
/** Nobody listens there. */
const AWAY: StartOptions = {
  store: "postgres",
  postgresUrl: "postgres://postgres@127.0.0.1:9/nowhere",
};

if (values.help) say(HELP);
else await run();

async function run(): Promise<void> {
  const stores: StartOptions[] = [{ store: "embedded" }];
  if (values.postgres !== "") {
    stores.unshift({ store: "postgres", postgresUrl: values.postgres });
  }
  const results = [];
  for (const options of stores) results.push(await measure(options));
  if (values.json) say(JSON.stringify({ goals: GOALS, results }, null, 2));
  else for (const result of results) print(result);
}

async function measure(options: StartOptions) {
  const projected = await inWorld(Number(values.commands), (directory) =>
    inSchema(options, (own) => projectAll(directory, own)),
  );
  const acknowledged = await inWorld(100, (directory) =>
    inSchema(options, (own) =>
      inWorld(100, (away) => acknowledgedByTurns([directory, own], [away, AWAY])),
    ),
  );
  return { store: options.store, ...projected, acknowledged };
}

/** A schema of its own for each world, gone afterwards. */
async function inSchema<Result>(
  options: StartOptions,
  work: (options: StartOptions) => Promise<Result>,
): Promise<Result> {
  if (options.postgresUrl === undefined) return work(options);
  const schema = `bench_projection_${process.pid}_${Math.round(performance.now())}`;
  try {
    return await work({ ...options, schema });
  } finally {
    const database = openPostgres<unknown>({ url: options.postgresUrl, schema });
    await database.db.schema.dropSchema(schema).ifExists().cascade().execute();
    await database.close();
  }
}

async function inWorld<Result>(
  commands: number,
  work: (directory: string) => Promise<Result>,
): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), "tse-projection-"));
  try {
    await writeWorld(directory, { commands, seed: 1 });
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

interface Storage {
  readonly sequence: number;
  readonly projection: { readonly position: number; readonly rows: number };
}

/** From the first step to the last. */
async function projectAll(directory: string, options: StartOptions) {
  const exchange = await startExchange(directory, options);
  try {
    let first:
      | { readonly at: number; readonly position: number; readonly rows: number }
      | undefined;
    for (;;) {
      const { sequence, projection } = await storageOf(exchange);
      const { position, rows } = projection;
      const at = performance.now();
      if (first === undefined && position > 0) first = { at, position, rows };
      if (first !== undefined && position >= sequence) {
        const seconds = (at - first.at) / 1_000;
        return {
          commandsPerSecond: (position - first.position) / seconds,
          rowsPerSecond: (rows - first.rows) / seconds,
        };
      }
      await wait(20);
    }
  } finally {
    await exchange.end("SIGTERM");
  }
}

async function storageOf({ started }: StartedExchange): Promise<Storage> {
  const response = await fetch(`${started.admin}/admin/storage`, { headers: TOKEN });
  return (await response.json()) as Storage;
}

/** Milliseconds from sending an order to its acknowledgement. */
interface Acknowledged {
  readonly p50: number;
  readonly p99: number;
}

type World = readonly [directory: string, options: StartOptions];

/**
 * Of two exchanges that run side by side and are sent orders by turns, so that both have the same machine
 * at the same time of day: one with its projection, one whose database is away.
 */
async function acknowledgedByTurns(withIt: World, without: World) {
  const exchanges = [await startExchange(...withIt), await startExchange(...without)] as const;
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  try {
    const times: [number[], number[]] = [[], []];
    const turns = Number(values.warmup) + Number(values.seconds);
    for (let turn = 0; turn < turns; turn++) {
      for (const which of [0, 1] as const) {
        const sent = await sendOrders(exchanges[which], agent);
        if (turn >= Number(values.warmup)) times[which].push(...sent);
        if (which === 0) await caughtUp(exchanges[0]);
      }
    }
    return { with: quantiles(times[0]), without: quantiles(times[1]) };
  } finally {
    agent.destroy();
    for (const exchange of exchanges) await exchange.end("SIGTERM");
  }
}

function quantiles(times: readonly number[]): Acknowledged {
  const sorted = times.toSorted((one, other) => one - other);
  return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
}

async function caughtUp(exchange: StartedExchange): Promise<void> {
  for (;;) {
    const { sequence, projection } = await storageOf(exchange);
    if (projection.position >= sequence) return;
    await wait(20);
  }
}

/** For a second, at the rate that is asked for, whatever comes back. */
async function sendOrders(exchange: StartedExchange, agent: Agent): Promise<number[]> {
  const count = Number(values.rate);
  const sent: Promise<number>[] = [];
  const begin = performance.now();
  for (let i = 0; i < count; i++) {
    const due = begin + (i * 1_000) / Number(values.rate);
    if (due > performance.now()) await wait(due - performance.now());
    sent.push(order(exchange, agent, i));
  }
  return Promise.all(sent);
}

function order({ started }: StartedExchange, agent: Agent, i: number): Promise<number> {
  const { keyId, secret } = started.demo;
  const body = JSON.stringify({
    symbol: "BTC/USD",
    side: i % 2 === 0 ? "BUY" : "SELL",
    orderType: "MARKET",
    quantity: "0.0002",
  });
  const headers = {
    authorization: `Bearer ${keyId}.${secret}`,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  };
  const from = performance.now();
  return new Promise((resolve, reject) => {
    const sending = request(`${started.http}/api/v1/orders`, { method: "POST", agent, headers });
    sending.on("error", reject);
    sending.on("response", (response) => {
      response.resume();
      response.on("end", () => resolve(performance.now() - from));
    });
    sending.end(body);
  });
}

function print({
  store,
  commandsPerSecond,
  rowsPerSecond,
  acknowledged,
}: Awaited<ReturnType<typeof measure>>): void {
  const { with: withIt, without } = acknowledged;
  const more = ((withIt.p99 / without.p99 - 1) * 100).toFixed(0);
  say(
    `${store}: ${commandsPerSecond.toFixed(0)} commands/s (goal ${GOALS[store as keyof typeof GOALS]}), ${rowsPerSecond.toFixed(0)} rows/s`,
  );
  say(
    `  acknowledged in ms, p50 / p99: ${withIt.p50.toFixed(2)} / ${withIt.p99.toFixed(2)} with it, ${without.p50.toFixed(2)} / ${without.p99.toFixed(2)} without: p99 ${more} % more (goal at most 20 %)`,
  );
}
