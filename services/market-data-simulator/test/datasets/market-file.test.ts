import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import type { DatasetPoint } from "@tse/market-data-adapter";
import { readCandleColumns } from "../../src/datasets/candle-columns.ts";
import { fileChunks } from "../../src/datasets/file-chunks.ts";
import { FILE_LIMITS, type FileLimits, readMarketFile } from "../../src/datasets/market-file.ts";
import { chunksOf } from "./stored.ts";

const MIDNIGHT = Date.UTC(2026, 0, 5) * 1000;

async function read(text: string, limits: Partial<FileLimits> = {}) {
  const points: DatasetPoint[] = [];
  const all = { ...FILE_LIMITS, ...limits };
  const report = await readMarketFile(chunksOf(text), (point) => points.push(point), all);
  return { points, report };
}

const unit = (value: number) => BigInt(Math.round(value * 1e8));

const candle = (seconds: number, prices: readonly number[], volume: number) => {
  const [open = 0n, high = 0n, low = 0n, close = 0n] = prices.map(unit);
  return { at: MIDNIGHT + seconds * 1_000_000, open, high, low, close, volume: unit(volume) };
};

const tick = (microseconds: number, price: number, volume: number) => {
  const at = MIDNIGHT + microseconds;
  const [open, high, low, close] = new Array(4).fill(unit(price));
  return { at, open, high, low, close, volume: unit(volume) };
};

const CANDLES = [candle(0, [10, 12, 9, 11], 5), candle(60, [11, 11.5, 10.5, 11], 0.25)];
const MS = MIDNIGHT / 1000;

