import { type FileHandle, open, readdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Makes durable what is in a directory: each file, then each folder. */
export async function flushDirectory(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await flushDirectory(path);
    else if (entry.isFile()) await flush(path);
  }
  await flush(directory);
}

/** Writes a file that is there whole or not at all, also after a power cut. */
export async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  await using handle = await open(temporary, "w");
  await handle.writeFile(bytes);
  await handle.sync();
  await rename(temporary, file);
  await flush(dirname(file));
}

async function flush(path: string): Promise<void> {
  await using handle: FileHandle = await open(path, "r");
  await handle.sync();
}
