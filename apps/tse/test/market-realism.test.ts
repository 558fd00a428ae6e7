import assert from "node:assert/strict";
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { openReport } from "./open-report.ts";
import { scratch } from "./small-world.ts";
import { tse } from "./tse.ts";

const DAYS = ["--days", "14", "--seeds", "1"];

interface TickFact {
  readonly market: string;
  readonly id: string;
  readonly values: readonly (number | undefined)[];
}

describe("tse market realism", () => {
  let root: string;
  let end: () => PromiseLike<void>;
  let report: string;
  /** What the first test found in the order flow of seed 1. */
  let flowFacts: readonly TickFact[] = [];

  before(async () => {
    const place = await scratch();
    root = place.path;
    end = () => place[Symbol.asyncDispose]();
    report = join(root, "report.html");
  });
  after(() => end());

  const realism = (...flags: readonly string[]) => tse(["market", "realism", ...flags]);

  it("finds nine tenths of the facts of real markets in the default market, and not in GBM", async () => {
    const { code, stdout } = await realism(...DAYS, "--speed", "max", "--json", "--out", report);
    const { passed, runs, gbm, facts, ticks, speed } = JSON.parse(stdout);
    assert.equal(code, 0);
    assert.equal(passed, true);
    assert.ok(runs[0].share >= 0.9, `${runs[0].share}`);
    assert.ok(gbm[0].share < 0.6, `${gbm[0].share}`);
    const markets = new Set(facts.map(({ market }: { market: string }) => market));
    assert.deepEqual([...markets], ["BTC", "ETH", "BTC-ETH"]);
    flowFacts = ticks.facts;
    assert.equal(flowFacts.length, 2 * 19);
    assert.equal(speed.simulatedSeconds, 14 * 86_400);
    assert.ok(speed.simulatedSecondsPerSecond > 1_000, stdout);
    for (const { market, inRange, judged } of ticks.runs) {
      assert.ok(inRange >= 15 && judged === 19, `${market}: ${inRange} of ${judged}`);
    }
  });

  it("writes a report that has everything in itself", async () => {
    const page = await readFile(report, "utf8");
    assert.match(
      page,
      /<title>Is the simulated market realistic\? .*mode realistic, seeds 1, 14 days/,
    );
    assert.match(page, /realistic, seed 1<\/p><p class="value">9\d\.\d % ✓/);
    for (const title of ["distribution of returns", "memory of volatility", "profile of the day"]) {
      for (const asset of ["BTC", "ETH"]) assert.ok(page.includes(`<h3>${asset}: ${title}</h3>`));
    }
    for (const title of ["volatility from day to day", "price", "volume"]) {
      assert.ok(page.includes(`<h3>BTC: ${title}</h3>`), title);
    }
    assert.ok(page.includes("BTC and ETH together: 8 facts"));
    assert.ok(!/\b(NaN|undefined|Infinity)\b/.test(page));
    assert.ok(
      !/(src|href)="(?!data:)/.test(page) && !page.includes("@import") && !page.includes("url("),
    );
  });

  it("shows the facts of order flow in the report, and what they are found in", async () => {
    const page = await readFile(report, "utf8");
    for (const asset of ["BTC", "ETH"]) {
      assert.ok(page.includes(`${asset}: 19 facts of order flow`));
      assert.match(
        page,
        new RegExp(`${asset} order flow, seed 1</p><p class="value">1\\d of 19 ✓`),
      );
      for (const title of ["memory of signs", "impact", "volatility by time scale"]) {
        assert.ok(page.includes(`<h3>${asset}/USD: ${title}</h3>`), title);
      }
    }
  });

  it("writes a report that a browser opens without complaint, as wide as its window", async (t) => {
    const opened = await openReport(report);
    if (opened === undefined) return t.skip("there is no Chromium here: CHROMIUM names one");
    assert.deepEqual(opened.complaints, []);
    assert.ok(opened.width <= opened.windowWidth, `${opened.width}`);
  });

  it("shows the book of the order flow in the report when asked", async () => {
    const page = join(root, "flow.html");
    const flags = ["--days", "7", "--seeds", "1", "--ticks", "--seconds", "60", "--out", page];
    await realism(...flags);
    const text = await readFile(page, "utf8");
    assert.ok(text.includes("<h2>BTC/USD: order flow, 60 seconds, seed 1</h2>"));
    for (const title of ["spread", "depth", "sizes of market orders", "memory of signs"]) {
      assert.ok(text.includes(`<h3>BTC/USD: ${title}</h3>`), title);
    }
    assert.ok(!/\b(NaN|undefined|Infinity)\b/.test(text));
  });

  it("fails the mode gbm with exit code 1, in a table for people", async () => {
    const { code, stdout } = await realism("--days", "7", "--seeds", "1", "--mode", "gbm");
    assert.equal(code, 1);
    assert.match(stdout, /BTC +excess kurtosis, 1 m +4\.56 to 53\.8 +\S+ +below/);
    assert.match(stdout, /gbm, seed 1 +\d\d\.\d %, \d+ of 82 facts in range\n/);
    assert.match(stdout, /Verdict +not realistic: below 90 %\n/);
    assert.match(
      stdout,
      /Speed +[\d,]+ simulated seconds per second, \d+\.\d+ µs per asset-second/,
    );
    assert.doesNotMatch(stdout, /order flow/);
  });

  it("judges a file, against files of real candles", async () => {
    const out = join(root, "given");
    await tse([
      "market",
      "simulate",
      "--days",
      "14",
      "--seed",
      "2",
      "--symbols",
      "BTC/USD",
      "--out",
      out,
    ]);
    const reference = join(root, "reference");
    await mkdir(reference);
    const csv = join(out, "BTC-USD-1m.csv");
    await copyFile(csv, join(reference, "BTCUSDT-1m-2026-01.csv"));
    const page = join(root, "given.html");
    const flags = ["--csv", csv, "--symbol", "BTC/USD", "--reference", reference, "--out", page];
    const { code, stdout } = await realism(...flags);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /BTC-USD-1m\.csv, 14 days, judged against real BTC/);
    assert.match(
      stdout,
      /BTC against real days +area 0\.\d+, goal 0\.93 or less: met, GBM \d\.\d+\n/,
    );
    const text = await readFile(page, "utf8");
    assert.ok(text.includes("real candles of yours") && text.includes("BTC: told from real days"));
    assert.ok(!text.includes("<h3>ETH"));
  });

  it("fails what can be told from real candles, whatever its facts", async () => {
    const reference = join(root, "brownian");
    await tse(["market", "simulate", "--mode", "gbm", "--days", "12", "--out", reference]);
    const csv = join(root, "given", "BTC-USD-1m.csv");
    const page = join(root, "told.html");
    const { code, stdout } = await realism("--csv", csv, "--reference", reference, "--out", page);
    assert.equal(code, 1, stdout);
    assert.match(
      stdout,
      /BTC against real days +area 1\.000, goal 0\.93 or less: missed, GBM 0\.\d+/,
    );
    assert.match(stdout, /Verdict +not realistic: BTC told from real days, area above 0\.93\n/);
    assert.match(await readFile(page, "utf8"), /Days of BTC can be told from real ones/);

    const short = join(root, "short-reference");
    await tse(["market", "simulate", "--days", "7", "--symbols", "BTC/USD", "--out", short]);
    const unsaid = await realism("--csv", csv, "--reference", short, "--json");
    const { passed, areas } = JSON.parse(unsaid.stdout);
    assert.deepEqual([passed, areas], [true, [{ asset: "BTC", passed: true }]]);
  });

  it("judges candles alone with --seconds 0", async () => {
    const { stdout } = await realism("--days", "7", "--seeds", "1", "--seconds", "0", "--json");
    assert.equal(JSON.parse(stdout).ticks, undefined);
  });

  it("judges a file of trades, and finds in what was simulated what it found itself", async () => {
    const out = join(root, "trades");
    const flags = ["--ticks", "--seed", "1", "--symbols", "ETH/USD", "--out", out];
    await tse(["market", "simulate", ...flags]);
    const csv = join(out, "ETH-USD-ticks.csv");
    const page = join(root, "trades.html");
    const { code, stdout } = await realism("--csv", csv, "--symbol", "ETH/USD", "--out", page);
    assert.equal(code, 0, stdout);
    assert.match(
      stdout,
      /ETH-USD-ticks\.csv, [\d,]+ trades of 59\d seconds, judged against real ETH/,
    );
    assert.match(stdout, /ETH +memory of sides, 1 on +0\.244 to 0\.530 +0\.\d+ +in range\n/);
    assert.match(stdout, /ETH +1\d of 19 facts in range\n/);
    assert.match(stdout, /Verdict +realistic: order flow at least 15 of 19\n/);
    const text = await readFile(page, "utf8");
    assert.ok(text.includes("<title>Are the trades of ETH/USD realistic?"));
    assert.ok(text.includes("<h3>ETH/USD: impact</h3>") && !text.includes("<h2>Facts</h2>"));
    assert.ok(!/\b(NaN|undefined|Infinity)\b/.test(text));

    const machine = await realism("--csv", csv, "--symbol", "ETH/USD", "--json");
    const { facts, ticks } = JSON.parse(machine.stdout);
    assert.deepEqual(facts, []);
    const simulated = flowFacts.filter(({ market }) => market === "ETH");
    const values = (of: readonly TickFact[]) => of.map(({ id, values: [value] }) => [id, value]);
    assert.deepEqual(values(ticks.facts), values(simulated));
  });

  it("refuses what it can't judge", async () => {
    const short = join(root, "short");
    await tse(["market", "simulate", "--days", "2", "--symbols", "ETH/USD", "--out", short]);
    const file = join(short, "ETH-USD-1m.csv");
    assert.match((await realism("--csv", file)).stderr, /has 2 whole days; at least 7 are needed/);
    assert.match(
      (await realism("--reference", root)).stderr,
      /has no CSV file with BTC or ETH and 1m/,
    );
    assert.match((await realism("--ticks")).stderr, /--ticks wants --out FILE/);
    for (const flags of [
      ["--days", "6"],
      ["--days", "10000"],
      ["--seeds", "1,x"],
      ["--seeds", ""],
      ["--seconds", "59"],
      ["--speed", "fast"],
      ["--ticks", "--out", "x.html", "--seconds", "0"],
      ["--ticks", "--out", "x.html", "--mode", "gbm"],
      ["--ticks", "--out", "x.html", "--csv", file],
    ]) {
      assert.equal((await realism(...flags)).code, 2, flags.join(" "));
    }
  });
});
