import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { delimiter, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const BINARIES = fileURLToPath(new URL("../../../node_modules/.bin", import.meta.url));

export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs buf in a directory, this package's by default, with the plugins that are installed here. */
export async function buf(args: readonly string[], directory = PACKAGE): Promise<Ended> {
  const PATH = `${BINARIES}${delimiter}${process.env.PATH}`;
  try {
    const { stdout } = await promisify(execFile)("buf", args, {
      cwd: directory,
      env: { ...process.env, PATH },
    });
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: `${stdout}${stderr}` };
  }
}

/** The text of every file below a directory, by its path from there. */
export async function filesBelow(directory: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(relative(directory, path), await readFile(path, "utf8"));
  }
  return new Map([...files].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
