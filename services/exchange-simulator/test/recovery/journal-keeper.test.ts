import { deepEqual, equal, ok } from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type Sequence, timestamp } from "@tse/domain";
import { FileCommandLog, FileSnapshotStore, type LogEntry, NodeDisk } from "@tse/journal";
import { silentLogger } from "@tse/service-kit";
import { JournalKeeper } from "../../src/recovery/journal-keeper.ts";

/** The least that a segment may have, so that few commands fill several. */
const SEGMENT_BYTES = 8192;
const COMMANDS = 600;

const entries = Array.from({ length: COMMANDS }, (_, index): LogEntry => {
  const origin = { actor: "engine", correlationId: "c".repeat(64) };
  const command = { kind: "list_asset", asset: `A${index}` } as const;
  return { sequence: (index + 1) as Sequence, time: timestamp(1), origin, command };
});

interface Given {
  readonly journalRetain?: "needed" | "all";
  readonly journalMaxBytes?: number;
  /** Oldest first. */
  readonly snapshots: readonly number[];
  /** Last command whose rows are stored. */
  readonly position: number;
  /** Last command whose rows survive a power cut; `position` when absent. */
  readonly secured?: number;
}

/** A journal of several segments after its keeper has tidied it. */
async function tidied(given: Given) {
  const { position, secured = position, snapshots: sequences } = given;
  const { journalRetain = "needed", journalMaxBytes = 10 ** 9 } = given;
  const path = await mkdtemp(join(tmpdir(), "tse-journal-"));
  const log = await FileCommandLog.open({
    disk: new NodeDisk(join(path, "journal")),
    segmentBytes: SEGMENT_BYTES,
  });
  for (let at = 0; at < COMMANDS; at += 10) await log.append(entries.slice(at, at + 10));
  ok(log.segments > 5, `${log.segments} segments`);
  const disk = new NodeDisk(join(path, "snapshots"));
  const snapshots = new FileSnapshotStore({ disk, onDamaged: () => {} });
  for (const sequence of sequences) {
    await snapshots.write({ sequence: sequence as Sequence, state: {} });
  }

  const said: string[] = [];
  const say = (message: string) => void said.push(message);
  const keeper = new JournalKeeper({
    log,
    snapshots,
    archive: { position: position as Sequence, secure: async () => secured as Sequence },
    config: { journalRetain, journalMaxBytes },
    logger: { ...silentLogger, info: say, warn: say },
  });
  await keeper.tidy();
  const left = await snapshots.list();
  const { firstSequence } = log;
  await log.close();
  await rm(path, { recursive: true });
  return { firstSequence, left, said };
}

const THREE = [100, 300, 500];

describe("JournalKeeper", () => {
  it("releases what is older than two snapshots and secured elsewhere, and says so", async () => {
    const { firstSequence, left, said } = await tidied({ snapshots: THREE, position: COMMANDS });
    ok(firstSequence > 1 && firstSequence <= 301, `begins at ${firstSequence}`);
    deepEqual(left, [500, 300]);
    deepEqual(said, ["journal segments released"]);
  });

  it("keeps everything until there are two snapshots", async () => {
    const { firstSequence, said } = await tidied({ snapshots: [500], position: COMMANDS });
    deepEqual([firstSequence, said], [1, []]);
  });

  it("keeps what has no rows that survive, and the snapshot to make them from", async () => {
    const none = await tidied({ snapshots: THREE, position: COMMANDS, secured: 0 });
    deepEqual([none.firstSequence, none.left, none.said], [1, [500, 300, 100], []]);

    const some = await tidied({ snapshots: [200, 300, 500], position: COMMANDS, secured: 250 });
    ok(some.firstSequence > 1 && some.firstSequence <= 201, `begins at ${some.firstSequence}`);
    deepEqual(some.left, [500, 300, 200]);
  });

  it("keeps every segment when it is told to", async () => {
    const given = { snapshots: THREE, position: COMMANDS, journalRetain: "all" } as const;
    const { firstSequence, said } = await tidied(given);
    deepEqual([firstSequence, said], [1, []]);
  });

  it("warns of a journal that is larger than it should be", async () => {
    const given = { snapshots: THREE, position: 0, journalMaxBytes: 10_000 };
    const { said } = await tidied(given);
    equal(said[0], "journal is larger than JOURNAL_MAX_BYTES");
  });
});
