import { performance } from "node:perf_hooks";
import type { Sequence } from "@tse/domain";
import type { Logger } from "@tse/service-kit";
import type { Sequencer } from "../sequencer.ts";
import type { ExchangeViews } from "./exchange-views.ts";

/** How far the journal is repeated. */
export interface ReplayProgress {
  readonly done: number;
  readonly total: number;
}

/** Sooner than this nobody wants to hear of it, and then not more often than this. */
const SILENT_MS = 1_000;
const EVERY_MS = 250;

/** Commands at the end of a replay whose outcome memory keeps. */
const KEPT_OF_REPLAY = 50_000;

export interface ReplayParts {
  readonly exchange: Sequencer;
  readonly views: Pick<ExchangeViews, "passOver">;
  /** Last entry of the journal. */
  readonly last: Sequence;
  readonly logger: Logger;
  readonly onProgress?: ((progress: ReplayProgress) => void) | undefined;
}

/** Repeats the journal from where the venue stands to its end, saying how far it is when that takes long. */
export async function repeatJournal(parts: ReplayParts): Promise<void> {
  const { exchange, views, last, logger, onProgress = () => {} } = parts;
  const first = exchange.venue.sequence;
  const total = last - first;
  if (total === 0) return;
  if (total > KEPT_OF_REPLAY) views.passOver((last - KEPT_OF_REPLAY) as Sequence);
  const begin = performance.now();
  let toldAt = begin + SILENT_MS - EVERY_MS;
  await exchange.replay((sequence) => {
    const now = performance.now();
    if (now - toldAt < EVERY_MS) return;
    toldAt = now;
    onProgress({ done: sequence - first, total });
    logger.info("repeating the journal", { done: sequence - first, total });
  });
  const tookMs = Math.round(performance.now() - begin);
  logger.info("journal repeated", { snapshot: first, sequence: last, commands: total, tookMs });
}
