import { access, type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Refused } from "../refused.ts";

const UNFINISHED = ".unfinished";

/**
 * Files of one directory that appear together, or not at all: they are written under other names, and named when all
 * are whole. The directory is made when it is not there.
 *
 * @throws Refused when one of them is there and may not be replaced; the system's own error
 */
export class WholeFiles implements AsyncDisposable {
  readonly #directory: string;
  readonly #files: ReadonlyMap<string, FileHandle>;

  private constructor(directory: string, files: ReadonlyMap<string, FileHandle>) {
    this.#directory = directory;
    this.#files = files;
  }

  static async open(
    directory: string,
    names: readonly string[],
    replaces: boolean,
  ): Promise<WholeFiles> {
    if (!replaces) await refuseThoseThere(directory, names);
    await mkdir(directory, { recursive: true });
    const files = new Map<string, FileHandle>();
    const opened = new WholeFiles(directory, files);
    try {
      for (const name of names) {
        files.set(name, await open(join(directory, `${name}${UNFINISHED}`), "w"));
      }
      return opened;
    } catch (cause) {
      await opened[Symbol.asyncDispose]();
      throw cause;
    }
  }

  async write(name: string, text: string): Promise<void> {
    await this.#files.get(name)?.appendFile(text);
  }

  /** Gives all their names. Returns their paths. */
  async finish(): Promise<readonly string[]> {
    for (const file of this.#files.values()) {
      await file.sync();
      await file.close();
    }
    const paths: string[] = [];
    for (const name of this.#files.keys()) {
      const path = join(this.#directory, name);
      await rename(`${path}${UNFINISHED}`, path);
      paths.push(path);
    }
    return paths;
  }

  /** Leaves nothing of files that were not finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const [name, file] of this.#files) {
      await file.close();
      await rm(join(this.#directory, `${name}${UNFINISHED}`), { force: true });
    }
  }
}

async function refuseThoseThere(directory: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const path = join(directory, name);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) throw new Refused(`${path} exists: name another directory, or add --force`);
  }
}
