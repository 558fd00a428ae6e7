import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { duration, type Timestamp } from "@tse/domain";
import { ControllableClock, silentLogger } from "@tse/service-kit";
import { FeedDriver } from "../../src/feed/feed-driver.ts";
import { FileFeedRecorder } from "../../src/feed/feed-record.ts";
import { openFeed } from "../../src/feed/open-feed.ts";
import { MemoryDatasetShelf } from "../../src/modes/dataset-shelf.ts";
import { after, SECOND, ticksOf } from "../support/feeds.ts";

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "feed-"));
  path = join(directory, "feed.jsonl");
});
afterEach(() => rmSync(directory, { recursive: true }));

const read = () => new FileFeedRecorder(directory).read();

const AT = after(SECOND);
const SEGMENT = {
  kind: "segment",
  number: 1,
  seed: "42",
  mode: "gbm",
  interval: SECOND,
  symbols: ["BTC/USD", "USDT/USD", "BTC/USDT"],
  start: after(0),
  prices: {},
  sequences: {},
};
const BTC = { symbol: "BTC/USD", at: AT };
const DATASET = { name: "may", checksum: "00" };
const SOURCE = { kind: "source", at: AT, source: "binance", symbols: ["BTC/USD"] };

function write(...lines: readonly unknown[]): void {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`);
  writeFileSync(path, text.join(""));
}

/** @returns the record's own word for what is wrong with its second line */
function ruleOf(line: unknown): string {
  write(SEGMENT, line);
  try {
    read();
  } catch (error) {
    assert(error instanceof Error && error.name === "FeedRecordCorrupt");
    const [, rule] = /feed\.jsonl, line 2, can't be read: (.*); restore it from/.exec(
      error.message,
    ) ?? [undefined, undefined];
    assert(rule !== undefined, error.message);
    return rule;
  }
  return "none";
}

function opened(now: Timestamp = after(0)) {
  const recorder = new FileFeedRecorder(directory);
  const { feed, catchUp } = openFeed({
    terms: {
      seed: "42",
      mode: "gbm",
      interval: duration(SECOND),
      spread: "fixed",
      symbols: ["BTC/USD"],
    },
    recorder,
    now,
    modes: { market: "gbm", modes: {} },
    datasets: new MemoryDatasetShelf(),
    logger: silentLogger,
  });
  const ticks = ticksOf(feed);
  catchUp();
  const clock = new ControllableClock({ mode: "virtual", start: feed.time });
  return { feed, ticks, driver: new FeedDriver({ feed, clock, recorder, isTimeKept: false }) };
}

describe("A market's record", () => {
  it("takes every line that a market writes, those of earlier versions too", () => {
    const start = { id: "crash-1" };
    const replay = { mode: "replay", id: "r", dataset: DATASET, speed: 1, from: 5, loop: false };
    const afterwards = { mode: "bootstrap", dataset: DATASET };
    for (const line of [
      { kind: "time", at: AT },
      { kind: "until", at: AT },
      { kind: "price", ...BTC, price: 4_500_000 },
      { kind: "halt", ...BTC },
      { kind: "resume", ...BTC },
      { kind: "spread", ...BTC, spread: { kind: "dynamic", bps: 0.5 } },
      { kind: "mode", ...BTC, terms: { mode: "consensus" } },
      { kind: "mode", ...BTC, terms: { ...replay, align: "rebase", afterwards } },
      { kind: "scenario", at: AT, command: { kind: "start_scenario", time: AT, start } },
      { kind: "replay", at: AT, id: "r", action: "pause" },
      { kind: "replay", at: AT, id: "r", action: "seek", to: 7 },
      SOURCE,
      { ...SOURCE, fault: { loss: 0.5, delay: 0, factor: 1.02 } },
    ]) {
      assert.equal(ruleOf(line), "none", JSON.stringify(line));
      assert.equal(read()?.lastTime, AT);
    }
  });

  const wrong: readonly (readonly [unknown, RegExp])[] = [
    [null, /no JSON object/],
    [5, /no JSON object/],
    [[], /kind must be one of segment, time, /],
    [{ kind: "stop", ...BTC }, /kind must be one of/],
    [{ kind: "constructor", ...BTC }, /kind must be one of/],
    [{ kind: "time" }, /^at: /],
    [{ kind: "halt", symbol: "BTC/USD" }, /^at: /],
    [{ kind: "halt", ...BTC, at: 1.5 }, /^at: /],
    [{ kind: "halt", ...BTC, symbol: "DOGE/USD" }, /^symbol: /],
    [{ kind: "halt", ...BTC, symbol: "ETH/USD" }, /^ETH\/USD is not one of this stretch's/],
    [{ ...SOURCE, symbols: ["ETH/USD"] }, /^ETH\/USD is not one of this stretch's/],
    [{ ...SOURCE, source: "nobody" }, /^source: /],
    [{ kind: "price", ...BTC, price: 0 }, /^price: /],
    [{ kind: "spread", ...BTC, spread: { kind: "fixed", bps: -1 } }, /^spread\.bps: /],
    [{ kind: "mode", ...BTC, terms: { mode: "replay", id: "r" } }, /^terms\./],
    [{ kind: "mode", ...BTC, terms: { mode: "gmb" } }, /^terms\.mode: /],
    [{ kind: "replay", at: AT, id: "r", action: "seek" }, /^to: /],
    [{ kind: "scenario", at: AT, command: { kind: "start", time: AT } }, /^command\.kind: /],
    [{ kind: "time", at: after(-1) }, /time is before that of the lines above/],
    [SEGMENT, /only line 1 is a segment/],
  ];
  for (const [line, rule] of wrong) {
    it(`says what is wrong with ${JSON.stringify(line).slice(0, 70)}`, () => {
      assert.match(ruleOf(line), rule);
    });
  }

  it("says which line is out of order; what was only reserved is no time that was", () => {
    const [one, two] = [after(SECOND), after(2 * SECOND)];
    write(SEGMENT, { kind: "until", at: two }, { kind: "halt", ...BTC, at: one });
    assert.equal(read()?.lastTime, one);
    write(SEGMENT, { kind: "time", at: two }, { kind: "halt", ...BTC, at: one });
    assert.throws(read, /line 3, can't be read: its time is before/);
  });

  it("says what is wrong with its beginning, and with what is no file", () => {
    for (const [first, rule] of [
      [{ ...SEGMENT, number: 0 }, /line 1, can't be read: number: /],
      [{ ...SEGMENT, symbols: ["DOGE/USD"] }, /line 1, can't be read: symbols\.0: /],
      [{ ...SEGMENT, mode: "realistic,BTC/USD=gbm" }, /line 1, can't be read: market: is missing/],
      [{ ...SEGMENT, prices: { BTC: null } }, /line 1, can't be read: prices\.BTC: /],
      [{ kind: "time", at: AT }, /line 1, can't be read: a stretch begins with its segment/],
    ] as const) {
      write(first);
      assert.throws(read, { name: "FeedRecordCorrupt", message: rule });
    }
    writeFileSync(path, "");
    assert.throws(read, { name: "FeedRecordCorrupt", message: /line 1, can't be read/ });
    rmSync(path);
    mkdirSync(path);
    assert.throws(read, {
      name: "FeedRecordCorrupt",
      message: /feed\.jsonl can't be read \(EISDIR\)/,
    });
  });
});

/** Stops a scenario that there isn't: nothing plans that, so to carry it out is a fault. */
const IMPOSSIBLE = {
  kind: "stop_scenario",
  id: "of-nobody",
  time: after(0),
} as const;

describe("An intervention that can't be carried out", () => {
  it("is in the record no more, and what comes after it is", () => {
    const { driver } = opened();
    driver.start();
    const before = readFileSync(path, "utf8");
    assert.throws(() => driver.direct(() => ({ status: "accepted", command: IMPOSSIBLE })));
    assert.equal(readFileSync(path, "utf8"), before);
    driver.intervene({ kind: "halt", symbol: "BTC/USD" });
    driver.stop();
    const again = opened();
    assert.equal(again.feed.state("BTC/USD", after(0)), "halted");
  });

  it("that is in the record all the same is named by a start, with the way on", () => {
    opened();
    const lines = readFileSync(path, "utf8");
    const poison = { kind: "scenario", at: after(0), command: IMPOSSIBLE };
    writeFileSync(path, `${lines}{"kind":"time","at":${after(0)}}\n${JSON.stringify(poison)}\n`);
    for (const now of [after(0), after(5_000 * SECOND)]) {
      assert.throws(() => opened(now), {
        name: "FeedRecordCorrupt",
        message:
          /feed\.jsonl, line 3, can't be repeated: .+; take the line out to go on without it/,
      });
    }
    writeFileSync(path, lines);
    opened();
  });
});
