/**
 * Kills the exchange under load, restarts it and compares, for as long as asked:
 * `npm run torture -- --cycles 500 --seed 7 --store postgres`. Ends with 1 when anything was lost, doubled or
 * half done; the world's directory stays then.
 */
import { parseArgs } from "node:util";
import { newKilledWorld } from "./killed-world.ts";
import { lineOf } from "./report-line.ts";
import { localStore, serverStore } from "./stores.ts";
import { torture } from "./torture-run.ts";

const { values } = parseArgs({
  options: {
    cycles: { type: "string", default: "30" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    store: { type: "string", default: "embedded" },
    clients: { type: "string", default: "16" },
    "storage-every": { type: "string", default: "5" },
  },
});
const store = values.store === "postgres" ? await serverStore() : localStore(values.store);
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

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
