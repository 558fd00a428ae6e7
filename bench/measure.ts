import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Contender, ours, rivals, type Session } from "./contenders.ts";
import type { Workload } from "./workload.ts";

/** One engine on one workload. */
export interface Measurement {
  readonly engine: string;
  /** Commands measured, after the prefill: for slow engines the first part of the workload. */
  readonly commands: number;
  /** Median over the rounds, by CPU time of the thread that runs the engine. */
  readonly commandsPerSecond: number;
  readonly slowestRound: number;
  readonly fastestRound: number;
  /** Of all trades, prefill included, up to the last command measured. */
  readonly trades: string;
  readonly bytesPerOrder: number;
}

/** Nanoseconds of single commands, each timed alone, less what an empty measurement takes. */
export interface Latency {
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

/** Rounds before those that count: V8 compiles in them. */
const WARM_UP = 2;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/**
 * Runs our engine on the whole workload and the rivals on its first `rivalCommands`, by turns, after
 * two rounds that aren't counted. Ours comes first in the result.
 *
 * @throws Error when an engine's trades differ from ours
 */
export function compare(
  workload: Workload,
  rounds: number,
  rivalCommands: number,
): readonly Measurement[] {
  const all = workload.length - workload.prefill;
  const some = Math.min(all, rivalCommands);
  const entries = [ours, ...(some > 0 ? rivals : [])].map((contender) => ({
    contender,
    commands: contender === ours ? all : some,
    rates: [] as number[],
    trades: "",
  }));
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const entry of entries) {
      const { rate, trades } = runOnce(entry.contender, workload, entry.commands);
      if (round >= 0) entry.rates.push(rate);
      entry.trades = trades;
    }
  }
  const expected = runOnce(ours, workload, some).trades;
  return entries.map(({ contender, commands, rates, trades }) => {
    if (contender !== ours && trades !== expected) {
      throw new Error(`${contender.name} trades differently: ${trades}, not ${expected}`);
    }
    rates.sort((one, other) => one - other);
    return {
      engine: contender.name,
      commands,
      commandsPerSecond: quantile(rates, 0.5),
      slowestRound: quantile(rates, 0),
      fastestRound: quantile(rates, 1),
      trades,
      bytesPerOrder: bytesPerOrder(contender, workload),
    };
  });
}

/** How long single commands take in our engine, events read and hashed as ever. */
export function latency(workload: Workload): Latency {
  const session = ours.start(workload);
  session.run(0, workload.prefill);
  const empty = quantile(timings(session, workload, 0), 0.5);
  const taken = timings(session, workload, 1).map((time) => Math.max(0, time - empty));
  return {
    mean: taken.reduce((sum, time) => sum + time, 0) / taken.length,
    p50: quantile(taken, 0.5),
    p99: quantile(taken, 0.99),
    p999: quantile(taken, 0.999),
  };
}

/** Nanoseconds of each step of `stride` commands, sorted. */
function timings(session: Session, workload: Workload, stride: number): Float64Array {
  const times = new Float64Array(workload.length - workload.prefill);
  for (let i = 0; i < times.length; i++) {
    const at = workload.prefill + i;
    const start = process.hrtime.bigint();
    session.run(at, at + stride);
    times[i] = Number(process.hrtime.bigint() - start);
  }
  return times.sort();
}

function runOnce(
  contender: Contender,
  workload: Workload,
  commands: number,
): { rate: number; trades: string } {
  const session = contender.start(workload);
  session.run(0, workload.prefill);
  collectGarbage();
  const before = process.threadCpuUsage();
  session.run(workload.prefill, workload.prefill + commands);
  const { user, system } = process.threadCpuUsage(before);
  return { rate: (commands * 1e6) / (user + system), trades: session.trades.text };
}

/** Of our arrays after the whole workload; of others what the heap grew by the prefill. */
function bytesPerOrder(contender: Contender, workload: Workload): number {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const session = contender.start(workload);
  session.run(0, workload.prefill);
  collectGarbage();
  const grown = process.memoryUsage().heapUsed - before;
  if (session.byteLength() === undefined) return grown / workload.prefill;
  session.run(workload.prefill, workload.length);
  return (session.byteLength() ?? 0) / workload.orders;
}

function quantile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number;
}