describe("readMarketFile", () => {
  it("reads Binance klines in milliseconds and microseconds, with a header or without", async () => {
    const row = (at: number, end: number, prices: string) =>
      `${at},${prices},${end},55.1,7,2.5,27.5,0\n`;
    const inMs =
      row(MS, MS + 59_999, "10.00,12.00,9.00,11.00,5.0") +
      row(MS + 60_000, MS + 119_999, "11.00,11.50,10.50,11.00,0.25");
    const inUs =
      row(MIDNIGHT, MIDNIGHT + 59_999_999, "10,12,9,11,5") +
      row(MIDNIGHT + 60_000_000, MIDNIGHT + 119_999_999, "11,11.5,10.5,11,.25");
    const header =
      "open_time,open,high,low,close,volume,close_time,quote_volume,count," +
      "taker_buy_volume,taker_buy_quote_volume,ignore\n";

    for (const text of [inMs, inUs, header + inMs, `\uFEFF${header}${inUs}`]) {
      const { points, report } = await read(text);
      assert.deepEqual(points, CANDLES);
      assert.equal(report.kind, "CANDLES");
      assert.equal(report.failure, undefined);
    }
  });

  it("reads Binance trades and aggregate trades, and puts those of one time apart", async () => {
    const files = [
      `1,10.5,2,21,${MS},true,true\n2,10.6,1,10.6,${MS},false,true\n3,10.4,1,10.4,${MS + 1},true,true`,
      `1,10.5,2,21,${MS},true\n2,10.6,1,10.6,${MS},false\n3,10.4,1,10.4,${MS + 1},true\n`,
      `9,10.5,2,1,1,${MS},true,true\n8,10.6,1,2,2,${MS},True,true\n7,10.4,1,3,3,${MS + 1},true,true`,
      `9,10.5,2,1,1,${MS},true\r\n8,10.6,1,2,2,${MS},false\r\n7,10.4,1,3,3,${MS + 1},true\r\n`,
      `agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n9,10.5,2,1,1,${MS},true\n8,10.6,1,2,2,${MS},false\n7,10.4,1,3,3,${MS + 1},true`,
      `time,price,qty,side,bid,ask\n${MS},10.5,2,buy,1,2\n${MS},10.6,1,sell,1,2\n${MS + 1},10.4,1,buy,1,2`,
    ];
    for (const text of files) {
      const { points, report } = await read(text);
      assert.deepEqual(points, [tick(0, 10.5, 2), tick(1, 10.6, 1), tick(1000, 10.4, 1)]);
      assert.equal(report.kind, "TICKS");
    }
  });

  it("reads a header's columns in any order, and times in any form", async () => {
    const second = MIDNIGHT / 1e6;
    const files = [
      `timestamp,open,high,low,close,volume\n${second},10,12,9,11,5\n${second + 60},11,11.5,10.5,11,0.25`,
      `Volume;Close;Low;High;Open;Date\n5;11;9;12;10;2026-01-05\n0.25;11;10.5;11.5;11;2026-01-05 00:01`,
      `ts\topen\thigh\tlow\tclose\tvolume\n2026-01-05T00:00:00Z\t10\t12\t9\t11\t5\n2026-01-05T01:01:00+0100\t11\t11.5\t10.5\t11\t0.25\n`,
      `"time","open","high","low","close","volume","extra"\n\n"${MS}","1e1","12","9","1.1e+1","5","x"\n"2026-01-05T00:01:00.000000","11","11.5","10.5","11","2.5E-1",""`,
      `{"ts":${MS},"open":10,"high":"12","low":9,"close":11,"volume":5}\n{"close":11,"volume":0.25,"ts":"2026-01-05T00:01Z","open":11,"high":11.5,"low":10.5}\n`,
      `[${MS},"10","12","9","11","5",0,0,0,0,0,0]\n\n[${MS + 60_000},"11","11.5","10.5","11","0.25",0,0,0,0,0,0]`,
    ];
    for (const text of files) assert.deepEqual((await read(text)).points, CANDLES, text);

    const prices = await read(`time,price\n2026-01-05T00:00:00.000001Z,10.5\n${second}.000002,11`);
    assert.deepEqual(prices.points, [tick(1, 10.5, 0), tick(2, 11, 0)]);
  });

  it("lists everything that is wrong, by line, field and rule", async () => {
    const rows = [
      "timestamp,open,high,low,close,volume",
      "1767571200,10,12,9,11,5",
      "1767571200,10,12,9,11,5",
      "yesterday,-1,abc,,11,-5",
      "",
      "1767571260,10,9.5,9,11,5",
      "1767571260,10,12,10.5,11,5",
      "1767571260,10,12,13,11,5",
      "1767571260,10,12",
      "2026-02-30,10,12,9,11,5",
      "1767571260,0,12,9,11,1e20",
      "1767571320,10,12,9,11,5",
      "1767571200123456789,10,12,9,11,5",
    ];
    const { points, report } = await read(rows.join("\n"));

    assert.equal(points.length, 2);
    assert.deepEqual(
      report.problems.map(({ line, field, rule, value }) => `${line} ${field} ${rule}: ${value}`),
      [
        "3 timestamp is after that of the row in front: 1767571200",
        "4 timestamp is ISO 8601, or s, ms or us since 1970: yesterday",
        "4 open is above 0: -1",
        "4 high is a number: abc",
        "4 low is there: undefined",
        "4 volume is not below 0: -5",
        "6 high is not below open and close: 9.5",
        "7 low is not above open and close: 10.5",
        "8 high is not below low: 12",
        "9 row has 6 columns, not 3: undefined",
        "10 timestamp is ISO 8601, or s, ms or us since 1970: 2026-02-30",
        "11 open is above 0: 0",
        "11 volume is below 10^16: 1e20",
        "13 timestamp is ISO 8601, or s, ms or us since 1970: 1767571200123456789",
      ],
    );
    assert.equal(report.rows, 2);
    assert.equal(report.badRows, 9);
  });

  it("counts problems beyond the limit, and goes on reading", async () => {
    const bad = Array.from({ length: 500 }, () => "x,y").join("\n");
    const { report } = await read(`ts,price\n${bad}\n5,5`, { problems: 7 });
    assert.equal(report.problems.length, 7);
    assert.equal(report.badRows, 500);
    assert.equal(report.rows, 1);
  });

  it("refuses trades whose time goes back", async () => {
    const { report } = await read(`1,10,2,20,${MS},true\n2,10,2,20,${MS - 1},true`);
    assert.equal(report.problems[0]?.rule, "is not before that of the row in front");
  });

  it("finds broken lines of JSON", async () => {
    const { points, report } = await read(`{"ts":1,"price":5}\n{"ts":2,\n17\n{"ts":3,"price":6}`);
    assert.deepEqual(
      report.problems.map(({ line, rule }) => [line, rule]),
      [
        [2, "is a JSON object or array"],
        [3, "is a JSON object or array"],
      ],
    );
    assert.equal(points.length, 2);
  });

  it("rounds to 8 places and says how often", async () => {
    const { points, report } = await read(
      "ts,price,volume\n1,0.123456785,1234.560000000001\n2,1e-8,1",
    );
    assert.deepEqual(
      points.map(({ close, volume }) => [close, volume]),
      [
        [12345679n, 123456000000n],
        [1n, 100000000n],
      ],
    );
    assert.equal(report.rounded, 2);
    const tiny = await read("ts,price\n1,0.000000001");
    assert.equal(tiny.report.problems[0]?.rule, "is at least 0.00000001");
  });

  it("fails as a whole for files that are no such thing", async () => {
    const codeOf = async (text: string, limits: Partial<FileLimits> = {}) =>
      (await read(text, limits)).report.failure?.code;
    const long = "9".repeat(100_000);

    assert.equal(await codeOf(""), "no_rows");
    assert.equal(await codeOf(" \n\n"), "no_rows");
    assert.equal(await codeOf("ts,price\n"), "no_rows");
    assert.equal(await codeOf("hello\nworld"), "unknown_layout");
    assert.equal(await codeOf("1,2,3\n"), "unknown_layout");
    assert.equal(await codeOf("ts,open,high,close\n1,2,3,4"), "unknown_layout");
    assert.equal(await codeOf("ts,price,price\n1,2,3"), "unknown_layout");
    assert.equal(await codeOf("ts,price,note,note\n1,2,a,b"), undefined);
    assert.equal(await codeOf("[\n{"), "unknown_layout");
    assert.equal(await codeOf("<html>"), "unknown_layout");
    assert.equal(await codeOf("\u0000\u0001\u0002"), "unknown_layout");
    assert.equal(await codeOf(`ts,price\n1,"5\n${long}`), "unreadable_file");
    assert.equal(await codeOf(`ts,price\n1,${long}`), "unreadable_file");
    assert.equal(await codeOf(`{"ts":${long}`), "unreadable_file");
    assert.equal(await codeOf("ts,price\n1,5\n2,6", { bytes: 15 }), "file_too_large");
    assert.equal(await codeOf("ts,price\n1,5\n2,6", { bytes: 16 }), undefined);
    assert.equal(await codeOf("ts,price\n1,5\n2,6", { rows: 1 }), "too_many_rows");
    assert.equal(await codeOf("ts,price\n1,5\n2,6", { rows: 2 }), undefined);
  });

  it("sums the whole content, however it is cut", async () => {
    const text = "ts,price\n1,5\n2,6\n";
    const checksum = createHash("sha256").update(text).digest("hex");
    for (const size of [1, 3, 100]) {
      const report = await readMarketFile(chunksOf(text, size), () => {});
      assert.equal(report.checksum, checksum);
      assert.equal(report.bytes, text.length);
      assert.equal(report.rows, 2);
    }
  });

  it("throws what its source throws", async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode("ts,price\n1,5\n");
      throw new Error("the cable is cut");
    }
    await assert.rejects(
      readMarketFile(broken(), () => {}),
      /the cable is cut/,
    );
  });
});

