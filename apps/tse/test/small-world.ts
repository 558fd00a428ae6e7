import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountNumber, Amount, AssetId, Sequence, Timestamp } from "@tse/domain";
import { writeWorld } from "@tse/exchange-simulator";
import { FileCommandLog, FileSnapshotStore, type LogEntry, NodeDisk } from "@tse/journal";

/** A directory that is deleted at the end. */
export async function scratch(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "tse-cli-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Segments are small, so that there are several. */
const SEGMENT_BYTES = 8_192;
const BATCH = 8;

function entry(sequence: number): LogEntry {
  return {
    sequence: sequence as Sequence,
    time: (sequence * 1_000_000) as Timestamp,
    origin: { actor: "key", correlationId: `c${sequence}` },
    command: {
      kind: "deposit",
      account: 1 as AccountNumber,
      asset: 1 as AssetId,
      amount: 9_007_199_254_740_993n as Amount,
      externalId: "",
      reason: "",
    },
  };
}

/** All that is kept of a world, in `directory`: `commands` in its journal, a snapshot of the last, a secret key. */
export async function keepSmallWorld(directory: string, commands = 300): Promise<void> {
  const log = await FileCommandLog.open({
    disk: new NodeDisk(join(directory, "journal")),
    segmentBytes: SEGMENT_BYTES,
    retry: () => {},
  });
  for (let first = 1; first <= commands; first += BATCH) {
    const size = Math.min(BATCH, commands + 1 - first);
    await log.append(Array.from({ length: size }, (_, i) => entry(first + i)));
  }
  await log.close();
  const snapshots = new FileSnapshotStore({
    disk: new NodeDisk(join(directory, "snapshots")),
    onDamaged: () => {},
  });
  await snapshots.write({ sequence: commands as Sequence, state: { some: "state" } });
  await writeFile(join(directory, "secret-key"), "00".repeat(32), { mode: 0o600 });
  await writeWorld(directory, {
    format: 1,
    worldId: "0d3d9f57-5f2f-4b0c-9a53-6d5f4ac8b9a5",
    seed: "7",
    complete: true,
  });
}
