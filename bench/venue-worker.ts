/** One contender in a thread of its own, so that V8 compiles its code for nothing but this run. */
import { parentPort, workerData } from "node:worker_threads";
import { CONTENDERS } from "./contenders.ts";
import { quantile } from "./measure.ts";
import { commandsOf } from "./venue-commands.ts";
import type { Answers, ContenderTask } from "./venue-contenders.ts";
import { VenueSession } from "./venue-session.ts";

const { name, workload, totals } = workerData as ContenderTask;
const commands = commandsOf(workload, totals);
const measured = workload.length - workload.prefill;

parentPort?.on("message", (request: keyof Answers) => {
  parentPort?.postMessage(answers[request]());
});

const answers: { readonly [Request in keyof Answers]: () => Answers[Request] } = {
  round() {
    const session = prefilled();
    const before = process.threadCpuUsage();
    session.run(workload.prefill, workload.length);
    const { user, system } = process.threadCpuUsage(before);
    return (measured * 1e6) / (user + system);
  },

  latency() {
    const session = prefilled();
    const empty = quantile(timings(session, 0), 0.5);
    const taken = timings(session, 1).map((time) => Math.max(0, time - empty));
    const mean = taken.reduce((sum, time) => sum + time, 0) / taken.length;
    return {
      mean,
      p50: quantile(taken, 0.5),
      p99: quantile(taken, 0.99),
      p999: quantile(taken, 0.999),
    };
  },

  outcome() {
    const session = prefilled();
    session.run(workload.prefill, workload.length);
    const trades = session.trades.text;
    if (!(session instanceof VenueSession)) return { trades, events: "", state: "", eventCount: 0 };
    return { trades, events: session.digest, state: session.stateHash, eventCount: session.events };
  },
};

function prefilled() {
  const session =
    name === "bare"
      ? CONTENDERS["matching-engine"].start(workload)
      : new VenueSession(workload, commands, name === "venue" ? "words" : "objects");
  session.run(0, workload.prefill);
  return session;
}

/** Nanoseconds of each step of `stride` commands, sorted. */
function timings(session: ReturnType<typeof prefilled>, stride: number): Float64Array {
  const times = new Float64Array(measured);
  for (let i = 0; i < times.length; i++) {
    const at = workload.prefill + i;
    const start = process.hrtime.bigint();
    session.run(at, at + stride);
    times[i] = Number(process.hrtime.bigint() - start);
  }
  return times.sort();
}
