import type { Sequence } from "@tse/domain";
import type { FileCommandLog, SnapshotStore } from "@tse/journal";
import type { Logger } from "@tse/service-kit";
import type { ExchangeConfig } from "../config.ts";

export interface JournalKeeperParts {
  readonly log: FileCommandLog;
  readonly snapshots: SnapshotStore;
  readonly archive: {
    /** Last sequence whose rows are stored. */
    readonly position: Sequence;
    /** Last sequence whose rows survive a power cut: makes it so for `position`, where that isn't by itself. */
    secure(): Promise<Sequence>;
  };
  readonly config: Pick<ExchangeConfig, "journalRetain" | "journalMaxBytes">;
  readonly logger: Logger;
}

/** Snapshots that are kept, whatever is stored elsewhere. */
const SNAPSHOTS_KEPT = 2;
/** Segments that stand for less than it costs to make their rows safe elsewhere. */
const SEGMENTS_KEPT = 2;

/**
 * Lets go of what nothing needs any more: segments of the journal older than the two newest snapshots
 * whose rows are durable elsewhere, and snapshots that only they would have needed. Says so in the log.
 */
export class JournalKeeper {
  readonly #parts: JournalKeeperParts;

  constructor(parts: JournalKeeperParts) {
    this.#parts = parts;
  }

  /** After each snapshot. */
  async tidy(): Promise<void> {
    const { log, snapshots, archive, config, logger } = this.#parts;
    const kept = await snapshots.list();
    const second = kept[SNAPSHOTS_KEPT - 1];
    if (second === undefined || config.journalRetain === "all") return;
    this.#warnOfSize();
    if (log.segments <= SEGMENTS_KEPT) return this.#prune(kept, archive.position);

    const secured = await archive.secure();
    await this.#prune(kept, secured);
    const needed = kept.find((sequence) => sequence <= secured);
    if (needed === undefined) return;
    const before = log.firstSequence;
    const first = await log.release((Math.min(second, needed) + 1) as Sequence);
    if (first > before) {
      logger.info("journal segments released", { from: before, to: first - 1, bytes: log.bytes });
    }
  }

  /** The projection goes on from the newest snapshot at or before what it stored: that one stays. */
  async #prune(kept: readonly Sequence[], stored: Sequence): Promise<void> {
    const needed = kept.find((sequence) => sequence <= stored);
    if (needed !== undefined) await this.#parts.snapshots.prune(needed, SNAPSHOTS_KEPT);
  }

  #warnOfSize(): void {
    const { log, archive, config, logger } = this.#parts;
    if (log.bytes <= config.journalMaxBytes) return;
    const { bytes, lastSequence } = log;
    const lag = lastSequence - archive.position;
    logger.warn("journal is larger than JOURNAL_MAX_BYTES", { bytes, lag });
  }
}
