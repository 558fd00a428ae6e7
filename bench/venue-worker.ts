/** One contender in a thread of its own, so that V8 compiles its code for nothing but this run. */
import { parentPort, workerData } from "node:worker_threads";
import { CONTENDERS } from "./contenders.ts";
import { timeSingly } from "./latency.ts";
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

  latency: () => timeSingly(prefilled, workload.prefill, measured),

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
