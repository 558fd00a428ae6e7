/** Holds the lock of a directory until it is killed. Says on standard output how that went. */
import { lockDirectory } from "../src/index.ts";

try {
  lockDirectory(process.argv[2] as string);
  // Whether the lock outlives a collection of what nobody refers to is part of the test.
  setInterval(() => {}, 60_000);
  (globalThis as { gc?: () => void }).gc?.();
  process.stdout.write("locked\n");
} catch (error) {
  process.stdout.write(`${(error as { code?: string }).code}\n`);
}
