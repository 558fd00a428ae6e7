/** Durable commands a second, and how long each waits. `node bench/journal.ts --help` */
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import type { Sequence } from "@tse/domain";
import { FileCommandLog, type LogEntry, NodeDisk } from "@tse/journal";
import { type Appender, type Load, produce } from "./journal-load.ts";
import { PlainLog } from "./plain-log.ts";
import { quantile } from "./quantile.ts";
import { say } from "./report.ts";

const HELP = `Usage: node bench/journal.ts [options]

  --directory DIR   on the disk that is measured (a new one under the system's temporary files)
  --producers N,N   how many wait for their own entry at the same time (1,64,1000)
  --seconds N       of each round (3)
  --rounds N        counted rounds, journals by turns (3)
  --replay N        commands that are read again (1000000)
  --json            print JSON instead of a table
  --help

Each producer appends one order, waits until it is durable, and appends the next. Beside it the plainest
durable log: records of the same size, made before, appended to a growing file with a flush a group.
Replay reads and decodes every command of a journal that was just opened.`;

/** What is asked for on a machine whose flush takes 0.1 ms. */
const GOALS = {
  64: { rate: 100_000, p99Ms: 2 },
  1000: { rate: 300_000, p99Ms: undefined },
} as const;
const REPLAY_GOAL = 1_000_000;

interface Figures {
  readonly producers: number;
  readonly journal: Load;
  readonly plain: Load;
}

interface Replay {
  readonly commands: number;
  readonly bytesPerCommand: number;
  readonly openMs: number;
  readonly commandsPerSecond: number;
}

const { values } = parseArgs({
  options: {
    directory: { type: "string" },
    producers: { type: "string", default: "1,64,1000" },
    seconds: { type: "string", default: "3" },
    rounds: { type: "string", default: "3" },
    replay: { type: "string", default: "1000000" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) say(HELP);
else await bench();

async function bench(): Promise<void> {
  const directory = values.directory ?? (await mkdtemp(path.join(tmpdir(), "bench-journal-")));
  const machine = { cpu: cpus()[0]?.model ?? "unknown", node: process.version };
  if (!values.json)
    say(`${machine.cpu}, Node ${machine.node}, median of ${values.rounds} rounds\n`);
  const loads: Figures[] = [];
  try {
    for (const producers of values.producers.split(",").map(Number)) {
      const figures = await compare(producers, directory);
      loads.push(figures);
      if (!values.json) printLoad(figures);
    }
    const replay = await measureReplay(path.join(directory, "replay"), Number(values.replay));
    if (values.json) say(JSON.stringify({ machine, loads, replay }, null, 2));
    else printReplay(replay);
  } finally {
    if (values.directory === undefined) await rm(directory, { recursive: true });
  }
}

/** Both logs by turns, each round on files of its own. */
async function compare(producers: number, directory: string): Promise<Figures> {
  const journal: Load[] = [];
  const plain: Load[] = [];
  for (let round = -1; round < Number(values.rounds); round++) {
    const one = await onFile(path.join(directory, "journal"), producers);
    const other = await onPlainFile(path.join(directory, "plain"), producers);
    if (round < 0) continue;
    journal.push(one);
    plain.push(other);
  }
  return { producers, journal: median(journal), plain: median(plain) };
}

async function onFile(directory: string, producers: number): Promise<Load> {
  const log = await FileCommandLog.open({ disk: new NodeDisk(directory) });
  const load = await produceFor(log, producers);
  await log.close();
  await rm(directory, { recursive: true });
  return load;
}

async function onPlainFile(file: string, producers: number): Promise<Load> {
  const log = await PlainLog.open(file);
  const load = await produceFor(log, producers);
  await log.close();
  await rm(file);
  return load;
}

function produceFor(log: Appender, producers: number): Promise<Load> {
  return produce(log, {
    producers,
    seconds: Number(values.seconds),
    entries: Number.POSITIVE_INFINITY,
  });
}

function median(loads: readonly Load[]): Load {
  const sorted = [...loads].sort((one, other) => one.rate - other.rate);
  return sorted[Math.floor(sorted.length / 2)] as Load;
}

async function measureReplay(directory: string, entries: number): Promise<Replay> {
  const log = await FileCommandLog.open({ disk: new NodeDisk(directory) });
  const seconds = Number.POSITIVE_INFINITY;
  await produce(log, { producers: 1000, seconds, entries });
  await log.close();
  const rates: number[] = [];
  const opens: number[] = [];
  let bytes = 0;
  for (let round = -1; round < Number(values.rounds); round++) {
    const start = performance.now();
    const opened = await FileCommandLog.open({ disk: new NodeDisk(directory) });
    const ready = performance.now();
    const commands = await readAll(opened);
    if (commands !== entries) throw new Error(`${commands} of ${entries} commands were read`);
    const taken = performance.now() - ready;
    bytes = opened.bytes;
    await opened.close();
    if (round < 0) continue;
    opens.push(ready - start);
    rates.push((entries / taken) * 1000);
  }
  const sorted = (numbers: number[]) => numbers.sort((one, other) => one - other);
  return {
    commands: entries,
    bytesPerCommand: bytes / entries,
    openMs: quantile(sorted(opens), 0.5),
    commandsPerSecond: quantile(sorted(rates), 0.5),
  };
}

async function readAll(log: FileCommandLog): Promise<number> {
  let commands = 0;
  let last: LogEntry | undefined;
  for await (const run of log.read(1 as Sequence)) {
    commands += run.length;
    last = run.at(-1);
  }
  return last?.command.kind === "place_order" ? commands : 0;
}

function printLoad({ producers, journal, plain }: Figures): void {
  const goal = GOALS[producers as keyof typeof GOALS];
  say(`${producers} producers`);
  say(`  journal             ${loadText(journal)}`);
  say(`  append + fdatasync  ${loadText(plain)}   ${(journal.rate / plain.rate).toFixed(2)} times`);
  if (goal === undefined) return;
  const isMet = journal.rate >= goal.rate && journal.p99Ms <= (goal.p99Ms ?? Infinity);
  const p99 = goal.p99Ms === undefined ? "" : `, p99 below ${goal.p99Ms} ms`;
  say(`  goal                ${thousands(goal.rate)} k/s${p99}: ${isMet ? "met" : "missed"}`);
}

function printReplay({ commands, bytesPerCommand, openMs, commandsPerSecond }: Replay): void {
  say(`replay of ${commands} commands, ${bytesPerCommand.toFixed(0)} bytes each`);
  say(`  opened and checked in ${openMs.toFixed(0)} ms`);
  say(`  read and decoded    ${thousands(commandsPerSecond)} k/s`);
  const isMet = commandsPerSecond >= REPLAY_GOAL;
  say(`  goal                ${thousands(REPLAY_GOAL)} k/s: ${isMet ? "met" : "missed"}`);
}

function loadText({ rate, p50Ms, p99Ms }: Load): string {
  return `${thousands(rate)} k/s  p50 ${p50Ms.toFixed(2)} ms  p99 ${p99Ms.toFixed(2)} ms`;
}

function thousands(rate: number): string {
  return (rate / 1000).toFixed(1).padStart(7);
}
