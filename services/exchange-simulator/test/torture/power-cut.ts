/**
 * Cuts the power of the exchange's disk under load, restarts it as on a machine that was booted anew, and
 * compares: `npm run power-cut -- --cycles 20`. Needs root and loop devices, and says so where they lack.
 */
import { parseArgs } from "node:util";
import { seededRandom } from "@tse/simulation";
import { loopDiskLack } from "./loop-disk.ts";
import { newPowerCutWorld } from "./power-cut-world.ts";
import { lineOf } from "./report-line.ts";
import { torture } from "./torture-run.ts";

const { values } = parseArgs({
  options: {
    cycles: { type: "string", default: "20" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    clients: { type: "string", default: "16" },
    "storage-every": { type: "string", default: "1" },
  },
});
const lack = await loopDiskLack();
if (lack === undefined) await cutPower();
else {
  say(lack);
  process.exitCode = 1;
}

async function cutPower(): Promise<void> {
  const { seed } = values;
  say(`seed ${seed}, ${values.cycles} cycles`);
  const world = await newPowerCutWorld(seededRandom(seed).fork("power"));
  const summary = await torture({
    world,
    cycles: Number(values.cycles),
    seed,
    clients: Number(values.clients),
    storageEvery: Number(values["storage-every"]),
    onCycle: (report) => say(lineOf(report)),
  });
  say(JSON.stringify(summary.figures(), undefined, 2));
  if (summary.findings.length === 0) return await world[Symbol.asyncDispose]();
  say(`the disk stays mounted: ${world.dataDir}`);
  process.exitCode = 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
