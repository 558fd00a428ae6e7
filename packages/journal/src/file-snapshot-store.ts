import type { Sequence } from "@tse/domain";
import { JournalUnavailable } from "./command-log.ts";
import { type Disk, readFully, writeFully } from "./disk.ts";
import { withFile } from "./segment-files.ts";
import { decodeSnapshot, encodeSnapshot, snapshotName, snapshotSequence } from "./snapshot-file.ts";
import type { Snapshot, SnapshotStore } from "./snapshot-store.ts";

export interface FileSnapshotStoreOptions {
  readonly disk: Disk;
  /** Told of each snapshot that is passed over, and why. The file is left as it is. */
  readonly onDamaged: (file: string, reason: string) => void;
}

/** Bytes that are written at once, so that other users of the disk get their turn. */
const CHUNK_BYTES = 4 * 1024 * 1024;

/** Snapshots as files of one directory, which may be the journal's. */
export class FileSnapshotStore implements SnapshotStore {
  readonly #disk: Disk;
  readonly #onDamaged: (file: string, reason: string) => void;

  constructor({ disk, onDamaged }: FileSnapshotStoreOptions) {
    this.#disk = disk;
    this.#onDamaged = onDamaged;
  }

  async list(): Promise<readonly Sequence[]> {
    const names = await this.#disk.list();
    const sequences = names.map(snapshotSequence).filter((sequence) => sequence !== undefined);
    return sequences.sort((one, other) => other - one);
  }

  async newest(notAfter = Number.POSITIVE_INFINITY as Sequence): Promise<Snapshot | undefined> {
    for (const sequence of await this.list()) {
      if (sequence > notAfter) continue;
      const name = snapshotName(sequence);
      const read = decodeSnapshot(await this.#read(name));
      if (typeof read !== "string" && read.sequence === sequence) return read;
      const reason = typeof read === "string" ? read : `it is of entry ${read.sequence}`;
      this.#onDamaged(this.#disk.pathOf(name), reason);
    }
    return undefined;
  }

  async write(snapshot: Snapshot): Promise<void> {
    const name = snapshotName(snapshot.sequence);
    const unfinished = `${name}.new`;
    const [header, body] = encodeSnapshot(snapshot);
    try {
      const file = await this.#disk.open(unfinished, "create");
      try {
        await writeFully(file, header, 0);
        for (let at = 0; at < body.length; at += CHUNK_BYTES) {
          await writeFully(file, body.subarray(at, at + CHUNK_BYTES), header.length + at);
        }
        await file.flush();
      } finally {
        await file.close();
      }
      await this.#disk.rename(unfinished, name);
      await this.#disk.flushNames();
    } catch (cause) {
      throw new JournalUnavailable(`the snapshot of entry ${snapshot.sequence} was not stored`, {
        cause,
      });
    }
  }

  async prune(before: Sequence, keep: number): Promise<void> {
    const old = (await this.list()).slice(keep).filter((sequence) => sequence < before);
    for (const sequence of old) await this.#disk.delete(snapshotName(sequence));
    if (old.length > 0) await this.#disk.flushNames();
  }

  #read(name: string): Promise<Buffer> {
    return withFile(this.#disk, name, async (file) => {
      const bytes = Buffer.allocUnsafe(await file.size());
      return bytes.subarray(0, await readFully(file, bytes, 0));
    });
  }
}
