import { accessSync, constants, mkdirSync, readFileSync } from "node:fs";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir, uptime } from "node:os";
import { join } from "node:path";
import type { StorageLogger } from "../backends/storage-logger.ts";

/** The embedded database of a data directory. */
export interface EmbeddedDirectory {
  /** The working database; it may not be there yet. */
  readonly database: string;
  /** A copy that survives everything; it may not be there. */
  readonly base: string;
  /** Says that the database is about to be written to. */
  opened(): Promise<void>;
  /** Says that all of it is on the disk. */
  flushed(): Promise<void>;
}

const names = (directory: string) => ({
  database: join(directory, "db"),
  base: join(directory, "db.base.tar.gz"),
  mark: join(directory, "db.open"),
});

/**
 * Looks after the embedded database, which never flushes a file. While it is open, a mark beside it names
 * the running system's boot: when a later boot finds that mark, the system ended before the database was
 * flushed, and nobody can say what of it is left. It is then moved aside, and made again from the base
 * copy and what its owner keeps beside it. A process that was only killed leaves its files to the system, whole.
 */
export async function embeddedDirectory(
  directory: string,
  logger: StorageLogger,
): Promise<EmbeddedDirectory> {
  const { database, base, mark } = names(directory);
  if (!(await wasFlushed(directory))) {
    await moveAside(database, logger, "the machine stopped before it was flushed");
  }
  return {
    database,
    base,
    opened: () => writeFile(mark, bootId(), { flush: true }),
    flushed: () => rm(mark, { force: true }),
  };
}

/** Whether what is left of the embedded database in `directory` is all that was written to it. */
export async function wasFlushed(directory: string): Promise<boolean> {
  const boot = await readMark(names(directory).mark);
  return boot === undefined || boot === bootId();
}

/** Moves a database that can't be trusted out of the way. Nothing is deleted. */
export async function moveAside(
  database: string,
  logger: StorageLogger,
  reason: string,
): Promise<void> {
  if (!(await exists(database))) return;
  const aside = `${database}.archived-${new Date().toISOString().replace(/[:.]/g, "-")}`;
  await rename(database, aside);
  logger.warn("embedded database moved aside; it is made again", {
    aside,
    reason,
  });
}

/** Names the time since the machine was started: the same for all processes until it stops. */
function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    // Elsewhere: the minute in which it was started, which the clock's drift moves by less.
    return String(Math.round((Date.now() / 1_000 - uptime()) / 600));
  }
}

async function readMark(mark: string): Promise<string | undefined> {
  return readFile(mark, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** A fresh database is unpacked from an image that the first one of this user left; nowhere, if he has no home. */
export function imagesFolder(): string | undefined {
  const folder = join(homedir(), ".cache", "trading-ecosystem");
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return folder;
  } catch {
    return undefined;
  }
}
