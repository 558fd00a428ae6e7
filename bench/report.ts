import { cpus } from "node:os";
import { FAMILIES, type FamilyName } from "./workload.ts";

export interface Report<Result> {
  /** Names of workloads, separated by commas. */
  readonly workload: string;
  readonly rounds: number;
  readonly json: boolean;
  readonly measure: (family: FamilyName) => Promise<Result>;
  readonly print: (result: Result) => void;
}

/** Measures workload after workload and prints each as it is done, or all of them as JSON at the end. */
export async function report<Result>(options: Report<Result>): Promise<void> {
  const { workload, rounds, json, measure, print } = options;
  const names = workload.split(",");
  const unknown = names.find((name) => !Object.hasOwn(FAMILIES, name));
  if (unknown !== undefined) {
    say(`there is no workload ${unknown}: choose of ${Object.keys(FAMILIES).join(", ")}`);
    process.exitCode = 1;
    return;
  }
  const machine = { cpu: cpus()[0]?.model ?? "unknown", node: process.version };
  if (!json) say(`${machine.cpu}, Node ${machine.node}, median of ${rounds} rounds`);
  const results: Result[] = [];
  for (const name of names) {
    const result = await measure(name as FamilyName);
    results.push(result);
    if (!json) print(result);
  }
  if (json) say(JSON.stringify({ machine, rounds, results }, null, 2));
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
