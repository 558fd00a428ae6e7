import type { Sequence } from "@tse/domain";
import type { Disk } from "./disk.ts";
import { EntryReader } from "./entry-reader.ts";
import { readJournal } from "./recovery.ts";

/** Entries `from` to `to`, both included, as plain JSON: amounts of money are decimal text. */
export interface ExportRange {
  /** The oldest one held by default. */
  readonly from?: Sequence;
  /** The newest one by default. */
  readonly to?: Sequence;
}

/**
 * The entries of a journal as JSON values, one after another, for other tools. Changes nothing and
 * needs no lock.
 *
 * @throws JournalCorrupt, JournalVersionUnsupported
 * @throws JournalUnavailable when the journal no longer holds `from`
 */
export async function* exportJournal(disk: Disk, range: ExportRange = {}): AsyncGenerator<unknown> {
  const { headers, end } = await readJournal(disk, range.from ?? 1);
  const first = (headers[0]?.link.sequence ?? 0) + 1;
  const to = Math.min(range.to ?? Number.POSITIVE_INFINITY, end.link.sequence) as Sequence;
  const reader = new EntryReader(disk);
  try {
    for await (const run of reader.read(range.from ?? (first as Sequence), () => to)) {
      for (const entry of run) yield JSON.parse(JSON.stringify(entry, withTextForBigints));
    }
  } finally {
    await reader.close();
  }
}

function withTextForBigints(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
