import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** What every directory of a world has. */
export const WORLD_RECORD = "world.json";

/** Names in a data directory that are a world's, and nobody else's. */
const OF_WORLD: readonly RegExp[] = [
  /^world\.json(\.new)?$/,
  /^(journal|snapshots)$/,
  /^db(\..+)?$/,
  /^(secret-key|admin-token)$/,
  /^market$/,
];

/** Names that stay behind when nothing runs, and mean nothing. */
const LEFT_BEHIND: readonly RegExp[] = [/^lock(-journal|-wal|-shm)?$/];

export function isOfWorld(name: string): boolean {
  return OF_WORLD.some((pattern) => pattern.test(name));
}

export function isLeftBehind(name: string): boolean {
  return LEFT_BEHIND.some((pattern) => pattern.test(name));
}

/** Names in a directory; none when it is not there. */
export async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Bytes of files and of all that directories hold. */
export async function bytesOf(directory: string, names: readonly string[]): Promise<number> {
  let total = 0;
  for (const name of names) {
    const path = join(directory, name);
    const entry = await stat(path);
    total += entry.isDirectory() ? await bytesOf(path, await readdir(path)) : entry.size;
  }
  return total;
}
