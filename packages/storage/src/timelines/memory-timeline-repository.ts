import type { Timestamp } from "@tse/domain";
import type { TimelinePoint, TimelineRepository } from "./timeline-repository.ts";
import { keptPoints } from "./timeline-values.ts";

/** Timelines that live and die with their process. */
export class MemoryTimelineRepository implements TimelineRepository {
  /** Times by value. */
  readonly #timelines = new Map<string, Map<string, number>>();

  async add(key: string, points: readonly TimelinePoint[], kept: number): Promise<number> {
    const added = keptPoints(points, kept);
    const there = this.#timelines.get(key) ?? new Map<string, number>();
    return added.length === 0 ? there.size : this.#put(key, there, added, kept);
  }

  async replace(key: string, points: readonly TimelinePoint[], kept: number): Promise<number> {
    return this.#put(key, new Map(), keptPoints(points, kept), kept);
  }

  async range(key: string, start: Timestamp, end: Timestamp): Promise<readonly string[]> {
    return ordered(this.#timelines.get(key) ?? new Map())
      .filter(([, time]) => time >= start && time < end)
      .map(([value]) => value);
  }

  async delete(key: string): Promise<boolean> {
    return this.#timelines.delete(key);
  }

  #put(
    key: string,
    timeline: Map<string, number>,
    points: ReturnType<typeof keptPoints>,
    kept: number,
  ): number {
    for (const { score, value } of points) timeline.set(value, score);
    const newest = ordered(timeline).slice(-kept);
    if (newest.length > 0) this.#timelines.set(key, new Map(newest));
    else this.#timelines.delete(key);
    return newest.length;
  }
}

/** By time, those of one time by value, as Redis has them. */
function ordered(timeline: ReadonlyMap<string, number>): [value: string, time: number][] {
  return [...timeline].sort(
    ([one, first], [other, second]) =>
      first - second || Buffer.compare(Buffer.from(one), Buffer.from(other)),
  );
}
