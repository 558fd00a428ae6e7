import { deepEqual, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { seededRandom } from "@tse/simulation";
import { loopDiskLack } from "./loop-disk.ts";
import { newPowerCutWorld } from "./power-cut-world.ts";
import { torture } from "./torture-run.ts";

/** More by hand: `npm run power-cut -- --cycles 20`. */
const CYCLES = 4;

const lack = await loopDiskLack();

describe("when the power goes under load, the exchange", { skip: lack ?? false }, () => {
  it("loses nothing that it acknowledged, and makes its history again by itself", async (test) => {
    const seed = String(Date.now() % 1_000_000);
    await using world = await newPowerCutWorld(seededRandom(seed).fork("power"));
    const summary = await torture({ world, cycles: CYCLES, seed, clients: 16, storageEvery: 2 });
    deepEqual(summary.findings, [], `repeat it with: npm run power-cut -- --seed ${seed}`);
    ok(summary.fewestAcknowledged >= 100, "each cycle acknowledges enough");
    test.diagnostic(JSON.stringify(summary.figures()));
  });
});
