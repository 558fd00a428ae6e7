import { fileURLToPath } from "node:url";

/**
 * Run once before the tests: each file of them is a process of its own, and most load the same modules. What
 * Node compiled of a module is kept for the next that loads it, also for the next run.
 */
export function globalSetup(): void {
  const folder = new URL("../node_modules/.cache/node-compile", import.meta.url);
  // biome-ignore lint/style/noProcessEnv: what the tests' processes inherit is the environment
  process.env.NODE_COMPILE_CACHE ??= fileURLToPath(folder);
}
