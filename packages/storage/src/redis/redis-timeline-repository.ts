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

  async add(key: string, points: readonly TimelinePoint[], kept: number): Promise<number> {
    const members = keptPoints(points, kept);
    const stored = this.#stored(key);
    return this.#connection.run(async (client) => {
      if (members.length === 0) return client.zCard(stored);
      const added = client
        .multi()
        .zAdd(stored, members)
        .zRemRangeByRank(stored, 0, -kept - 1);
      const [, , there] = await added.zCard(stored).execTyped();
      return there;
    });
  }

  async replace(key: string, points: readonly TimelinePoint[], kept: number): Promise<number> {
    const members = keptPoints(points, kept);
    const stored = this.#stored(key);
    return this.#connection.run(async (client) => {
      if (members.length === 0) {
        await client.del(stored);
        return 0;
      }
      const added = client.multi().del(stored).zAdd(stored, members);
      const trimmed = added.zRemRangeByRank(stored, 0, -kept - 1).zCard(stored);
      const [, , , there] = await trimmed.execTyped();
      return there;
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
