import { deepEqual, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { redisSkip, TEST_BACKENDS } from "@tse/storage/testing";
import { newKilledWorld } from "./killed-world.ts";
import { localStore, serverStore, type TestStore } from "./stores.ts";
import { torture } from "./torture-run.ts";

const CLIENTS = 16;
const ACKNOWLEDGEMENTS = 100;
const IN_FLIGHT = 0.9;

async function surviveKills(cycles: number, store: TestStore): Promise<string> {
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

describe("killed under load again and again, the exchange", () => {
  it("loses and doubles nothing, with the embedded database", async (test) => {
    test.diagnostic(await surviveKills(30, localStore("embedded")));
  });

  const postgres = TEST_BACKENDS.find(({ name }) => name === "postgres");
  const skip = postgres?.skip || redisSkip;
  it("loses and doubles nothing, with PostgreSQL and Redis", { skip }, async (test) => {
    test.diagnostic(await surviveKills(20, await serverStore()));
  });
});
