import { fork } from "node:child_process";
import { once } from "node:events";
import type { ClientTask, Counts, Order } from "./fanout-client-process.ts";

/** A process of subscribers. Each order is answered with what it has got since the one before. */
export function startClient(task: ClientTask) {
  const file = new URL("./fanout-client-process.ts", import.meta.url);
  const child = fork(file, [JSON.stringify(task)]);
  const exited = once(child, "exit");
  const early = exited.then(() => Promise.reject(new Error("the subscribers' process ended")));
  early.catch(() => {});
  return {
    /** @throws Error when the process ends instead of answering */
    async ask(order: Order): Promise<Counts> {
      const answer = once(child, "message");
      child.send(order);
      const [counts] = await Promise.race([answer, early]);
      return counts as Counts;
    },
    async end(): Promise<void> {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
