import { join } from "node:path";
import { type Disk, type DiskAccess, type DiskFile, NodeDisk } from "@tse/journal";
import { Refused } from "./refused.ts";
import { namesIn } from "./world-files.ts";

/**
 * The journal that is kept in `directory`: that of a world's data directory, with its snapshots, or a
 * directory of segments.
 *
 * @throws Refused when there is none
 */
export async function journalIn(directory: string): Promise<Disk> {
  const names = await namesIn(directory);
  if (names.includes("journal")) return worldDisk(directory);
  if (names.some((name) => name.endsWith(".segment"))) return new NodeDisk(directory);
  throw new Refused(
    `there is no journal in ${directory}: name a world's directory, or choose it with --data-dir`,
  );
}

/** Journal and snapshots of a world as one directory: their files have different endings. */
export function worldDisk(directory: string): Disk {
  return new WorldDisk(
    new NodeDisk(join(directory, "journal")),
    new NodeDisk(join(directory, "snapshots")),
  );
}

class WorldDisk implements Disk {
  readonly #journal: Disk;
  readonly #snapshots: Disk;

  constructor(journal: Disk, snapshots: Disk) {
    this.#journal = journal;
    this.#snapshots = snapshots;
  }

  async list(): Promise<readonly string[]> {
    return [...(await this.#journal.list()), ...(await this.#snapshots.list())];
  }

  open(name: string, access: DiskAccess): Promise<DiskFile> {
    return this.#diskOf(name).open(name, access);
  }

  rename(from: string, to: string): Promise<void> {
    return this.#diskOf(from).rename(from, to);
  }

  delete(name: string): Promise<void> {
    return this.#diskOf(name).delete(name);
  }

  async flushNames(): Promise<void> {
    await this.#journal.flushNames();
    await this.#snapshots.flushNames();
  }

  pathOf(name: string): string {
    return this.#diskOf(name).pathOf(name);
  }

  #diskOf(name: string): Disk {
    return /\.snapshot(\.new)?$/.test(name) ? this.#snapshots : this.#journal;
  }
}
