/**
 * Kills the exchange under load, restarts it and compares, for as long as asked:
 * `npm run torture -- --cycles 500 --seed 7 --store postgres`. Ends with 1 when anything was lost, doubled or
 * half done; the world's directory stays then.
 */
import { parseArgs } from "node:util";
import { newKilledWorld } from "./killed-world.ts";
import { embeddedStore, serverStore } from "./stores.ts";
import { torture } from "./torture-run.ts";
import type { CycleReport } from "./torture-summary.ts";

const { values } = parseArgs({
  options: {
    cycles: { type: "string", default: "30" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    store: { type: "string", default: "embedded" },
    clients: { type: "string", default: "16" },
    "storage-every": { type: "string", default: "5" },
  },
});
const isEmbedded = values.store === "embedded";
const store = isEmbedded ? embeddedStore : await serverStore();
const world = await newKilledWorld(store.environment);
say(`seed ${values.seed}, ${values.cycles} cycles, ${values.store}, in ${world.dataDir}`);
const summary = await torture({
  world,
  cycles: Number(values.cycles),
  seed: values.seed,
  clients: Number(values.clients),
  storageEvery: Number(values["storage-every"]),
  onCycle: (report) => say(lineOf(report)),
});
say(JSON.stringify(summary.figures(), undefined, 2));
if (summary.findings.length > 0) process.exitCode = 1;
else {
  await world.remove();
  await store.remove();
}

function lineOf(report: CycleReport): string {
  const { cycle, acknowledged, inFlight, startMs, tail, again, findings } = report;
  const restart = `back after ${Math.round(startMs)} ms with ${tail.commands} commands`;
  const found = findings.length === 0 ? "nothing found" : findings.join("\n  ");
  const struck = `${acknowledged} acknowledged, ${inFlight} in flight`;
  return `cycle ${cycle}: ${struck}, ${restart}, ${again.sent} sent again: ${found}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
