import assert from "node:assert/strict";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { readCandleFile } from "../src/market/candle-file.ts";
import { MARKET_SYMBOLS } from "../src/market/market-symbols.ts";
import { scratch } from "./small-world.ts";
import { tse } from "./tse.ts";

const ALL = MARKET_SYMBOLS.map(({ symbol }) => symbol).join(",");

describe("tse market simulate", () => {
  let root: string;
  let end: () => PromiseLike<void>;

  before(async () => {
    const place = await scratch();
    root = place.path;
    end = () => place[Symbol.asyncDispose]();
  });
  after(() => end());

  const simulate = (out: string, ...flags: readonly string[]) =>
    tse(["market", "simulate", "--days", "1", "--out", join(root, out), ...flags]);

  it("writes a file of candles for each symbol, derived ones too, that reads back as a regular series", async () => {
    const { code, stdout, stderr } = await simulate("all", "--symbols", ALL, "--speed", "max");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /Market +mode realistic, seed 42, 1 day from 2026-01-05\n/);
    assert.match(stdout, /[\d,]+ simulated seconds per second, [\d.]+ µs per asset-second/);
    assert.equal((await readdir(join(root, "all"))).length, MARKET_SYMBOLS.length);
    for (const { symbol } of MARKET_SYMBOLS) {
      const path = join(root, "all", `${symbol.replace("/", "-")}-1m.csv`);
      const { candles, filled } = await readCandleFile(path);
      assert.deepEqual([candles.ts.length, candles.ts[0], filled], [1440, Date.UTC(2026, 0, 5), 0]);
    }
  });

  it("keeps triangles together: ETH/BTC is ETH/USD by BTC/USD", async () => {
    const close = async (symbol: string) =>
      (await readCandleFile(join(root, "all", `${symbol}-1m.csv`))).candles.close;
    const [cross, eth, btc] = [
      await close("ETH-BTC"),
      await close("ETH-USD"),
      await close("BTC-USD"),
    ];
    for (const [i, price] of cross.entries()) {
      assert.ok(Math.abs(price - (eth[i] as number) / (btc[i] as number)) < 0.000_011);
    }
  });

  it("writes the same bytes for the same seed, whatever else is simulated, and others for another", async () => {
    await simulate("one", "--symbols", "ETH/USD");
    await simulate("other", "--symbols", "ETH/USD", "--seed", "43");
    const [all, one, other] = await Promise.all(
      ["all", "one", "other"].map((name) => readFile(join(root, name, "ETH-USD-1m.csv"), "utf8")),
    );
    assert.equal(one, all);
    assert.notEqual(other, one);
    assert.match(one ?? "", /^ts,open,high,low,close,volume\n1767571200000,2500\.\d\d,/);
  });

  it("refuses what it would pass over, and names the flag of a file that it can't read", async () => {
    const seconds = await simulate("never", "--seconds", "30");
    assert.equal(seconds.code, 2);
    assert.match(seconds.stderr, /--seconds wants --ticks/);
    const params = await simulate("never", "--params", root);
    assert.equal(params.code, 1);
    assert.match(params.stderr, /^tse: --params .*: EISDIR/);
  });

  it("has a mode gbm, and an answer for machines", async () => {
    const { code, stdout } = await simulate("gbm", "--mode", "gbm", "--json");
    assert.equal(code, 0);
    const { files, mode, seed, simulatedSeconds, simulatedSecondsPerSecond } = JSON.parse(stdout);
    assert.deepEqual([mode, seed, simulatedSeconds, files.length], ["gbm", 42, 86_400, 2]);
    assert.ok(simulatedSecondsPerSecond > 0);
  });

  it("refuses a directory that has such files, and replaces them with --force", async () => {
    const refused = await simulate("gbm");
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /BTC-USD-1m\.csv exists: name another directory, or add --force/);
    const before = await readFile(join(root, "gbm", "BTC-USD-1m.csv"), "utf8");
    assert.equal((await simulate("gbm", "--force")).code, 0);
    assert.notEqual(await readFile(join(root, "gbm", "BTC-USD-1m.csv"), "utf8"), before);
  });

  it("leaves nothing behind where it can't write", async () => {
    await writeFile(join(root, "file"), "");
    const { code, stderr } = await simulate("file");
    assert.equal(code, 1);
    assert.match(stderr, /^tse: --out .*file: E\w+: /);
    await mkdir(join(root, "half", "ETH-USD-1m.csv.unfinished"), { recursive: true });
    assert.equal((await simulate("half")).code, 1);
    assert.deepEqual(await readdir(join(root, "half")), ["ETH-USD-1m.csv.unfinished"]);
  });

  it("says what a directory is that it may not write to", async (t) => {
    if (process.getuid?.() === 0) return t.skip("root may write everywhere");
    await mkdir(join(root, "closed"));
    await chmod(join(root, "closed"), 0o500);
    const { code, stderr } = await simulate("closed");
    assert.equal(code, 1);
    assert.match(stderr, /EACCES.*closed/);
  });

  const WRONG: readonly (readonly [readonly string[], RegExp])[] = [
    [
      ["--symbols", "BTC/USD,DOGE/USD"],
      /--symbols is "BTC\/USD,DOGE\/USD": expected .*BTC\/USD, ETH\/USD, SOL\/USD.*ETH\/BTC/,
    ],
    [["--symbols", "BTC/USD,BTC/USD"], /each once/],
    [["--start", "2026-02-30"], /--start is "2026-02-30": expected a date/],
    [["--start", "tomorrow"], /--start is "tomorrow": expected a date/],
    [["--days", "0"], /--days is "0": expected a whole number from 1 to 3660/],
    [["--days", "10000"], /--days is "10000": expected a whole number from 1 to 3660/],
    [["--ticks", "--mode", "gbm"], /--ticks wants --mode realistic/],
    [["--mode", "heston"], /--mode is "heston": expected one of realistic, gbm/],
  ];
  for (const [flags, message] of WRONG) {
    it(`is not asked for ${flags.join(" ")}, and makes no directory then`, async () => {
      const { code, stderr } = await simulate("wrong", ...flags);
      assert.equal(code, 2);
      assert.match(stderr, message);
      assert.ok(!(await readdir(root)).includes("wrong"));
    });
  }

  it("writes trades with the quote just before each, the same bytes for the same seed", async () => {
    const flags = ["--ticks", "--seconds", "30", "--symbols", "BTC/USD", "--seed", "3"];
    const { code, stdout, stderr } = await simulate("ticks", ...flags);
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /Trades +\d+\n[\s\S]*simulated seconds per second, full order flow of one symbol\n/,
    );
    await simulate("ticks-again", ...flags);
    const [text, again] = await Promise.all(
      ["ticks", "ticks-again"].map((name) =>
        readFile(join(root, name, "BTC-USD-ticks.csv"), "utf8"),
      ),
    );
    assert.equal(again, text);
    const [header, ...lines] = (text ?? "").trimEnd().split("\n");
    assert.equal(header, "time,price,qty,side,bid,ask,bid_qty,ask_qty");
    assert.ok(lines.length > 10);
    let last = Date.UTC(2026, 0, 5);
    for (const line of lines) {
      const [time, price, quantity, side, bid, ask] = line.split(",");
      assert.ok(Number(time) >= last && Number(time) < Date.UTC(2026, 0, 5) + 30_000, line);
      last = Number(time);
      assert.ok(Number(quantity) > 0 && Number(bid) < Number(ask), line);
      assert.ok(side === "buy" ? Number(price) >= Number(ask) : Number(price) <= Number(bid), line);
    }
  });

  it("needs a directory", async () => {
    const { code, stderr } = await tse(["market", "simulate"]);
    assert.deepEqual([code, stderr], [2, "tse: market simulate needs --out DIR\n"]);
  });
});
