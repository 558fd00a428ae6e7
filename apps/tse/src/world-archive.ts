import { randomUUID } from "node:crypto";
import { chmod, mkdir, open, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { readWorld, WorldConflict } from "@tse/exchange-simulator";
import { lockDirectory, verifyJournal } from "@tse/journal";
import { wasFlushed } from "@tse/storage";
import { create, extract, list } from "tar";
import type { Step } from "./progress.ts";
import { Refused } from "./refused.ts";
import { worldDisk } from "./world-disk.ts";
import { bytesOf, isLeftBehind, isOfWorld, namesIn, WORLD_RECORD } from "./world-files.ts";

/** What is of this machine, or of one run, and not of the world. */
const NOT_PACKED: readonly RegExp[] = [/^admin-token$/, /\.new$/, /\.tmp$/, /^db\.archived-/];

/** Says that the embedded database was not flushed before the machine stopped. */
const UNFLUSHED_MARK = "db.open";

const OWNER_ONLY = 0o600;

export interface PackedWorld {
  /** Of the world's files. */
  readonly bytes: number;
  /** Of the file that has them all. */
  readonly packedBytes: number;
}

type OnProgress = (step: Step) => void;

/**
 * Packs the world in `directory` into one compressed file that only its owner can read: it holds the key
 * that seals API secrets. The file is there whole or not at all.
 *
 * @throws Refused when there is no world in `directory`, or `file` exists already; DirectoryInUse
 */
export async function packWorld(
  directory: string,
  file: string,
  onProgress: OnProgress = () => {},
): Promise<PackedWorld> {
  if (!(await namesIn(directory)).includes(WORLD_RECORD)) {
    throw new Refused(`there is no world in ${directory}: name another with --data-dir`);
  }
  if (await exists(file)) throw new Refused(`${file} exists: name another file, or move it away`);

  const lock = lockDirectory(directory);
  const beside = `${file}.${randomUUID()}.tmp`;
  try {
    const names = await packedNames(directory);
    const bytes = await bytesOf(directory, names);
    await writeArchive({ directory, names, bytes, file: beside, onProgress });
    await flush(beside);
    await rename(beside, file);
    await flush(dirname(resolve(file)));
    return { bytes, packedBytes: (await stat(file)).size };
  } finally {
    await rm(beside, { force: true });
    lock.release();
  }
}

/** An embedded database whose process was only killed is whole, as a copy of it will be. */
async function packedNames(directory: string): Promise<readonly string[]> {
  const names = (await namesIn(directory)).filter(isPacked);
  return (await wasFlushed(directory)) ? names.filter((name) => name !== UNFLUSHED_MARK) : names;
}

interface ArchiveParts {
  readonly directory: string;
  readonly names: readonly string[];
  readonly bytes: number;
  readonly file: string;
  readonly onProgress: OnProgress;
}

async function writeArchive(parts: ArchiveParts): Promise<void> {
  const { directory, names, bytes: total, file, onProgress } = parts;
  let done = 0;
  await create(
    {
      file,
      cwd: directory,
      // Segments are mostly zeros: they cost next to nothing.
      gzip: { level: 6 },
      portable: true,
      strict: true,
      mode: OWNER_ONLY,
      onWriteEntry(entry) {
        onProgress({ doing: "packing", done, total });
        done += entry.stat?.isFile() === true ? entry.stat.size : 0;
      },
    },
    [...names],
  );
}

/**
 * Unpacks a world into `directory`: whole, with a journal that was verified, or not at all.
 *
 * @throws Refused when `directory` holds anything, or `file` is not a packed world as it was packed;
 * DirectoryInUse
 */
export async function unpackWorld(
  file: string,
  directory: string,
  onProgress: OnProgress = () => {},
): Promise<void> {
  const target = resolve(directory);
  await refuseFull(target, directory);
  const total = await checkArchive(file);
  const parent = dirname(target);
  const made = await mkdir(parent, { recursive: true });
  const beside = join(parent, `${basename(target)}.${randomUUID()}.tmp`);
  try {
    await mkdir(beside, { mode: 0o700 });
    await extractAll(file, beside, { total, onProgress });
    await verifyWorld(beside, file, onProgress);
    await flushTree(beside);
    await putInPlace(beside, target);
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    if (made !== undefined) await rm(made, { recursive: true, force: true });
    throw error;
  }
}

async function refuseFull(target: string, shown: string): Promise<void> {
  if ((await namesIn(target)).every(isLeftBehind)) return;
  throw new Refused(
    `${shown} is not empty: name another directory with --data-dir, or move it away`,
  );
}

/**
 * Looks at every entry before anything is written: files and directories of a world, by their names.
 *
 * @returns bytes of all files
 */
async function checkArchive(file: string): Promise<number> {
  const names = new Set<string>();
  const foreign: string[] = [];
  let bytes = 0;
  await reading(file, () =>
    list({
      file,
      strict: true,
      onReadEntry: ({ path, type, size }) => {
        names.add(path);
        bytes += size;
        if (!isSafe(path, type)) foreign.push(path);
      },
    }),
  );
  if (foreign[0] !== undefined) {
    throw new Refused(`${file} is not a packed world: ${JSON.stringify(foreign[0])} is not of one`);
  }
  if (!names.has(WORLD_RECORD)) {
    throw new Refused(`${file} is not a packed world: it has no ${WORLD_RECORD}`);
  }
  return bytes;
}

/** Nothing but plain files and directories below what a packed world has. */
function isSafe(path: string, type: string): boolean {
  const [top = "", ...rest] = path.replace(/\/$/, "").split("/");
  const isPlain = type === "File" || type === "Directory";
  return isPlain && isPacked(top) && rest.every((part) => !["", ".", ".."].includes(part));
}

function isPacked(name: string): boolean {
  return isOfWorld(name) && !NOT_PACKED.some((pattern) => pattern.test(name));
}

async function extractAll(
  file: string,
  into: string,
  { total, onProgress }: { readonly total: number; readonly onProgress: OnProgress },
): Promise<void> {
  let done = 0;
  await reading(file, () =>
    extract({
      file,
      cwd: into,
      strict: true,
      onReadEntry({ size }) {
        onProgress({ doing: "unpacking", done, total });
        done += size;
      },
    }),
  );
  await chmod(into, 0o755);
}

/** A system's error is the system's; any other says that the file is not what it should be. */
async function reading(file: string, read: () => Promise<unknown>): Promise<void> {
  try {
    await read();
  } catch (cause) {
    if (cause instanceof Error && "syscall" in cause) throw cause;
    throw new Refused(
      `${file} is not a packed world, or not all of it: copy it again from where it was made`,
      { cause },
    );
  }
}

async function verifyWorld(directory: string, file: string, onProgress: OnProgress): Promise<void> {
  await readWorld(directory).catch((cause: unknown) => {
    if (!(cause instanceof WorldConflict)) throw cause;
    throw new Refused(`${file} was packed by another version, which can read it`, { cause });
  });
  const { problem } = await verifyJournal(worldDisk(directory), ({ step, done, total }) =>
    onProgress({ doing: `verifying ${step}`, done, total }),
  );
  if (problem === undefined) return;
  throw new Refused(`${file} holds a world whose journal is damaged, nothing was kept: ${problem}`);
}

/** In one step; it fails when somebody began another world there meanwhile. */
async function putInPlace(from: string, to: string): Promise<void> {
  if (await exists(to)) {
    const lock = lockDirectory(to);
    for (const name of await readdir(to)) if (isLeftBehind(name)) await rm(join(to, name));
    lock.release();
    await rmdir(to);
  }
  await rename(from, to);
  await flush(dirname(to));
}

async function flushTree(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await flushTree(path);
    else await flush(path);
  }
  await flush(directory);
}

async function flush(path: string): Promise<void> {
  await using handle = await open(path, "r");
  await handle.sync();
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
