import { quantile } from "./quantile.ts";

/** Nanoseconds of single commands, each timed alone, less what an empty measurement takes. */
export interface Latency {
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

/** What runs the commands from `from` up to, not with, `to`. */
interface Runner {
  run(from: number, to: number): void;
}

/** Times `count` commands from `first` on, one by one. `start` gives a runner that stands at `first`. */
export function timeSingly(start: () => Runner, first: number, count: number): Latency {
  const empty = quantile(timings(start(), first, count, 0), 0.5);
  const taken = timings(start(), first, count, 1).map((time) => Math.max(0, time - empty));
  return {
    mean: taken.reduce((sum, time) => sum + time, 0) / taken.length,
    p50: quantile(taken, 0.5),
    p99: quantile(taken, 0.99),
    p999: quantile(taken, 0.999),
  };
}

/** As one line: `mean 118, p50 71, p99 500, p99.9 811`. */
export function latencyText({ mean, p50, p99, p999 }: Latency): string {
  const [a, b, c, d] = [mean, p50, p99, p999].map((time) => time.toFixed(0));
  return `single commands, ns: mean ${a}, p50 ${b}, p99 ${c}, p99.9 ${d}`;
}

/** Nanoseconds of each step of `stride` commands, sorted. */
function timings(runner: Runner, first: number, count: number, stride: number): Float64Array {
  const times = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const start = process.hrtime.bigint();
    runner.run(first + i, first + i + stride);
    times[i] = Number(process.hrtime.bigint() - start);
  }
  return times.sort();
}
