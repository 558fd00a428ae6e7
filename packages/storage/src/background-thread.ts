import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setPriority } from "node:os";

/** The lowest: a core for it when nobody else wants one. */
const NICENESS = 19;
/** What V8 calls the threads that collect garbage and compile for all threads of a process. */
const HELPER = "V8Worker";

/**
 * Lets the other threads of the machine go before the calling one, and before V8's helpers, which mostly
 * clean up after it, where the system knows a priority of single threads: on Linux. Elsewhere it does
 * nothing.
 *
 * Who trades must not wait for who writes history down.
 */
export function giveWay(): void {
  try {
    lower(Number(readlinkSync("/proc/thread-self").split("/").at(-1)));
    for (const thread of readdirSync("/proc/self/task")) {
      const name = readFileSync(`/proc/self/task/${thread}/comm`, "utf8").trim();
      if (name === HELPER) lower(Number(thread));
    }
  } catch {
    // Not Linux, or not allowed: the thread is one like the others.
  }
}

function lower(thread: number): void {
  setPriority(thread, NICENESS);
}
