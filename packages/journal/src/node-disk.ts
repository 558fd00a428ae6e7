import * as fs from "node:fs";
import * as path from "node:path";
import type { Disk, DiskAccess, DiskFile } from "./disk.ts";

const FLAGS = {
  read: fs.constants.O_RDONLY,
  // Durable without a second call: a write resolves when the device has it.
  write: fs.constants.O_RDWR | (fs.constants.O_DSYNC ?? fs.constants.O_SYNC),
  create: fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_TRUNC,
} as const satisfies Record<DiskAccess, number>;

/** A directory of this machine. It is made, with its parents, when the first file is. */
export class NodeDisk implements Disk {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = path.resolve(directory);
  }

  async list(): Promise<readonly string[]> {
    const entries = await fs.promises
      .readdir(this.#directory, { withFileTypes: true })
      .catch((error) => (isMissing(error) ? [] : Promise.reject(error)));
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  }

  async open(name: string, access: DiskAccess): Promise<DiskFile> {
    if (access === "create") await this.#makeDirectory();
    const file = this.pathOf(name);
    return new NodeFile(await call<number>((done) => fs.open(file, FLAGS[access], done)));
  }

  rename(from: string, to: string): Promise<void> {
    return fs.promises.rename(this.pathOf(from), this.pathOf(to));
  }

  delete(name: string): Promise<void> {
    return fs.promises.unlink(this.pathOf(name));
  }

  flushNames(): Promise<void> {
    return flushDirectory(this.#directory);
  }

  pathOf(name: string): string {
    return path.join(this.#directory, name);
  }

  async #makeDirectory(): Promise<void> {
    const first = await fs.promises.mkdir(this.#directory, { recursive: true });
    if (first === undefined) return;
    // A new directory is durable when the one above it is flushed.
    for (let made = this.#directory; ; made = path.dirname(made)) {
      await flushDirectory(path.dirname(made));
      if (made === first) return;
    }
  }
}

/** Plain descriptors and callbacks: a promised `FileHandle` costs several microseconds a write more. */
class NodeFile implements DiskFile {
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  async size(): Promise<number> {
    return (await call<fs.Stats>((done) => fs.fstat(this.#descriptor, done))).size;
  }

  read(into: Uint8Array, position: number): Promise<number> {
    return call((done) => fs.read(this.#descriptor, into, 0, into.length, position, done));
  }

  write(bytes: Uint8Array, position: number): Promise<number> {
    return call((done) => fs.write(this.#descriptor, bytes, 0, bytes.length, position, done));
  }

  flush(): Promise<void> {
    return call((done) => fs.fdatasync(this.#descriptor, done));
  }

  close(): Promise<void> {
    return call((done) => fs.close(this.#descriptor, done));
  }
}

async function flushDirectory(directory: string): Promise<void> {
  const handle = await fs.promises.open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** A call of the system as a promise; `done` may be given no result. */
function call<Result>(
  start: (done: (error: Error | null, result?: Result) => void) => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    start((error, result) => (error ? reject(error) : resolve(result as Result)));
  });
}
