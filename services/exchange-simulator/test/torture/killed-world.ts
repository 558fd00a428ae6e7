import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { killAtStart, startExchange } from "./exchange-process.ts";
import type { TortureWorld } from "./world.ts";

/** A world in a directory of its own, whose process is killed. */
export interface KilledWorld extends TortureWorld {
  /** Deletes the directory. */
  remove(): Promise<void>;
}

/** @param environment where its history goes, besides the directory */
export async function newKilledWorld(
  environment: Readonly<Record<string, string>>,
): Promise<KilledWorld> {
  const dataDir = await mkdtemp(join(tmpdir(), "torture-"));
  const options = (clock: string) => ({
    environment: { ...TORTURED, ...environment, CLOCK_MODE: clock, DATA_DIR: dataDir },
  });
  return {
    dataDir,
    start: (clock) => startExchange(options(clock)),
    strikeAtStart: (delayMs) => killAtStart(options("virtual"), delayMs),
    strike: async (process) => {
      await process.end("SIGKILL");
    },
    remove: () => rm(dataDir, { recursive: true, force: true }),
  };
}

/** What every tortured world is configured with: snapshots come often, and no command is forgotten. */
export const TORTURED = {
  PARTICIPANTS: "fixed-spread",
  JOURNAL: "file",
  JOURNAL_RETAIN: "all",
  SNAPSHOT_COMMANDS: "2000",
  SNAPSHOT_INTERVAL: "1s",
  WORLD_SEED: "torture",
} as const;
