import { describe, it } from "node:test";
import { torture } from "./torture.ts";

const SEEDS = Number(process.env.TEST_SEEDS ?? 2_000);
const TESTS = 4;

describe("a journal on a simulated disk", () => {
  for (let part = 0; part < TESTS; part++) {
    const first = 1 + part * (SEEDS / TESTS);
    const last = first + SEEDS / TESTS - 1;
    it(`keeps what it acknowledged, exactly, whatever ends its process: seeds ${first} to ${last}`, async () => {
      for (let seed = first; seed <= last; seed++) {
        await torture(seed).catch((cause) => {
          const again = `node packages/journal/test/disk-torture.ts --seeds 1 --seed ${seed}`;
          throw new Error(`seed ${seed} failed; again: ${again}`, { cause });
        });
      }
    });
  }
});
