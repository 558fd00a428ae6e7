import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Adds to a file, which is there afterwards; durable when it returns. When it throws nothing was added.
 *
 * @returns where in the file it begins, in bytes
 */
export function appendDurably(path: string, text: string): number {
  const file = openSync(path, "a", 0o644);
  try {
    const { size } = fstatSync(file);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
      return size;
    } catch (error) {
      ftruncateSync(file, size);
      throw error;
    }
  } finally {
    closeSync(file);
  }
}

/** Cuts off what is behind the first `size` bytes of a file; durable when it returns. */
export function cutDurably(path: string, size: number): void {
  const file = openSync(path, "r+");
  try {
    ftruncateSync(file, size);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Writes a file that is there whole or not at all, in place of one that is there; durable when it returns. */
export function replaceDurably(path: string, parts: readonly (string | Uint8Array)[]): void {
  const beside = `${path}.new`;
  const file = openSync(beside, "w", 0o644);
  try {
    for (const part of parts) writeFileSync(file, part);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
  flushEntries(dirname(path));
}

/** As `replaceDurably`, without keeping the process from anything else meanwhile. One at a time of each path. */
export async function replaceInBackground(
  path: string,
  parts: readonly (string | Uint8Array)[],
): Promise<void> {
  const beside = `${path}.new`;
  const file = await open(beside, "w", 0o644);
  try {
    for (const part of parts) await file.appendFile(part);
    await file.sync();
  } finally {
    await file.close();
  }
  renameSync(beside, path);
  flushEntries(dirname(path));
}

/** Makes a directory, and those above it that are missing; durable when it returns. */
export function makeDirectory(path: string): void {
  const first = mkdirSync(path, { recursive: true });
  if (first !== undefined) flushEntries(dirname(first));
}

/** What a directory lists is durable on its own. */
function flushEntries(directory: string): void {
  const opened = openSync(directory, "r");
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
