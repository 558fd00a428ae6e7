import type { Sequence } from "@tse/domain";
import type { Logger } from "@tse/service-kit";
import type { Archive } from "../archive/archive.ts";
import type { ExchangeConfig } from "../config.ts";
import type { Core } from "../core.ts";
import { saveExchange } from "./exchange-views.ts";
import { JournalKeeper } from "./journal-keeper.ts";
import { SnapshotKeeper } from "./snapshot-keeper.ts";
import type { WorldStorage } from "./world-storage.ts";

export interface SnapshotParts {
  readonly world: WorldStorage;
  readonly core: Core;
  readonly archive: Archive;
  readonly config: ExchangeConfig;
  readonly logger: Logger;
}

/** Keeps snapshots, and lets the journal go that none of them needs; `undefined` for a world without files. */
export function createSnapshotKeeper(parts: SnapshotParts): SnapshotKeeper | undefined {
  const { world, core, archive, config, logger } = parts;
  const { files } = world;
  if (files === undefined) return undefined;
  const { exchange, venue, views } = core;
  const journal = new JournalKeeper({ ...files, archive, config, logger });
  const keeper = new SnapshotKeeper(
    {
      exchange,
      store: files.snapshots,
      save: () => saveExchange({ venue, views, time: exchange.lastTime }, archive.lasting),
      everyCommands: config.snapshotCommands,
      every: config.snapshotInterval,
      logger,
      onWritten: () => journal.tidy(),
    },
    files.snapshot?.sequence ?? (0 as Sequence),
  );
  exchange.subscribe(keeper.record);
  return keeper;
}
