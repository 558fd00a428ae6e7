/** The whole venue beside bare matching on the same commands. `node bench/venue.ts --help` */
import { parseArgs } from "node:util";
import { latencyText } from "./latency.ts";
import { report, say } from "./report.ts";
import { totalsOf } from "./venue-commands.ts";
import { CONTENDERS, Contest } from "./venue-contenders.ts";
import { type FamilyName, generate } from "./workload.ts";

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
const rounds = Number(values.rounds);
if (values.help) say(HELP);
else await report({ workload: values.workload, rounds, json: values.json, measure, print });

/** @throws Error when the venue's trades aren't those of the bare books */
async function measure(name: FamilyName) {
  const workload = generate(name, Number(values.seed), Number(values.commands));
  const contest = new Contest(workload, totalsOf(workload));
  const rates = await contest.rates(rounds);
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
  say(`  ${latencyText(result.latency)}`);
  say(`  ${result.eventsPerCommand.toFixed(1)} events a command, events ${result.events}`);
  say(`  state ${result.state}`);
}
