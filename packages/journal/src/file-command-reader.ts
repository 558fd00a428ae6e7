import type { Sequence } from "@tse/domain";
import type { LogEntry } from "./command-log.ts";
import type { Disk } from "./disk.ts";
import { EntryReader } from "./entry-reader.ts";

/**
 * Reads a journal that another thread or process writes: it takes no lock and changes nothing. What is
 * durable it has to be told, by the `CommandLog` that writes.
 *
 * Reads that go on where one before ended are cheap; any other looks for its place.
 */
export class FileCommandReader {
  readonly #reader: EntryReader;

  constructor(disk: Disk) {
    this.#reader = new EntryReader(disk);
  }

  /**
   * Entries `from` to `to`, both included, in runs of at least one.
   *
   * @param to durable, as the writer said
   * @throws JournalUnavailable when the journal no longer holds `from`
   * @throws JournalCorrupt when an entry is not as it was written, or missing
   */
  read(from: Sequence, to: Sequence): AsyncIterable<readonly LogEntry[]> {
    return this.#reader.read(from, () => to);
  }

  /** Lets go of its file. */
  close(): Promise<void> {
    return this.#reader.close();
  }
}
