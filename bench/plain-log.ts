import { type FileHandle, open } from "node:fs/promises";

/** About what an order takes in the journal. */
const RECORD = Buffer.alloc(120, 1);

/**
 * The plainest durable log with group commit: records, made before, are appended to a growing file, and
 * each group is flushed. No encoding, no checksum, no check at all.
 */
export class PlainLog {
  readonly #file: FileHandle;
  #waiting: (() => void)[] = [];
  #writing: Promise<void> | undefined;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(path: string): Promise<PlainLog> {
    return new PlainLog(await open(path, "a"));
  }

  append(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#writing ??= this.#write();
    });
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  async #write(): Promise<void> {
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      await this.#file.appendFile(Buffer.concat(group.map(() => RECORD)));
      await this.#file.datasync();
      for (const resolve of group) resolve();
    }
    this.#writing = undefined;
  }
}
