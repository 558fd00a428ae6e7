import { deepEqual, ok } from "node:assert/strict";
import { newKilledWorld } from "./killed-world.ts";
import type { TestStore } from "./stores.ts";
import { torture } from "./torture-run.ts";

const CLIENTS = 16;
const ACKNOWLEDGEMENTS = 100;
const IN_FLIGHT = 0.9;

/** Asserts that an exchange that is killed under load loses and doubles nothing. @returns the figures, as text */
export async function surviveKills(cycles: number, store: TestStore): Promise<string> {
  const world = await newKilledWorld(store.environment);
  try {
    const seed = String(Date.now() % 1_000_000);
    const summary = await torture({ world, cycles, seed, clients: CLIENTS, storageEvery: 5 });
    deepEqual(summary.findings, [], `repeat it with: npm run torture -- --seed ${seed}`);
    ok(summary.fewestAcknowledged >= ACKNOWLEDGEMENTS, "each cycle acknowledges enough");
    ok(summary.inFlightShare >= IN_FLIGHT, "the kills meet commands in flight");
    return JSON.stringify(summary.figures());
  } finally {
    await world.remove();
    await store.remove();
  }
}
