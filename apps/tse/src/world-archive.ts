import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { create, extract, list } from "tar";

/** A world can't be packed or unpacked as asked. The message says what to do. */
export class ArchiveRefused extends Error {
  override name = "ArchiveRefused";
}

/** What is of this machine, or of one run, and not of the world. */
const LEFT_OUT: readonly RegExp[] = [
  /^lock/,
  /^admin-token$/,
  /\.new$/,
  /\.tmp$/,
  /^db\.archived-/,
];

/** What every packed world has. */
const WORLD_RECORD = "world.json";

export interface Progress {
  /** Bytes read so far; what they are of in all. */
  (done: number, total: number): void;
}

/**
 * Packs the world in `directory` into one compressed file that only its owner can read: it holds the
 * key that seals API secrets. The world must not run; whoever calls holds its lock.
 *
 * @throws ArchiveRefused when there is no world in `directory`, or `file` exists already
 */
export async function packWorld(
  directory: string,
  file: string,
  onProgress: Progress = () => {},
): Promise<void> {
  if (!(await exists(join(directory, WORLD_RECORD)))) {
    throw new ArchiveRefused(`there is no world in ${directory}: name another with --data-dir`);
  }
  if (await exists(file)) throw new ArchiveRefused(`${file} exists: name another file`);

  const entries = (await readdir(directory)).filter((name) => !isLeftOut(name));
  const total = await bytesOf(directory, entries);
  let done = 0;
  const beside = `${file}.${randomUUID()}.tmp`;
  try {
    await create(
      {
        file: beside,
        cwd: directory,
        gzip: { level: 6 },
        portable: true,
        mode: 0o600,
        onWriteEntry(entry) {
          done += entry.stat?.isFile() === true ? entry.stat.size : 0;
          onProgress(done, total);
        },
      },
      entries,
    );
    await rename(beside, file);
  } finally {
    await rm(beside, { force: true });
  }
}

/**
 * Unpacks a world into `directory`: whole or not at all.
 *
 * @throws ArchiveRefused when `directory` holds anything, or `file` is not a packed world
 */
export async function unpackWorld(file: string, directory: string): Promise<void> {
  const held = await entriesOf(directory);
  if (held.some((name) => !isLeftOut(name))) {
    throw new ArchiveRefused(
      `${directory} is not empty: name another directory with --data-dir, or move it away`,
    );
  }
  await checkArchive(file);
  const beside = join(dirname(directory), `${basename(directory)}.${randomUUID()}.tmp`);
  await mkdir(beside, { recursive: true, mode: 0o700 });
  try {
    await extract({ file, cwd: beside, strict: true, preservePaths: false });
    await mkdir(directory, { recursive: true });
    for (const name of await readdir(beside))
      await rename(join(beside, name), join(directory, name));
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

async function checkArchive(file: string): Promise<void> {
  const names: string[] = [];
  try {
    await list({ file, strict: true, onReadEntry: ({ path }) => void names.push(path) });
  } catch (cause) {
    throw new ArchiveRefused(`${file} is not a packed world, or not all of it`, { cause });
  }
  if (!names.includes(WORLD_RECORD)) throw new ArchiveRefused(`${file} is not a packed world`);
}

function isLeftOut(name: string): boolean {
  return LEFT_OUT.some((pattern) => pattern.test(name));
}

async function entriesOf(directory: string): Promise<string[]> {
  return (await exists(directory)) ? readdir(directory) : [];
}

async function bytesOf(directory: string, names: readonly string[]): Promise<number> {
  let total = 0;
  for (const name of names) {
    const path = join(directory, name);
    const entry = await stat(path);
    total += entry.isDirectory() ? await bytesOf(path, await readdir(path)) : entry.size;
  }
  return total;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
}
