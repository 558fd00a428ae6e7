import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { describe, it } from "node:test";
import { type Sequence, timestamp } from "@tse/domain";
import type { ExchangeDataAdapter } from "@tse/exchange-data-adapter";
import { MemoryCommandLog, type Snapshot } from "@tse/journal";
import { StorageError } from "@tse/storage";
import { newVenue } from "../../src/genesis.ts";
import { Follower } from "../../src/projection/follower.ts";
import { ExchangeViews, saveExchange } from "../../src/recovery/exchange-views.ts";
import { Projecting } from "./projecting.ts";
import { type Journal, journalOf, randomJournal } from "./random-journal.ts";
import { rowsOf, TARGETS, type Target } from "./targets.ts";

const COMMANDS = 480;
const CUT = 250;
const memory = TARGETS[0] as Target;
const journal = await randomJournal(11, COMMANDS);

/** What an exchange that stands at `cut` writes as its snapshot. */
function snapshotAt({ entries }: Pick<Journal, "entries">, cut: number): Snapshot {
  const venue = newVenue();
  const follower = new Follower(venue);
  const views = new ExchangeViews(venue);
  let time = timestamp(0);
  for (const entry of entries.slice(0, cut)) {
    const unit = follower.apply(entry);
    for (const view of views.all) view.record(unit);
    time = entry.time;
  }
  const state = structuredClone(saveExchange({ venue, views, time }, 0 as Sequence));
  return { sequence: cut as Sequence, state };
}

/** Snapshots that are there, the newest first. */
function kept(...snapshots: readonly Snapshot[]) {
  return {
    async newest(notAfter = Number.POSITIVE_INFINITY as Sequence) {
      return snapshots.find(({ sequence }) => sequence <= notAfter);
    },
  };
}

/** The journal without its first entries, as it is when segments were released. */
async function released(before: number) {
  const { log, entries, last } = await journalOf(journal.entries);
  await log.release(before as Sequence);
  return { log, entries, last };
}

async function projected(adapter: ExchangeDataAdapter, to: number = journal.last): Promise<void> {
  const projecting = await Projecting.start(journal, adapter);
  await projecting.upTo(to);
  await projecting.stop();
}

const conflict = (advice: RegExp) => (error: unknown) => {
  ok(error instanceof StorageError);
  equal(error.code, "storage_conflict");
  match(error.message, advice);
  return true;
};

for (const target of TARGETS) {
  describe(`the beginning of a projection (${target.name})`, { skip: target.skip }, () => {
    it("goes on from the newest snapshot that its rows reach, with the same rows", async () => {
      await using whole = await opened();
      await projected(whole.adapter);
      await using other = await opened();
      const snapshots = kept(snapshotAt(journal, 300), snapshotAt(journal, 150));
      await projected(other.adapter, 200);

      const { log, entries, last } = await released(151);
      const again = await Projecting.start({ log, last }, other.adapter, { snapshots });
      await again.upTo(last);
      const verdict = await again.verify();
      await again.stop();

      deepEqual([verdict.holds, verdict.differences], [true, []]);
      deepEqual(await rowsOf(other.adapter, journal), await rowsOf(whole.adapter, journal));
      equal(entries.length, last);
    });

    it("begins an empty store with the world as it stands, when its past is gone", async () => {
      await using store = await opened();
      const { log, last } = await released(CUT + 1);
      const snapshots = kept(snapshotAt(journal, CUT));
      const projecting = await Projecting.start({ log, last }, store.adapter, { snapshots });
      await projecting.upTo(last);
      const verdict = await projecting.verify();
      await projecting.stop();

      deepEqual([verdict.holds, verdict.differences, verdict.position], [true, [], last]);
      const { tape } = await rowsOf(store.adapter, journal);
      const whole = await memory.open();
      await projected(whole);
      const { tape: all } = await rowsOf(whole, journal);
      const since = journal.entries[CUT]?.time ?? 0;
      const isSince = (print: string) => JSON.parse(print).executedAt >= since;
      deepEqual(tape, all.filter(isSince));
      ok(tape.length > 0 && tape.length < all.length);
    });

    it("touches nothing of another world, nor of a later or an earlier time of this one", async () => {
      await using store = await opened();
      await projected(store.adapter, 200);
      const before = await rowsOf(store.adapter, journal);
      const start = (of: Pick<Journal, "log" | "last">, more = {}) =>
        rejects(
          async () => Projecting.start(of, store.adapter, more),
          conflict(/SCHEMA_NAME|restore/),
        );

      await start(journal, { worldId: "00000000-0000-4000-8000-000000000001" });
      await start(await journalOf(journal.entries.slice(0, 199)));
      await start(await released(202));
      await start(await released(301), { snapshots: kept(snapshotAt(journal, 300)) });
      await start(
        { log: new MemoryCommandLog(), last: 0 as Sequence },
        { worldId: "00000000-0000-4000-8000-000000000001" },
      );

      deepEqual(await rowsOf(store.adapter, journal), before);
    });

    it("stops when somebody else writes the same rows", async () => {
      await using store = await opened();
      const one = await Projecting.start(journal, store.adapter);
      await one.upTo(100);
      await projected(store.adapter, 200);

      await rejects(one.upTo(150), conflict(/does not stand at/));
      const other = await Projecting.start(journal, store.adapter);
      equal((await other.verify()).holds, true);
      await other.stop();
    });

    async function opened() {
      const adapter = await target.open();
      return { adapter, [Symbol.asyncDispose]: () => adapter.disconnect() };
    }
  });
}
