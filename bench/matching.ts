/** The matching engine beside others on the same commands. `node bench/matching.ts --help` */
import { parseArgs } from "node:util";
import type { ContenderName } from "./contenders.ts";
import { type Latency, latencyText } from "./latency.ts";
import { compare, latencyOf, type Measurement, type Task } from "./measure.ts";
import { report, say } from "./report.ts";
import { FAMILIES, type FamilyName, generate } from "./workload.ts";

const HELP = `Usage: node bench/matching.ts [options]

  --workload NAMES        of one, many, sparse, hot; comma-separated (all)
  --commands N            measured commands a workload (1000000)
  --rival-commands N      how many of them the npm engines get, 0: leave them out
                          (50000; 1000 on hot, where they take a quarter of a millisecond each)
  --rounds N              counted rounds, engines by turns (5)
  --seed N                of the generator (1)
  --json                  print JSON instead of a table
  --help

Every event of every command is read and hashed within the measured time. Each engine runs in a
process of its own, by turns; rates are per second of CPU time of the thread it runs on. Single
commands are timed one by one, less an empty measurement. All engines must trade the same.`;

const OURS: ContenderName = "matching-engine";
const RIVALS: readonly ContenderName[] = ["hft-limit-order-book", "nodejs-order-book"];

interface Result {
  readonly workload: FamilyName;
  readonly seed: number;
  readonly fingerprint: string;
  readonly orders: number;
  readonly levels: number;
  readonly engines: readonly Measurement[];
  readonly latency: Latency;
}

const { values } = parseArgs({
  options: {
    workload: { type: "string", default: Object.keys(FAMILIES).join() },
    commands: { type: "string", default: "1000000" },
    "rival-commands": { type: "string" },
    rounds: { type: "string", default: "5" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
if (values.help) say(HELP);
else await report({ workload: values.workload, rounds, json: values.json, measure, print });

/** Ours on the whole workload, the others and, so that trades compare, ours again on its beginning. */
async function measure(family: FamilyName): Promise<Result> {
  const length = Number(values.commands);
  const seed = Number(values.seed);
  const whole: Task = { family, seed, length, commands: length };
  const rivalCommands = Number(values["rival-commands"] ?? (family === "hot" ? 1000 : 50_000));
  const start: Task = { ...whole, commands: Math.min(length, rivalCommands) };
  const rivals = rivalCommands > 0 ? RIVALS : [];
  const engines = await compare(
    new Map([[OURS, whole], ...rivals.map((name) => [name, start] as const)]),
    rounds,
  );
  const [same] = rivals.length > 0 ? await compare(new Map([[OURS, start]]), 1) : engines;
  assertSameTrades(engines, same?.trades ?? "");
  const { fingerprint, orders, levels } = generate(family, seed, length);
  return {
    workload: family,
    seed,
    fingerprint,
    orders,
    levels,
    engines,
    latency: await latencyOf(OURS, whole),
  };
}

/** @throws Error when another engine's trades aren't those of ours: it isn't the same book then */
function assertSameTrades(engines: readonly Measurement[], ours: string): void {
  const different = engines.slice(1).find(({ trades }) => trades !== ours);
  if (different !== undefined) throw new Error(`${different.engine} trades differently`);
}

function print(result: Result): void {
  const { workload, seed, fingerprint, orders, levels, engines } = result;
  say(`\n${workload}: ${orders} orders on ${levels} levels; seed ${seed}, commands ${fingerprint}`);
  const fastest = engines[0]?.commandsPerSecond ?? 0;
  for (const engine of engines) {
    const { commandsPerSecond: rate, bytesPerOrder } = engine;
    const fields = [
      `  ${engine.engine.padEnd(22)}`,
      `${millions(rate)} M commands/s`,
      `(${millions(engine.slowestRound)} to ${millions(engine.fastestRound)})`,
      `${(1e9 / rate).toFixed(0).padStart(7)} ns each`,
      `${bytesPerOrder.toFixed(0).padStart(4)} bytes an order`,
      `${engine.commands} commands, trades ${engine.trades}`,
      engine === engines[0] ? "" : `ours is ${(fastest / rate).toFixed(0)} times as fast`,
    ];
    say(fields.join("  "));
  }
  say(`  ${latencyText(result.latency)}`);
  say(`  events ${engines[0]?.events}`);
}

function millions(rate: number): string {
  return (rate / 1e6).toFixed(rate < 1e6 ? 3 : 2).padStart(6);
}
