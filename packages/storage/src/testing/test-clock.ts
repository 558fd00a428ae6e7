import { performance } from "node:perf_hooks";
import { type Clock, timestamp } from "@tse/domain";

/** Real time, as a service's wiring gives it. Its timers keep no process running. */
export const systemClock: Clock = {
  now: () => timestamp(Math.floor((performance.timeOrigin + performance.now()) * 1000)),
  after: (delay, task) => {
    const timer = setTimeout(task, delay / 1000);
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};
