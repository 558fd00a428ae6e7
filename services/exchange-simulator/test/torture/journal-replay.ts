import { join } from "node:path";
import type { Sequence } from "@tse/domain";
import { FileCommandReader, FileSnapshotStore, NodeDisk } from "@tse/journal";
import type { Venue } from "@tse/venue";
import { newVenue, restoredVenue } from "../../src/genesis.ts";
import { readState } from "../../src/recovery/exchange-views.ts";

/** Repeats a world's journal in a venue of this process, beside the service that writes it. */
export class JournalReplay {
  readonly #directory: string;
  readonly #venue: Venue;

  private constructor(directory: string, venue: Venue) {
    this.#directory = directory;
    this.#venue = venue;
  }

  /** From the world's first command on. */
  static fromBeginning(dataDir: string): JournalReplay {
    return new JournalReplay(join(dataDir, "journal"), newVenue());
  }

  /** From the oldest snapshot that is kept; `undefined` when there is none. */
  static async fromOldestSnapshot(dataDir: string): Promise<JournalReplay | undefined> {
    const store = new FileSnapshotStore({
      disk: new NodeDisk(join(dataDir, "snapshots")),
      onDamaged: (file, reason) => {
        throw new Error(`snapshot ${file} is damaged: ${reason}`);
      },
    });
    const oldest = (await store.list()).at(-1);
    const snapshot = oldest === undefined ? undefined : await store.newest(oldest);
    if (snapshot === undefined) return undefined;
    const { venue } = readState(snapshot.state);
    return new JournalReplay(join(dataDir, "journal"), restoredVenue(venue));
  }

  /** Commands repeated so far, those of the snapshot included. */
  get sequence(): Sequence {
    return this.#venue.sequence;
  }

  /**
   * The hash of the state after `sequence`, which is durable and not before the last one asked for.
   *
   * @throws JournalCorrupt, JournalUnavailable
   */
  async hashAt(sequence: Sequence): Promise<string> {
    const venue = this.#venue;
    const reader = new FileCommandReader(new NodeDisk(this.#directory));
    try {
      if (sequence > venue.sequence) {
        for await (const run of reader.read((venue.sequence + 1) as Sequence, sequence)) {
          for (const { command, time } of run) {
            venue.events.clear();
            venue.apply(command, time);
          }
        }
      }
    } finally {
      await reader.close();
    }
    if (venue.sequence !== sequence) {
      throw new Error(`the journal ends with ${venue.sequence}, and ${sequence} was acknowledged`);
    }
    return venue.stateHash();
  }
}
