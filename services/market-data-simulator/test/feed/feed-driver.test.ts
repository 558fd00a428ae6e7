import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { duration, type Timestamp } from "@tse/domain";
import { ControllableClock, silentLogger } from "@tse/service-kit";
import { FeedDriver } from "../../src/feed/feed-driver.ts";
import { FileFeedRecorder } from "../../src/feed/feed-record.ts";
import { openFeed } from "../../src/feed/open-feed.ts";
import { MemoryDatasetShelf } from "../../src/modes/dataset-shelf.ts";
import { after, HOUR, MINUTE, plain, SECOND, START, ticksOf } from "../support/feeds.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "feed-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const recorder = () => new FileFeedRecorder(directory);
/** Where a process that starts now begins. */
const known = () => recorder().read()?.lastTime ?? START;
const lines = () => readFileSync(join(directory, "feed.jsonl"), "utf8").split("\n").length - 1;

/** A life of a world that ends without a word; its clock begins where the record ends. */
function lived(options: { readonly speed?: number; readonly start?: Timestamp } = {}) {
  const clock = new ControllableClock({ mode: "virtual", start: known(), ...options });
  const { feed, catchUp } = openFeed({
    terms: {
      seed: "42",
      mode: "gbm",
      interval: duration(SECOND),
      spread: "fixed",
      symbols: ["BTC/USD"],
    },
    recorder: recorder(),
    now: clock.now(),
    modes: { market: "gbm", modes: {} },
    datasets: new MemoryDatasetShelf(),
    logger: silentLogger,
  });
  const ticks = ticksOf(feed);
  catchUp();
  const driver = new FeedDriver({ feed, clock, recorder: recorder(), isTimeKept: false });
  driver.start();
  return { clock, feed, ticks, driver };
}

const bySequence = (ticks: ReturnType<typeof ticksOf>) =>
  new Map(ticks.map((tick) => [`${tick.terms.symbol} ${tick.sequence}`, plain(tick)]));

describe("A world with a virtual clock whose process is killed", () => {
  it("goes on at the very time that it was moved to, and uses no number twice", async () => {
    const first = lived();
    await first.clock.advance(duration(3 * MINUTE));
    const second = lived();
    assert.equal(second.clock.now(), after(3 * MINUTE));
    second.driver.intervene({ kind: "mode", symbol: "BTC/USD", terms: { mode: "static" } });
    await second.clock.set({ mode: "virtual", now: after(6 * MINUTE + 500_000) });
    const third = lived();
    assert.equal(third.clock.now(), after(6 * MINUTE + 500_000));
    const seen = [first, second, third].map(({ ticks }) => bySequence(ticks));
    for (const tick of [...first.ticks, ...second.ticks].map(plain)) {
      const key = `${tick.symbol} ${tick.sequence}`;
      for (const other of seen) assert.deepEqual(other.get(key) ?? tick, tick, key);
    }
    assert.equal(third.feed.sequence("BTC/USD"), 361);
  });

  it("had recorded each time before anything was published there, and that not for each tick", async () => {
    const { clock, feed, driver } = lived();
    const before = lines();
    let count = 0;
    feed.onTicks(([tick]) => {
      count += 1;
      if (count % 400 === 1) assert.ok((tick?.timestamp ?? 0) <= known());
    });
    await clock.advance(duration(5 * HOUR));
    assert.equal(count, 5 * 3_600);
    assert.ok(lines() - before <= 5, String(lines() - before));
    // What an operator does on the way ends what was reserved, and what follows is reserved again.
    const advance = clock.advance(duration(HOUR));
    while (clock.now() < after(5 * HOUR + MINUTE)) await new Promise(setImmediate);
    driver.intervene({ kind: "halt", symbol: "BTC/USDT" });
    assert.equal(known(), clock.now());
    await advance;
    assert.equal(known(), after(6 * HOUR));
  });

  it("stops where it is, whatever time was to come", async () => {
    const { clock, driver } = lived();
    const advance = clock.advance(duration(366 * 24 * HOUR));
    while (clock.now() < after(MINUTE)) await new Promise(setImmediate);
    assert.ok(known() <= after(2 * HOUR));
    clock.stop();
    assert.equal(await advance, "stopped");
    driver.stop();
    assert.equal(known(), clock.now());
  });

  it("is never behind what was published while time runs, and at most seconds ahead", async () => {
    const { clock, feed, driver } = lived({ speed: 1_000 });
    const { promise, resolve } = Promise.withResolvers<void>();
    feed.onTicks(([tick]) => {
      const time = tick?.timestamp ?? 0;
      assert.ok(time <= known() && known() <= time + 5_000 * SECOND);
      if (time >= after(20 * SECOND)) resolve();
    });
    const alive = setInterval(() => {}, 1_000);
    await promise;
    clearInterval(alive);
    await clock.set({ mode: "virtual" });
    assert.equal(known(), clock.now());
    driver.stop();
  });

  it("goes on behind its record where its clock is another's, which knows less", async () => {
    const first = lived();
    await first.clock.advance(duration(MINUTE));
    const second = lived({ start: after(10 * SECOND) });
    assert.equal(second.feed.sequence("BTC/USD"), 61);
    second.driver.intervene({ kind: "halt", symbol: "BTC/USD" });
    await second.clock.advance(duration(40 * SECOND));
    assert.equal(known(), after(MINUTE));
    assert.equal(recorder().read()?.interventions[0]?.at, after(MINUTE));
  });
});
