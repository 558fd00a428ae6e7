import { mkdirSync } from "node:fs";
import * as path from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Held until `release`, or until the process ends, however it ends. */
export interface DirectoryLock {
  /** Releasing again does nothing. */
  release(): void;
}

/** Another process has the directory. */
export class DirectoryInUse extends Error {
  override name = "DirectoryInUse";
  readonly code = "directory_in_use";
  readonly directory: string;

  constructor(directory: string, options?: ErrorOptions) {
    super(
      `${directory} is in use by another process: stop that one, or give this one a directory of its own`,
      options,
    );
    this.directory = directory;
  }
}

/** A lock that nobody refers to would be let go by the garbage collector. */
const held = new Set<DatabaseSync>();

/** SQLite's code for a database that someone else has locked. */
const SQLITE_BUSY = 5;

/**
 * Takes a data directory for this process alone; the directory is made when it is not there. The lock is
 * one of the kernel's on the file `lock`, by way of SQLite: it ends with its process and leaves nothing
 * to clean up. It does not hold between machines that share a network disk.
 *
 * @throws DirectoryInUse
 */
export function lockDirectory(directory: string): DirectoryLock {
  const absolute = path.resolve(directory);
  mkdirSync(absolute, { recursive: true });
  const database = new DatabaseSync(path.join(absolute, "lock"), { timeout: 0 });
  try {
    database.exec("pragma locking_mode = exclusive; begin exclusive");
  } catch (cause) {
    database.close();
    if ((cause as { errcode?: number }).errcode === SQLITE_BUSY) {
      throw new DirectoryInUse(absolute, { cause });
    }
    throw cause;
  }
  held.add(database);
  return {
    release() {
      if (held.delete(database)) database.close();
    },
  };
}
