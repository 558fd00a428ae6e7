/** How fast an exchange's history reaches its store. `node bench/storage.ts --help` */
import { cpus } from "node:os";
import process from "node:process";
import { parseArgs } from "node:util";
import type { Random } from "@tse/domain";
import {
  type ExchangeDataAdapter,
  newExchangeDataAdapter,
  type StoreConfig,
} from "@tse/exchange-data-adapter";
import { openPostgres, PgliteHost } from "@tse/storage";
import { systemClock } from "@tse/storage/testing";
import { say } from "./report.ts";
import { type BulkResult, measureBulk } from "./storage-bulk.ts";
import { measureSingle, type SingleResult } from "./storage-single.ts";

const HELP = `Usage: node bench/storage.ts [options]

  --store NAMES       of memory, pglite, postgres; comma-separated (all; postgres only with an address)
  --postgres URL      address of a server (TEST_POSTGRES_URL); a schema of its own is made and dropped
  --commands N        commands a round (20000)
  --batch N           commands a transaction (1000)
  --rounds N          rounds, each on an empty schema; the median counts (3)
  --json              print JSON instead of a table
  --help

Bulk: what a projector writes for one command on the average: an order, half a trade and as much of the
tape, two balances, four audit rows that are hashed within the measured time, half a ledger journal of
five entries; and one step of the projection a transaction. Goals: 5,000 commands a second into
PostgreSQL, 2,500 into PGlite.
Single: one operation at a time. Goals: each under 100 ms, ten rows at once under 500 ms, 1,000 mixed
operations at PERF_THROUGHPUT_MIN (100) a second.`;

const { values } = parseArgs({
  options: {
    store: { type: "string", default: "memory,pglite,postgres" },
    postgres: { type: "string", default: process.env.TEST_POSTGRES_URL ?? "" },
    commands: { type: "string", default: "20000" },
    batch: { type: "string", default: "1000" },
    rounds: { type: "string", default: "3" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

/** Only spreads retries, of which there are none here. */
const random = { next: Math.random } as Random;
const GOALS: Readonly<Record<string, number>> = { postgres: 5000, pglite: 2500 };
const THROUGHPUT_MIN = Number(process.env.PERF_THROUGHPUT_MIN ?? 100);

interface Result {
  readonly store: string;
  readonly bulk: BulkResult;
  readonly single: SingleResult;
}

if (values.help) say(HELP);
else await main();

async function main(): Promise<void> {
  const machine = { cpu: cpus()[0]?.model ?? "unknown", node: process.version };
  const rounds = Number(values.rounds);
  if (!values.json) say(`${machine.cpu}, Node ${machine.node}, median of ${rounds} rounds`);
  const results: Result[] = [];
  for (const store of values.store.split(",")) {
    if (store === "postgres" && values.postgres === "") continue;
    const result = await measure(store, rounds);
    results.push(result);
    if (!values.json) print(result);
  }
  if (values.json) say(JSON.stringify({ machine, rounds, results }, null, 2));
}

async function measure(store: string, rounds: number): Promise<Result> {
  const size = { commands: Number(values.commands), batch: Number(values.batch) };
  const host = store === "pglite" ? new PgliteHost() : undefined;
  await host?.ready();
  const bulks: BulkResult[] = [];
  const singles: SingleResult[] = [];
  for (let round = 0; round < rounds; round++) {
    const schema = `bench_${process.pid}_${round}`;
    const adapter = adapterOn(configOf(store, host), schema);
    await adapter.connect();
    bulks.push(await measureBulk(adapter, size));
    singles.push(await measureSingle(adapter));
    await adapter.disconnect();
    if (store === "postgres") await dropSchema(schema);
  }
  await host?.close();
  const middle = Math.floor(rounds / 2);
  bulks.sort((one, other) => one.commandsPerSecond - other.commandsPerSecond);
  singles.sort((one, other) => one.operationsPerSecond - other.operationsPerSecond);
  return { store, bulk: bulks[middle]!, single: singles[middle]! };
}

function configOf(store: string, host: PgliteHost | undefined): StoreConfig {
  if (host !== undefined) return { kind: "port", port: host.connect() };
  return store === "postgres" ? { kind: "postgres", url: values.postgres } : { kind: "memory" };
}

function adapterOn(store: StoreConfig, schema: string): ExchangeDataAdapter {
  const silent = { info: () => {}, warn: (line: string) => say(line) };
  return newExchangeDataAdapter(
    { instanceName: "exchange", schema, store },
    { logger: silent, clock: systemClock, realClock: systemClock, random },
  );
}

async function dropSchema(schema: string): Promise<void> {
  const database = openPostgres<unknown>({ url: values.postgres, schema });
  await database.db.schema.dropSchema(schema).cascade().execute();
  await database.close();
}

function print({ store, bulk, single }: Result): void {
  const goal = GOALS[store] === undefined ? "" : ` (goal ${GOALS[store]})`;
  const { commandsPerSecond: commands, rowsPerSecond: rows, storeShare } = bulk;
  say(`\n${store}: ${commands.toFixed(0)} commands/s${goal}, ${rows.toFixed(0)} rows/s`);
  say(
    `  ${(storeShare * 100).toFixed(0)} % of the time in the store, the rest in hashing and making rows`,
  );
  for (const { operation, p50, p99, goal: most } of single.operations) {
    say(
      `  ${operation.padEnd(24)} p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms (goal ${most} ms)`,
    );
  }
  const rate = single.operationsPerSecond.toFixed(0);
  say(`  1,000 operations         ${rate}/s (goal ${THROUGHPUT_MIN}/s)`);
}
