import type { Timestamp } from "@tse/domain";
import type { TimelinePoint, TimelineRepository } from "./timeline-repository.ts";
import { keptPoints } from "./timeline-values.ts";

/** Timelines that live and die with their process. */
export class MemoryTimelineRepository implements TimelineRepository {
  /** Times by value. */
  readonly #timelines = new Map<string, Map<string, number>>();

  async add(key: string, points: readonly TimelinePoint[], kept: number): Promise<void> {
    const added = keptPoints(points, kept);
    if (added.length === 0) return;
    this.#put(key, this.#timelines.get(key) ?? new Map(), added, kept);
  }

  async replace(key: string, points: readonly TimelinePoint[], kept: number): Promise<void> {
    this.#put(key, new Map(), keptPoints(points, kept), kept);
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
  ): void {
    for (const { score, value } of points) timeline.set(value, score);
    const newest = ordered(timeline).slice(-kept);
    if (newest.length > 0) this.#timelines.set(key, new Map(newest));
    else this.#timelines.delete(key);
  }
}

/** By time, those of one time by value, as Redis has them. */
function ordered(timeline: ReadonlyMap<string, number>): [value: string, time: number][] {
  return [...timeline].sort(
    ([one, first], [other, second]) =>
      first - second || Buffer.compare(Buffer.from(one), Buffer.from(other)),
  );
}