describe("readCandleColumns", () => {
  it("gives columns of a file, packed or not, or everything that is wrong", async () => {
    const directory = await mkdtemp(join(tmpdir(), "candles-"));
    try {
      const text = `ts,open,high,low,close,volume\n${MS},10,12,9,11,5\n${MS + 60_000},11,11.5,10.5,11,0.25\n`;
      const plain = join(directory, "candles.csv");
      await writeFile(plain, text);
      await writeFile(`${plain}.gz`, gzipSync(text));
      for (const path of [plain, `${plain}.gz`]) {
        const file = await readCandleColumns(fileChunks(path));
        assert.equal(file.status, "read");
        assert.deepEqual(file.status === "read" && file.candles, {
          time: Float64Array.of(MIDNIGHT, MIDNIGHT + 60_000_000),
          open: Float64Array.of(10, 11),
          high: Float64Array.of(12, 11.5),
          low: Float64Array.of(9, 10.5),
          close: Float64Array.of(11, 11),
          volume: Float64Array.of(5, 0.25),
        });
      }
      const missing = readCandleColumns(fileChunks(join(directory, "none.csv")));
      await assert.rejects(missing, { code: "ENOENT" });
      const unpacked = readCandleColumns(fileChunks(join(directory, "none.csv.gz")));
      await assert.rejects(unpacked, { code: "ENOENT" });
    } finally {
      await rm(directory, { recursive: true });
    }

    const back = `ts,open,high,low,close\n${MS},1,1,1,1\n${MS - 60_000},1,1,1,1`;
    const refused = await readCandleColumns(chunksOf(back));
    assert.equal(refused.status, "refused");
    assert.equal(refused.report.problems[0]?.line, 3);
    assert.equal((await readCandleColumns(chunksOf("ts,price\n1,5"))).status, "refused");
  });
});
