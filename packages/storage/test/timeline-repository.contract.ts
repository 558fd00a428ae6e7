import { deepEqual, equal, rejects } from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { timestamp } from "@tse/domain";
import type { TimelineRepository } from "../src/index.ts";

/** Timelines that nobody else uses. */
export interface TimelinesUnderTest {
  readonly timelines: TimelineRepository;
  close(): Promise<void>;
}

const at = (number: number) => timestamp(1_767_622_811_004_000 + number);
const ALL = [at(0), at(1_000_000)] as const;

/** What timelines promise, wherever they are kept. */
export function timelineRepositoryContract(
  name: string,
  skip: string | false,
  open: () => Promise<TimelinesUnderTest>,
): void {
  describe(`timelines in ${name}`, { skip }, () => {
    let timelines: TimelineRepository;
    let under: TimelinesUnderTest;

    before(async () => {
      under = await open();
      timelines = under.timelines;
    });
    after(() => under.close());

    it("give back a span, oldest first, whatever the order that it came in", async () => {
      const points = [3, 1, 2].map((number) => ({ time: at(number), value: { number } }));
      await timelines.add("span", points, 10);
      await timelines.add("span", [{ time: at(4), value: "text" }], 10);
      deepEqual(await timelines.range("span", ...ALL), [
        '{"number":1}',
        '{"number":2}',
        '{"number":3}',
        "text",
      ]);
      deepEqual(await timelines.range("span", at(2), at(4)), ['{"number":2}', '{"number":3}']);
      deepEqual(await timelines.range("nothing", ...ALL), []);
    });

    it("keep the newest", async () => {
      const points = Array.from({ length: 30 }, (_, number) => ({
        time: at(number),
        value: String(number),
      }));
      for (const point of points) await timelines.add("newest", [point], 10);
      const last = points.slice(-10).map(({ value }) => value);
      deepEqual(await timelines.range("newest", ...ALL), last);
      await timelines.add("newest", [], 5);
      deepEqual(await timelines.range("newest", ...ALL), last);
      await timelines.replace("newest", points, 5);
      deepEqual(await timelines.range("newest", ...ALL), last.slice(-5));
    });

    it("have a value once, and several at one time", async () => {
      await timelines.add("once", [{ time: at(1), value: "b" }], 10);
      await timelines.add("once", [{ time: at(1), value: "b" }], 10);
      await timelines.add("once", [{ time: at(1), value: "a" }], 10);
      deepEqual(await timelines.range("once", ...ALL), ["a", "b"]);
      await timelines.add("once", [{ time: at(2), value: "a" }], 10);
      deepEqual(await timelines.range("once", ...ALL), ["b", "a"]);
    });

    it("are replaced and deleted whole", async () => {
      await timelines.add("whole", [{ time: at(1), value: "old" }], 10);
      await timelines.replace("whole", [{ time: at(2), value: "new" }], 10);
      deepEqual(await timelines.range("whole", ...ALL), ["new"]);
      equal(await timelines.delete("whole"), true);
      equal(await timelines.delete("whole"), false);
      await timelines.add("whole", [{ time: at(1), value: "again" }], 10);
      await timelines.replace("whole", [], 10);
      equal(await timelines.delete("whole"), false);
    });

    it("say how many there are", async () => {
      const points = [1, 2, 3].map((number) => ({ time: at(number), value: String(number) }));
      equal(await timelines.add("count", points, 10), 3);
      equal(await timelines.add("count", points.slice(1), 10), 3);
      equal(await timelines.add("count", [], 10), 3);
      equal(await timelines.add("count", [{ time: at(4), value: "4" }], 2), 2);
      equal(await timelines.replace("count", points, 2), 2);
      equal(await timelines.replace("count", [], 2), 0);
      equal(await timelines.add("count", [], 2), 0);
    });

    it("refuse what can't be kept", async () => {
      const point = { time: at(1), value: "x" };
      for (const kept of [0, -1, 0.5, Number.NaN]) {
        await rejects(timelines.add("refused", [point], kept), { code: "invalid_query" });
      }
      const bad = { time: at(1), value: undefined };
      await rejects(timelines.add("refused", [point, bad], 10), { code: "invalid_query" });
      deepEqual(await timelines.range("refused", ...ALL), []);
    });
  });
}
