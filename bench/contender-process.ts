/** One engine in a process of its own, so that no other's heap or compiled code is in its way. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { CONTENDERS, type ContenderName, type Session } from "./contenders.ts";
import { timeSingly } from "./latency.ts";
import type { Answers, Task } from "./measure.ts";
import { generate } from "./workload.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const [, , name, text] = process.argv;
const contender = CONTENDERS[name as ContenderName];
const task = JSON.parse(text as string) as Task;
const workload = generate(task.family, task.seed, task.length);
const end = workload.prefill + task.commands;

process.on("message", (request: keyof Answers) => {
  process.send?.(answers[request]());
});

const answers: { readonly [Request in keyof Answers]: () => Answers[Request] } = {
  round() {
    const session = prefilled();
    const before = process.threadCpuUsage();
    session.run(workload.prefill, end);
    const { user, system } = process.threadCpuUsage(before);
    const rate = (task.commands * 1e6) / (user + system);
    return { rate, trades: session.trades.text, events: session.events.text };
  },

  /** Bytes an order: of an engine's own arrays after the run; else what the heap grew by the prefill. */
  memory() {
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    const session = prefilled();
    const grown = process.memoryUsage().heapUsed - before;
    if (session.byteLength() === undefined) return grown / workload.prefill;
    session.run(workload.prefill, workload.length);
    return (session.byteLength() ?? 0) / workload.orders;
  },

  latency: () => timeSingly(prefilled, workload.prefill, task.commands),
};

function prefilled(): Session {
  const session = contender.start(workload);
  session.run(0, workload.prefill);
  collectGarbage();
  return session;
}
