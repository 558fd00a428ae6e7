import { deepEqual } from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { MemoryServiceDiscoveryRepository, Registry, StorageError } from "../src/index.ts";
import { systemClock } from "../src/testing/index.ts";

const SERVICE = {
  serviceName: "exchange-simulator",
  serviceId: "exchange-1",
  address: "127.0.0.1",
  port: 0,
  httpPort: 8085,
  version: "1.0.0",
  environment: "test",
  status: "healthy",
  tags: [],
  metadata: {},
};
const HEARTBEAT_MS = 30_000;

/** A registry that can be out of reach. */
class Reachable extends MemoryServiceDiscoveryRepository {
  isAway = false;
  beats = 0;

  override async register(service: typeof SERVICE): Promise<void> {
    this.#refuseWhenAway();
    await super.register(service);
  }

  override async heartbeat(serviceId: string): Promise<void> {
    this.beats += 1;
    this.#refuseWhenAway();
    await super.heartbeat(serviceId);
  }

  override async deregister(serviceId: string): Promise<void> {
    this.#refuseWhenAway();
    await super.deregister(serviceId);
  }

  #refuseWhenAway(): void {
    if (this.isAway) throw new StorageError("storage_unavailable", "away");
  }
}

function started() {
  const discovery = new Reachable({ clock: systemClock, ttlMs: 60_000 });
  const warnings: string[] = [];
  const logger = { debug: () => {}, warn: (message: string) => void warnings.push(message) };
  const registry = new Registry({ discovery, service: SERVICE, heartbeatMs: HEARTBEAT_MS, logger });
  return { discovery, registry, warnings };
}

const idsIn = async (discovery: Reachable) =>
  (await discovery.discover("exchange-simulator")).map(({ serviceId }) => serviceId);

describe("A service's place in the registry", () => {
  it("is there while it runs, comes back when it was forgotten, and is given up at the end", async (test) => {
    const { timers } = test.mock;
    timers.enable({ apis: ["setInterval"] });
    const { discovery, registry, warnings } = started();
    registry.start();
    while ((await idsIn(discovery)).length === 0) await turn();

    await discovery.deregister("exchange-1");
    timers.tick(HEARTBEAT_MS);
    while ((await idsIn(discovery)).length === 0) await turn();

    await registry.stop();
    deepEqual(await idsIn(discovery), []);
    const { beats } = discovery;
    timers.tick(10 * HEARTBEAT_MS);
    await turn();
    deepEqual([beats, discovery.beats], [1, 1]);
    deepEqual(warnings, []);
  });

  it("keeps nobody from starting or stopping while the registry is away, and is taken when it is back", async (test) => {
    const { timers } = test.mock;
    timers.enable({ apis: ["setInterval"] });
    const { discovery, registry, warnings } = started();
    discovery.isAway = true;
    registry.start();
    timers.tick(2 * HEARTBEAT_MS);
    while (discovery.beats < 2) await turn();
    discovery.isAway = false;
    timers.tick(HEARTBEAT_MS);
    while ((await idsIn(discovery)).length === 0) await turn();

    discovery.isAway = true;
    await registry.stop();
    deepEqual(warnings, [
      "could not register in the registry",
      "could not deregister in the registry",
    ]);
  });
});
