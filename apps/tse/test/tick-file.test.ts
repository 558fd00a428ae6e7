import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { isTickFile, readTickFile } from "../src/market/tick-file.ts";
import { tse } from "./tse.ts";

const HEADER = "time,price,qty,side,bid,ask,bid_qty,ask_qty";
const TRADES = [
  "1767571202682.437,45017.74,0.00240,sell,45017.74,45017.75,2.50628,4.52338",
  "1767571202682.437,45017.73,0.00014,sell,45017.74,45017.75,2.50628,4.52338",
  "1767571202710.483,45017.75,1,BUY,45017.74,45017.75,2.52599,4.49879",
];

describe("A file of trades", () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "tick-file-"));
  });
  after(() => rm(root, { recursive: true }));

  async function file(lines: readonly string[], name = "trades.csv"): Promise<string> {
    const path = join(root, name);
    const text = `${lines.join("\n")}\n`;
    await writeFile(path, name.endsWith(".gz") ? gzipSync(text) : text);
    return path;
  }

  it("is told from one of candles by its header", async () => {
    assert.equal(await isTickFile(await file([HEADER])), true);
    assert.equal(await isTickFile(await file(["Time,Price,Qty,Side"])), true);
    assert.equal(await isTickFile(await file(["ts,open,high,low,close,volume"])), false);
    assert.equal(await isTickFile(await file(["1767571200000,1,2,1,2,5"])), false);
    assert.equal(await isTickFile(await file([""])), false);
    await writeFile(join(root, "broken.csv.gz"), "no archive");
    assert.equal(await isTickFile(join(root, "broken.csv.gz")), false);
    await assert.rejects(isTickFile(join(root, "nowhere.csv")), /ENOENT/);
  });

  it("is read column by column, packed or not, in any order of columns", async () => {
    const tape = await readTickFile(await file([HEADER, ...TRADES], "trades.csv.gz"));
    assert.deepEqual([...tape.time], [1767571202682.437, 1767571202682.437, 1767571202710.483]);
    assert.deepEqual([...tape.side], [-1, -1, 1]);
    assert.deepEqual([...tape.ask_qty], [4.52338, 4.52338, 4.49879]);
    const turned = [HEADER, ...TRADES].map((line) => `x;${line.split(",").reverse().join(";")}`);
    assert.deepEqual(await readTickFile(await file(turned)), tape);
  });

  it("may have times in other units, and sides without orders", async () => {
    const times = ["1767571202", "1767571202682437", "2026-01-05T00:00:03Z"];
    const lines = times.map((time) => `${time},1.5,1,buy,,1.5,,3`);
    const { time, bid, bid_qty } = await readTickFile(await file([HEADER, ...lines]));
    assert.deepEqual([...time], [1767571202000, 1767571202682.437, 1767571203000]);
    assert.ok(Number.isNaN(bid[0]) && Number.isNaN(bid_qty[2]));
  });

  const [, second = ""] = TRADES;
  const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
    [
      "a missing column",
      ["time,price,qty,side,bid,ask", ...TRADES],
      /line 1: bid_qty, ask_qty missing/,
    ],
    ["no trade", [HEADER], /has no trades/],
    [
      "a time that is none",
      [HEADER, second.replace("1767571202682.437", "noon")],
      /line 2: time is a time/,
    ],
    [
      "a price that is none",
      [HEADER, second.replace("45017.73", "-1")],
      /line 2: price is a number from 0, not "-1"/,
    ],
    [
      "a side that is none",
      [HEADER, "", second.replace("sell", "short")],
      /line 3: side is buy or sell, not "short"/,
    ],
    [
      "a time that goes back",
      [HEADER, ...TRADES, second.replace("45017.73", "0")],
      /line 5: time is not before/,
    ],
    [
      "a quantity of 0",
      [HEADER, second.replace("0.00014", "0")],
      /line 2: qty is a number above 0/,
    ],
    [
      "half a quote",
      [HEADER, second.replace("2.50628", "")],
      /line 2: bid has both a price and a quantity/,
    ],
    [
      "a crossed quote",
      [HEADER, second.replace("45017.75", "45017.74")],
      /line 2: bid is below ask/,
    ],
    ["a short row", [HEADER, "1767571202682,1"], /line 2: qty is a number from 0, not ""/],
  ];
  for (const [what, lines, message] of wrong) {
    it(`is refused with ${what}, naming line, field and rule`, async () => {
      await assert.rejects(readTickFile(await file(lines)), message);
    });
  }

  it("names the first bad rows one by one, and counts the others", async () => {
    const bad = TRADES.map((line) => line.replace("45017.7", "x"));
    const { code, stderr } = await tse([
      ...["market", "realism", "--csv"],
      await file([HEADER, ...bad, ...bad, ...bad]),
    ]);
    assert.equal(code, 1);
    assert.equal(stderr.match(/price is a number from 0/g)?.length, 5);
    assert.match(stderr, /and 4 more rows are bad/);
  });

  it("is too short to judge with a handful of trades", async () => {
    const { code, stderr } = await tse([
      "market",
      "realism",
      "--csv",
      await file([HEADER, ...TRADES]),
    ]);
    assert.equal(code, 1);
    assert.match(stderr, /3 trades are too few to judge/);
  });
});
