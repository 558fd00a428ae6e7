import { Refused } from "../refused.ts";

/**
 * Does something with a file that a flag names, and says so where the system refuses.
 *
 * @throws Refused with flag, path and the system's own words; whatever else `use` throws
 */
export async function flaggedFile<Result>(
  flag: string,
  path: string,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  try {
    return await use(path);
  } catch (cause) {
    const { syscall, message } = cause as NodeJS.ErrnoException;
    if (syscall === undefined) throw cause;
    throw new Refused(`--${flag} ${path}: ${message}`, { cause });
  }
}
