import type { Timestamp } from "@tse/domain";
import type { TimelinePoint, TimelineRepository } from "../timelines/timeline-repository.ts";
import { keptPoints } from "../timelines/timeline-values.ts";
import type { RedisConnection } from "./redis-connection.ts";

/** Timelines as sorted sets, by microsecond. Nothing stands in for them while the server is away. */
export class RedisTimelineRepository implements TimelineRepository {
  readonly #connection: RedisConnection;
  readonly #prefix: string;

  /** @param namespace what every key starts with, without the colon */
  constructor(connection: RedisConnection, namespace: string) {
    this.#connection = connection;
    this.#prefix = `${namespace}:`;
  }

  async add(key: string, points: readonly TimelinePoint[], kept: number): Promise<void> {
    const members = keptPoints(points, kept);
    if (members.length === 0) return;
    const stored = this.#stored(key);
    await this.#connection.run((client) =>
      client
        .multi()
        .zAdd(stored, members)
        .zRemRangeByRank(stored, 0, -kept - 1)
        .exec(),
    );
  }

  async replace(key: string, points: readonly TimelinePoint[], kept: number): Promise<void> {
    const newest = keptPoints(points, kept);
    const stored = this.#stored(key);
    await this.#connection.run((client) => {
      const emptied = client.multi().del(stored);
      if (newest.length === 0) return emptied.exec();
      return emptied
        .zAdd(stored, newest)
        .zRemRangeByRank(stored, 0, -kept - 1)
        .exec();
    });
  }

  range(key: string, start: Timestamp, end: Timestamp): Promise<readonly string[]> {
    return this.#connection.run((client) =>
      client.zRange(this.#stored(key), start, `(${end}`, { BY: "SCORE" }),
    );
  }

  async delete(key: string): Promise<boolean> {
    return (await this.#connection.run((client) => client.del(this.#stored(key)))) > 0;
  }

  #stored(key: string): string {
    return this.#prefix + key;
  }
}
