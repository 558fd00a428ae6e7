import type { Timestamp } from "@tse/domain";
import type { Logger } from "@tse/service-kit";
import { DatasetMissing } from "../modes/dataset-shelf.ts";
import type { Feed } from "./feed.ts";
import type { FeedRecord } from "./feed-record.ts";

/** Makes a record's interventions again, each at its time, and names the line of one that can't be. */
export class Repetition {
  readonly #record: FeedRecord;
  readonly #feed: Feed;
  readonly #logger: Logger;
  /** Interventions that were made. */
  #made = 0;

  constructor(record: FeedRecord, feed: Feed, logger: Logger) {
    this.#record = record;
    this.#feed = feed;
    this.#logger = logger;
  }

  /**
   * @param move takes the feed to a time, in the way that its part of the past needs
   * @throws FeedRecordCorrupt, DatasetMissing
   */
  upTo(time: Timestamp, move: (time: Timestamp) => void): void {
    const { interventions, segment } = this.#record;
    for (const each of interventions.slice(this.#made)) {
      if (each.at > time) break;
      this.#guarded(this.#made - 1, () => move(each.at));
      this.#guarded(this.#made, () => this.#feed.apply(each));
      this.#made += 1;
    }
    if (time >= segment.start) this.#guarded(this.#made - 1, () => move(time));
  }

  /** What fails on the way fails for the intervention before. Before the first one it is a fault of our own. */
  #guarded(index: number, act: () => void): void {
    try {
      act();
    } catch (error) {
      if (index < 0 || error instanceof DatasetMissing) throw error;
      this.#logger.error("the path of prices can't be made again", { error });
      throw this.#record.unrepeatable(index, error);
    }
  }
}
