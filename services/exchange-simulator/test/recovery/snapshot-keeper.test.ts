import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import { duration, type Sequence } from "@tse/domain";
import { JournalUnavailable, type Snapshot, type SnapshotStore } from "@tse/journal";
import { silentLogger } from "@tse/service-kit";
import { SnapshotKeeper } from "../../src/recovery/snapshot-keeper.ts";
import { startExchange, TEST_ORIGIN } from "../support/exchange.ts";

const HOUR = duration(3_600_000_000);

/** Snapshots in memory, which can't be written while there is a `fault`. */
class MemorySnapshots implements SnapshotStore {
  readonly written: Snapshot[] = [];
  fault: Error | undefined;

  async list() {
    return this.written.map(({ sequence }) => sequence).reverse();
  }

  async newest() {
    return this.written.at(-1);
  }

  async write(snapshot: Snapshot) {
    await Promise.resolve();
    if (this.fault !== undefined) throw this.fault;
    this.written.push(snapshot);
  }

  async prune() {}
}

async function keeperOf({ everyCommands = 1_000_000, every = HOUR } = {}) {
  const world = await startExchange();
  const { exchange, venue, units } = world;
  const store = new MemorySnapshots();
  const errors: string[] = [];
  let settled = () => {};
  const keeper = new SnapshotKeeper(
    {
      exchange,
      store,
      save: () => ({ venue: venue.sequence, shown: units.at(-1)?.sequence }),
      everyCommands,
      every,
      logger: { ...silentLogger, error: (message) => void errors.push(message) },
      onWritten: async () => settled(),
    },
    0 as Sequence,
  );
  exchange.subscribe(keeper.record);
  const next = () =>
    new Promise<void>((resolve) => {
      settled = resolve;
    });
  const list = (asset: string) => exchange.submit({ kind: "list_asset", asset }, TEST_ORIGIN);
  return { ...world, store, keeper, errors, next, list };
}

describe("SnapshotKeeper", () => {
  it("saves venue and views at one command, and what arrives meanwhile is taken in order", async () => {
    const { keeper, store, list, units, venue } = await keeperOf();
    const before = [list("A1"), list("A2")];
    const taken = keeper.take();
    const during = ["B1", "B2", "B3"].map(list);
    await Promise.all([taken, ...before, ...during]);

    equal(store.written.length, 1);
    const { sequence, state } = store.written[0] as Snapshot;
    deepEqual(state, { venue: sequence, shown: sequence });
    const assets = units.slice(-5).map(({ command }) => "asset" in command && command.asset);
    deepEqual(assets, ["A1", "A2", "B1", "B2", "B3"]);
    equal((await before[1])?.sequence, sequence);
    equal(venue.sequence, sequence + 3);
  });

  it("writes one after so many commands, and none when nothing happened", async () => {
    const { keeper, store, list, next, venue } = await keeperOf({ everyCommands: 5 });
    await keeper.take();
    const { length } = store.written;
    await keeper.take();
    equal(store.written.length, length);

    const written = next();
    for (let n = 0; n < 5; n++) await list(`A${n}`);
    await written;

    equal(store.written.length, length + 1);
    equal(store.written.at(-1)?.sequence, venue.sequence);
  });

  it("writes one after so much time, and a last one when it stops", async () => {
    const { keeper, store, list, next, venue } = await keeperOf({ every: duration(1_000) });
    const written = next();
    keeper.start();
    await written;
    equal(store.written.at(-1)?.sequence, venue.sequence);

    await list("A1");
    await keeper.stop();
    equal(store.written.at(-1)?.sequence, venue.sequence);
  });

  it("logs one that can't be written, lets trading go on, and writes the next", async () => {
    const { keeper, store, list, errors, failures, venue } = await keeperOf();
    store.fault = new JournalUnavailable("no room");
    await keeper.take();
    deepEqual([errors, store.written.length], [["snapshot failed"], 0]);
    equal((await list("A1")).rejection, undefined);

    store.fault = undefined;
    await keeper.take();

    equal(store.written.at(-1)?.sequence, venue.sequence);
    deepEqual(failures, []);
  });

  it("writes none once the exchange has stopped, and doesn't complain", async () => {
    const { keeper, store, exchange, errors } = await keeperOf();
    await exchange.close();
    await keeper.stop();
    deepEqual([store.written.length, errors], [0, []]);
  });
});
