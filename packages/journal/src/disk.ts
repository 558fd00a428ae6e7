/**
 * What the journal needs of a file system: one flat directory. The journal reaches its files through
 * nothing else, so that a simulated disk can lose what was not flushed and fail when told.
 *
 * Every method rejects with the system's own error, its `code` included.
 */
export interface Disk {
  /** Names of the files, in no order. */
  list(): Promise<readonly string[]>;

  /** @throws ENOENT when `access` isn't `create` and there is no such file */
  open(name: string, access: DiskAccess): Promise<DiskFile>;

  /** Replaces `to` in one step. Survives a power cut only after `flushNames`. */
  rename(from: string, to: string): Promise<void>;

  /** Survives a power cut only after `flushNames`. */
  delete(name: string): Promise<void>;

  /** Makes durable which files there are. */
  flushNames(): Promise<void>;

  /** How people find the file. */
  pathOf(name: string): string;
}

/**
 * - `read`: an existing file, never changed through this handle.
 * - `write`: an existing file; each write is durable once it resolved.
 * - `create`: a new file, or one emptied; writes are durable after `flush`.
 */
export type DiskAccess = "read" | "write" | "create";

export interface DiskFile {
  size(): Promise<number>;

  /** @returns how many bytes were read: fewer than asked for only at the end of the file */
  read(into: Uint8Array, position: number): Promise<number>;

  /** @returns how many bytes were written; fewer than given is the caller's to judge */
  write(bytes: Uint8Array, position: number): Promise<number>;

  flush(): Promise<void>;

  close(): Promise<void>;
}

/** Reads until `into` is full or the file ends. @returns how many bytes were read */
export async function readFully(
  file: DiskFile,
  into: Uint8Array,
  position: number,
): Promise<number> {
  let total = 0;
  while (total < into.length) {
    const bytes = await file.read(into.subarray(total), position + total);
    if (bytes === 0) break;
    total += bytes;
  }
  return total;
}

/** Writes all of `bytes`, in as many steps as the disk wants. */
export async function writeFully(
  file: DiskFile,
  bytes: Uint8Array,
  position: number,
): Promise<void> {
  for (let total = 0; total < bytes.length; ) {
    total += await file.write(bytes.subarray(total), position + total);
  }
}
