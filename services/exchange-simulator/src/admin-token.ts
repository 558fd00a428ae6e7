import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const OWNER_ONLY = 0o600;

/**
 * Writes the admin token where only the owner of the process can read it.
 *
 * @returns the file's path
 */
export async function keepToken(dataDir: string, token: string): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  const path = join(dataDir, "admin-token");
  await writeFile(path, `${token}\n`, { mode: OWNER_ONLY });
  // The mode above counts for a new file only.
  await chmod(path, OWNER_ONLY);
  return path;
}
