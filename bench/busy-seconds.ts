import { cpus } from "node:os";

/** Seconds that all cores together have worked, for whomever. */
export function busySeconds(): number {
  const spent = cpus().map(({ times }) => times.user + times.nice + times.sys + times.irq);
  return spent.reduce((sum, each) => sum + each, 0) / 1_000;
}
