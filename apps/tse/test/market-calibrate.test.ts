import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { scratch } from "./small-world.ts";
import { tse } from "./tse.ts";

const HEADER = "ts,open,high,low,close,volume";
const START = Date.UTC(2026, 0, 5);

function line(minute: number, price = 100): string {
  return `${START + minute * 60_000},${price},${price},${price},${price},1`;
}

describe("tse market calibrate", () => {
  let root: string;
  let csv: string;
  let params: string;
  let end: () => PromiseLike<void>;

  before(async () => {
    const place = await scratch();
    root = place.path;
    end = () => place[Symbol.asyncDispose]();
    const flags = [
      "--days",
      "8",
      "--seed",
      "5",
      "--symbols",
      "BTC/USD",
      "--out",
      join(root, "week"),
    ];
    await tse(["market", "simulate", ...flags]);
    csv = join(root, "week", "BTC-USD-1m.csv");
    params = join(root, "params.json");
  });
  after(() => end());

  const calibrate = (...flags: readonly string[]) => tse(["market", "calibrate", ...flags]);

  /** Calibrates on a file of these lines. */
  async function calibrateOn(lines: readonly string[]) {
    const path = join(root, "bad.csv");
    await writeFile(path, `${lines.join("\n")}\n`);
    return calibrate("--csv", path);
  }

  it("shows what it measured beside what it fitted, and writes what simulate reads", async () => {
    const { code, stdout, stderr } = await calibrate("--csv", csv, "--out", params);
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /Candles +BTC\/USD, 11,520 minutes from 2026-01-05 00:00 to 2026-01-12 23:59/,
    );
    assert.match(stdout, /lag +measured +fitted\n +1 min +0\.\d+ +0\.\d+\n/);
    assert.match(stdout, /fact +measured +fitted\n +volatility +0\.\d+ +0\.\d+\n/);
    const file = JSON.parse(await readFile(params, "utf8"));
    assert.deepEqual([file.format, file.version], ["tse market parameters", 1]);
    assert.equal(file.assets[0].asset, "BTC");

    const out = join(root, "again");
    const again = await tse([
      "market",
      "simulate",
      "--days",
      "1",
      "--params",
      params,
      "--out",
      out,
    ]);
    assert.equal(again.code, 0);
    const [, first = ""] = (await readFile(join(out, "BTC-USD-1m.csv"), "utf8")).split("\n");
    assert.ok(first.includes(file.assets[0].start.toFixed(2)), first);
  });

  it("answers machines with everything that it found", async () => {
    const { stdout } = await calibrate("--csv", csv, "--json");
    const { asset, shape, memory, compared } = JSON.parse(stdout);
    assert.ok(asset.volatility > 0 && shape.factors.length > 0 && memory.length > 10);
    assert.ok(compared.some(({ fact }: { fact: string }) => fact === "volatility"));
  });

  it("refuses a file of parameters that was changed wrongly, naming fields and rules", async () => {
    const good = JSON.parse(await readFile(params, "utf8"));
    const changed = join(root, "changed.json");
    const told = async (change: (file: typeof good) => void) => {
      const file = structuredClone(good);
      change(file);
      await writeFile(changed, JSON.stringify(file));
      const flags = ["--params", changed, "--out", join(root, "never")];
      const { code, stderr } = await tse(["market", "simulate", ...flags]);
      assert.equal(code, 1);
      return stderr;
    };
    assert.match(await told((file) => (file.version = 2)), /changed\.json: version is 1/);
    assert.match(await told((file) => (file.format = "x")), /format is "tse market parameters"/);
    assert.match(
      await told((file) => (file.shape.jumps.joining = 3)),
      /shape\.jumps\.joining is a number from 0 to 1, not 3/,
    );
    assert.match(await told((file) => (file.shape.jumps.kicked = 40)), /kicked is the place/);
    assert.match(await told((file) => delete file.shape.season), /shape\.season is missing/);
    assert.match(await told((file) => file.shape.season.hours.pop()), /hours has 24 items, not 23/);
    assert.match(await told((file) => (file.assets[0].moon = 1)), /\.moon is not a known field/);
    assert.match(
      await told((file) => (file.assets[0].asset = "X")),
      /assets\[0\]\.asset is one of/,
    );
    assert.match(await told((file) => (file.assets[0].sector = 0.9)), /market² \+ sector²/);
    await writeFile(changed, "{");
    const flags = ["--params", changed, "--out", join(root, "never")];
    assert.match((await tse(["market", "simulate", ...flags])).stderr, /is not JSON/);
  });

  it("refuses time that goes back, with its line", async () => {
    const { code, stderr } = await calibrateOn([HEADER, line(0), line(1), line(1), line(2)]);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /bad\.csv: line 4: timestamp is after that of the row in front, not "17675/,
    );
  });

  it("refuses cells that are no figures, with line, field and rule", async () => {
    const { stderr } = await calibrateOn([
      HEADER,
      line(0),
      line(1).replace(",100,", ",x,"),
      line(2, -3),
    ]);
    assert.match(stderr, /line 3: open is a number, not "x"/);
    assert.match(stderr, /line 4: open is above 0, not "-3"/);
  });

  it("refuses files that are short, have holes, are of other candles, empty, or not there", async () => {
    const minutes = (count: number, step: number) =>
      Array.from({ length: count }, (_, i) => line(i * step, 100 + (i % 7)));
    assert.match(
      (await calibrateOn([HEADER, ...minutes(3000, 1)])).stderr,
      /has 3,000 minutes; more than 7 days are needed/,
    );
    assert.match(
      (await calibrateOn([HEADER, ...minutes(3000, 15)])).stderr,
      /% of minutes are missing/,
    );
    assert.match(
      (await calibrateOn([HEADER, line(0), line(900)])).stderr,
      /candle 2 \(2026-01-05T15:00:00\.000Z\): ts: 899 minutes are missing before it/,
    );
    assert.match((await calibrateOn([HEADER])).stderr, /bad\.csv: has no rows/);
    assert.match((await calibrateOn(["a,b"])).stderr, /line 1: row has a header/);
    const none = await calibrate("--csv", join(root, "none.csv"));
    assert.match(none.stderr, /^tse: --csv .*none\.csv: ENOENT/);
    const folder = await calibrate("--csv", root);
    assert.match(folder.stderr, /^tse: --csv .*: EISDIR/);
  });

  it("writes nothing that simulate would refuse, and names what is beyond the limits", async () => {
    const lines = Array.from({ length: 8 * 1_440 }, (_, i) => line(i, i % 2 === 0 ? 1 : 1e15));
    const path = join(root, "wild.csv");
    await writeFile(path, `${[HEADER, ...lines].join("\n")}\n`);
    const out = join(root, "wild.json");
    const { code, stderr } = await calibrate("--csv", path, "--out", out);
    assert.equal(code, 1);
    assert.match(stderr, /wild\.csv: no market moves so: assets\[0\]\.volatility is a number from/);
    await assert.rejects(readFile(out), { code: "ENOENT" });
  });

  it("needs a file, of a symbol that moves", async () => {
    assert.equal((await calibrate()).code, 2);
    const { code, stderr } = await calibrate("--csv", csv, "--symbol", "USDT/USD");
    assert.equal(code, 2);
    assert.match(stderr, /--symbol is "USDT\/USD": expected one of BTC\/USD, ETH\/USD/);
  });
});
