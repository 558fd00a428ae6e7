/** Many seeds by hand: `node packages/journal/test/disk-torture.ts --seeds 1000000 --seed 1` */
import { parseArgs } from "node:util";
import { torture } from "./torture.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
  },
});

const first = Number(values.seed);
const seeds = Number(values.seeds);
const sums = { lives: 0, appended: 0, acknowledged: 0, tornTails: 0, failures: 0 };
let said = Date.now();
for (let seed = first; seed < first + seeds; seed++) {
  try {
    const tally = await torture(seed);
    for (const key of Object.keys(sums) as (keyof typeof sums)[]) sums[key] += tally[key];
  } catch (error) {
    say(`seed ${seed} failed: node packages/journal/test/disk-torture.ts --seeds 1 --seed ${seed}`);
    throw error;
  }
  if (Date.now() - said < 5_000) continue;
  said = Date.now();
  say(`${seed - first + 1} of ${seeds} seeds: ${JSON.stringify(sums)}`);
}
say(`${seeds} seeds from ${first} passed: ${JSON.stringify(sums)}`);

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
