/** The whole venue beside bare matching on the same commands. `node bench/venue.ts --help` */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { totalsOf } from "./venue-commands.ts";
import { CONTENDERS, Contest } from "./venue-contenders.ts";
import { FAMILIES, type FamilyName, generate } from "./workload.ts";

const HELP = `Usage: node bench/venue.ts [options]

  --workload NAMES   of one, many, sparse, hot; comma-separated (one,many)
  --commands N       measured commands a workload (500000)
  --rounds N         counted rounds, by turns with bare matching (5)
  --seed N           of the generator (1)
  --json             print JSON instead of a table
  --help

A venue of 1,000 funded accounts checks, matches and settles each command: fees, rate limit and
reference price included. Its events are hashed within the measured time, word by word; 'decoded'
also builds every event as an object. Each contender has a thread of its own; rates are per second
of that thread's CPU time. The venue's trades must be those of the bare books.`;

const { values } = parseArgs({
  options: {
    workload: { type: "string", default: "one,many" },
    commands: { type: "string", default: "500000" },
    rounds: { type: "string", default: "5" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) say(HELP);
else await main(values.workload.split(","));

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !Object.hasOwn(FAMILIES, name));
  if (unknown !== undefined) {
    say(`there is no workload ${unknown}: choose of ${Object.keys(FAMILIES).join(", ")}`);
    process.exitCode = 1;
    return;
  }
  const machine = { cpu: cpus()[0]?.model ?? "unknown", node: process.version };
  if (!values.json) say(`${machine.cpu}, Node ${machine.node}, median of ${values.rounds} rounds`);
  const results = [];
  for (const name of names) {
    const result = await measure(name as FamilyName);
    if (!values.json) print(result);
    results.push(result);
  }
  if (values.json)
    say(JSON.stringify({ machine, rounds: Number(values.rounds), results }, null, 2));
}

/** @throws Error when the venue's trades aren't those of the bare books */
async function measure(name: FamilyName) {
  const workload = generate(name, Number(values.seed), Number(values.commands));
  const contest = new Contest(workload, totalsOf(workload));
  const rates = await contest.rates(Number(values.rounds));
  const latency = await contest.ask("venue", "latency");
  const bare = await contest.ask("bare", "outcome");
  const { eventCount, ...outcome } = await contest.ask("decoded", "outcome");
  await contest.end();
  if (outcome.trades !== bare.trades) {
    throw new Error(`the venue trades differently: ${outcome.trades}, not ${bare.trades}`);
  }
  const { seed, fingerprint, orders, length } = workload;
  const eventsPerCommand = eventCount / length;
  return {
    workload: name,
    seed,
    fingerprint,
    orders,
    rates,
    latency,
    eventsPerCommand,
    ...outcome,
  };
}

function print(result: Awaited<ReturnType<typeof measure>>): void {
  const { workload, seed, fingerprint, orders, trades, rates } = result;
  say(`\n${workload}: ${orders} orders; seed ${seed}, commands ${fingerprint}, trades ${trades}`);
  for (const name of CONTENDERS) {
    const rate = (rates[name] / 1e6).toFixed(2);
    const share = ((100 * rates[name]) / rates.bare).toFixed(0);
    say(
      `  ${name.padEnd(8)} ${rate} M commands/s  ${(1e9 / rates[name]).toFixed(0)} ns each  ${share} % of bare`,
    );
  }
  const { mean, p50, p99, p999 } = result.latency;
  const times = [mean, p50, p99, p999].map((time) => time.toFixed(0));
  say(
    `  single commands, ns: mean ${times[0]}, p50 ${times[1]}, p99 ${times[2]}, p99.9 ${times[3]}`,
  );
  say(`  ${result.eventsPerCommand.toFixed(1)} events a command, events ${result.events}`);
  say(`  state ${result.state}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
