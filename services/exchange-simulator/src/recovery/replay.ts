import { performance } from "node:perf_hooks";
import type { Sequence } from "@tse/domain";
import type { Logger } from "@tse/service-kit";
import type { Passing, Sequencer } from "../sequencer.ts";
import type { Streams } from "../streams/streams.ts";
import type { ExchangeViews } from "./exchange-views.ts";

/** How far the journal is repeated. */
export interface ReplayProgress {
  readonly done: number;
  readonly total: number;
}

/** Sooner than this nobody wants to hear of it, and then not more often than this. */
const SILENT_MS = 1_000;
const EVERY_MS = 250;

const KEPT_OF_REPLAY = 50_000;

export interface ReplayParts {
  readonly exchange: Sequencer;
  readonly views: Pick<ExchangeViews, "pass" | "passed">;
  /** What follows the venue goes on from where it stands. */
  readonly streams: Pick<Streams, "goOn" | "recovered">;
  /** Last entry of the journal. */
  readonly last: Sequence;
  readonly logger: Logger;
  /** Commands at the end whose outcome memory keeps; 50,000 by default. */
  readonly kept?: number;
  readonly onProgress?: ((progress: ReplayProgress) => void) | undefined;
}

/**
 * Repeats the journal from where the venue stands to its end, saying how far it is when that takes long. Of a
 * long one the views keep the end: what is older they let pass, and it is read from where it is stored.
 */
export async function repeatJournal(parts: ReplayParts): Promise<void> {
  const { exchange, streams, last, logger, kept = KEPT_OF_REPLAY, onProgress = () => {} } = parts;
  const first = exchange.venue.sequence;
  const total = last - first;
  if (total === 0) return;
  const begin = performance.now();
  let toldAt = begin + SILENT_MS - EVERY_MS;
  const tell = (sequence: Sequence) => {
    const now = performance.now();
    if (now - toldAt < EVERY_MS) return;
    toldAt = now;
    onProgress({ done: sequence - first, total });
    logger.info("repeating the journal", { done: sequence - first, total });
  };
  const passing = total > kept ? passingUntil(last - kept, parts) : undefined;
  await exchange.replay({ passing, onProgress: tell });
  streams.recovered();
  const tookMs = Math.round(performance.now() - begin);
  logger.info("journal repeated", { snapshot: first, sequence: last, commands: total, tookMs });
}

function passingUntil(sequence: number, { views, streams }: ReplayParts): Passing {
  const until = sequence as Sequence;
  return {
    until,
    pass: (unit) => views.pass(unit),
    passed: () => {
      views.passed(until);
      streams.goOn();
    },
  };
}
