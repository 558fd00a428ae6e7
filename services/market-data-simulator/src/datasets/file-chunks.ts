import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Chunks } from "./raw-record.ts";

/**
 * The bytes of a file; unpacked when its name ends in `.gz`. Reading rejects with the system's own error
 * for a file that isn't there or can't be read, and with that of zlib for one that isn't packed.
 */
export function fileChunks(path: string): Chunks {
  const file = createReadStream(path);
  // Errors of the file destroy the unpacking, which then throws them.
  return path.endsWith(".gz") ? pipeline(file, createGunzip(), () => {}) : file;
}
