/** From opening a world to trading again. `node bench/recovery.ts --help` */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { quantile } from "./quantile.ts";
import { writeWorld } from "./recovery-world.ts";
import { say } from "./report.ts";
import { type Started, startExchange } from "./started-exchange.ts";

const HELP = `Usage: node bench/recovery.ts [options]

  --commands N   commands in the journal (1000000)
  --rounds N     starts of each kind (3)
  --seed N       of the commands (1)
  --json         print JSON instead of a table
  --help

Writes a world whose journal has so many commands of 200 customers on BTC/USD: limit and market
orders, cancels, amendments. Then starts the exchange on it, in a process of its own, and measures
inside it the time from opening the world to being ready: without a snapshot, where every command is
repeated, and with the snapshot that a clean stop leaves. History goes to memory, so that nothing else
has work meanwhile.`;

const GOALS = { without: 5_000, with: 1_000 } as const;

const { values } = parseArgs({
  options: {
    commands: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "3" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) say(HELP);
else await run();

async function run(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "tse-recovery-"));
  try {
    const commands = Number(values.commands);
    const rounds = Number(values.rounds);
    await writeWorld(directory, { commands, seed: Number(values.seed) });
    const without: Started[] = [];
    for (let round = 0; round < rounds; round++) without.push(await start(directory, "kill"));
    await start(directory, "stop");
    const with_: Started[] = [];
    for (let round = 0; round < rounds; round++) with_.push(await start(directory, "kill"));
    const figures = {
      commands,
      withoutMs: medianOf(without),
      withMs: medianOf(with_),
      goals: GOALS,
    };
    say(values.json ? JSON.stringify(figures) : table(figures));
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Starts the exchange on the world, and ends it so that a snapshot is left, or none. */
async function start(directory: string, end: "stop" | "kill"): Promise<Started> {
  const exchange = await startExchange(directory, { store: "memory" });
  await exchange.end(end === "stop" ? "SIGTERM" : "SIGKILL");
  return exchange.started;
}

function medianOf(starts: readonly Started[]): number {
  return quantile(
    starts.map(({ readyMs }) => readyMs).sort((one, other) => one - other),
    0.5,
  );
}

function table({
  commands,
  withoutMs,
  withMs,
}: {
  commands: number;
  withoutMs: number;
  withMs: number;
}): string {
  const row = (name: string, ms: number, goal: number) =>
    `${name.padEnd(20)} ${ms.toFixed(0).padStart(7)} ms   goal ${goal} ms   ${(commands / ms / 1_000).toFixed(2)} M commands/s`;
  return [
    `from open to ready, ${commands} commands`,
    row("without a snapshot", withoutMs, GOALS.without),
    row("with a snapshot", withMs, GOALS.with),
  ].join("\n");
}
