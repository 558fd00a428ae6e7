import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { ContenderName } from "./contenders.ts";
import type { Latency } from "./latency.ts";
import { quantile } from "./quantile.ts";
import type { FamilyName } from "./workload.ts";

/** What is run: a workload, and how much of it after the prefill. */
export interface Task {
  readonly family: FamilyName;
  readonly seed: number;
  /** Commands of the whole workload. */
  readonly length: number;
  /** Commands that are run and measured: the first so many. */
  readonly commands: number;
}

/** One engine on one workload. */
export interface Measurement {
  readonly engine: ContenderName;
  readonly commands: number;
  /** Median over the rounds, by CPU time of the thread that runs the engine. */
  readonly commandsPerSecond: number;
  readonly slowestRound: number;
  readonly fastestRound: number;
  /** Of all trades, prefill included, up to the last command measured. */
  readonly trades: string;
  /** Of every other event; nothing for engines that have none. */
  readonly events: string;
  readonly bytesPerOrder: number;
}

/** What a contender's process answers to the request of the same name. */
export interface Answers {
  readonly round: { readonly rate: number; readonly trades: string; readonly events: string };
  readonly memory: number;
  readonly latency: Latency;
}

/** Rounds before those that count: V8 compiles in them. */
const WARM_UP = 2;

/** Engines with their tasks; each has a process of its own, and they run by turns. */
export async function compare(
  tasks: ReadonlyMap<ContenderName, Task>,
  rounds: number,
): Promise<Measurement[]> {
  const entries = [...tasks].map(([engine, task]) => ({
    engine,
    task,
    process: start(engine, task),
    rates: [] as number[],
    trades: "",
    events: "",
  }));
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const entry of entries) {
      const { rate, trades, events } = await ask(entry.process, "round");
      if (round >= 0) entry.rates.push(rate);
      entry.trades = trades;
      entry.events = events;
    }
  }
  const measurements: Measurement[] = [];
  for (const { engine, task, process, rates, trades, events } of entries) {
    rates.sort((one, other) => one - other);
    measurements.push({
      engine,
      commands: task.commands,
      commandsPerSecond: quantile(rates, 0.5),
      slowestRound: quantile(rates, 0),
      fastestRound: quantile(rates, 1),
      trades,
      events,
      bytesPerOrder: await ask(process, "memory"),
    });
    process.disconnect();
  }
  return measurements;
}

/** How long single commands of our engine take, in a process of its own. */
export async function latencyOf(engine: ContenderName, task: Task): Promise<Latency> {
  const process = start(engine, task);
  await ask(process, "round");
  const latency = await ask(process, "latency");
  process.disconnect();
  return latency;
}

function start(engine: ContenderName, task: Task): ChildProcess {
  return fork(new URL("./contender-process.ts", import.meta.url), [engine, JSON.stringify(task)]);
}

/** @throws Error when the process ends instead of answering */
async function ask<Request extends keyof Answers>(
  process: ChildProcess,
  request: Request,
): Promise<Answers[Request]> {
  const ended = new AbortController();
  const stop = () => ended.abort();
  process.once("exit", stop);
  process.send(request);
  const [answer] = await once(process, "message", { signal: ended.signal });
  process.off("exit", stop);
  return answer as Answers[Request];
}
