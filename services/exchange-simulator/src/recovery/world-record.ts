import { randomUUID } from "node:crypto";
import { open, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const FORMAT = 1;

const worldRecord = z.strictObject({
  format: z.literal(FORMAT),
  worldId: z.uuid(),
  seed: z.string(),
  /** Whether all that a new world begins with is in it: set up again from where it stopped, if not. */
  complete: z.boolean(),
});

/** What a data directory says of the world that it keeps. */
export type WorldRecord = z.output<typeof worldRecord>;

/** The data directory holds something else than was asked for, or nothing that this version can read. */
export class WorldConflict extends Error {
  override name = "WorldConflict";
}

const pathIn = (directory: string) => join(directory, "world.json");

/**
 * The record in `directory`; `undefined` when no world began there yet.
 *
 * @throws WorldConflict when the file is not one, or of another version
 */
export async function readWorld(directory: string): Promise<WorldRecord | undefined> {
  const path = pathIn(directory);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const parsed = worldRecord.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new WorldConflict(
    `${path} is not the record of a world that this version can read: restore the file, or choose another DATA_DIR`,
  );
}

/** Begins a world in `directory`: durable once resolved. */
export async function beginWorld(directory: string, seed: string): Promise<WorldRecord> {
  const record: WorldRecord = { format: FORMAT, worldId: randomUUID(), seed, complete: false };
  await writeWorld(directory, record);
  return record;
}

/** Replaces the record as a whole: durable once resolved. */
export async function writeWorld(directory: string, record: WorldRecord): Promise<void> {
  const path = pathIn(directory);
  const beside = `${path}.new`;
  await writeFile(beside, `${JSON.stringify(record, null, 2)}\n`, { flush: true });
  await rename(beside, path);
  await flushDirectory(directory);
}

/** Makes a rename in `directory` durable. */
async function flushDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
