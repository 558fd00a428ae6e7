import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { MARKET_DATA_SETTINGS, MarketDataSimulator } from "@tse/market-data-simulator";
import { readConfig, silentLogger } from "@tse/service-kit";
import { scratch } from "./small-world.ts";
import { tse } from "./tse.ts";

const ADMIN_TOKEN = "the-token-of-these-tests";
const HEADER = "ts,open,high,low,close,volume";
const START = Date.UTC(2026, 0, 5);

function line(minute: number, price = "100"): string {
  return `${START + minute * 60_000},${price},${price},${price},${price},1`;
}

function fileOf(minutes: number): string {
  return `${[HEADER, ...Array.from({ length: minutes }, (_, i) => line(i))].join("\n")}\n`;
}

describe("tse data", () => {
  const open = new AsyncDisposableStack();
  let root: string;
  let url: string;

  before(async () => {
    root = open.use(await scratch()).path;
    const config = readConfig(MARKET_DATA_SETTINGS, {
      argv: ["--port", "0"],
      environment: { JOURNAL: "memory", STORE: "memory", CLOCK_MODE: "virtual", ADMIN_TOKEN },
    });
    const logger = { ...silentLogger, level: "error" as const };
    const service = await MarketDataSimulator.open({ config, logger });
    open.defer(async () => void (await service.stop()));
    url = (await service.start()).admin;
    await writeFile(join(root, "admin-token"), `${ADMIN_TOKEN}\n`);
  });
  after(() => open.disposeAsync());

  /** As in a world whose data directory has the token. */
  const data = (verb: string, ...flags: readonly string[]) =>
    tse(["data", verb, "--url", url, "--data-dir", root, ...flags]);

  async function importing(name: string, content: string | Uint8Array, ...flags: string[]) {
    const file = join(root, name);
    await writeFile(file, content);
    const [bare = name] = name.split(".");
    return data("import", "--file", file, "--name", bare, ...flags);
  }

  it("imports a file once, packed or not, and says what is in it", async () => {
    const first = await importing("hour.csv", fileOf(60));
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /^ {2}Imported +hour\n +Prices +BTC\/USD, candles of 1m\n/);
    assert.match(first.stdout, /Rows +60\n +From +2026-01-05T00:00:00\.000Z\n/);
    assert.match(first.stdout, /To +2026-01-05T00:59:00\.000Z\n +SHA-256 +[0-9a-f]{64}\n$/);
    const packed = await importing("other.csv.gz", gzipSync(fileOf(60)));
    assert.match(packed.stdout, /Unchanged +already there as hour: nothing was stored\n/);
    const again = await importing("hour.csv", fileOf(60), "--json");
    const { imported, rows, checksum, ...rest } = JSON.parse(again.stdout);
    assert.deepEqual([again.code, imported, rows], [0, false, 60]);
    assert.ok(first.stdout.includes(checksum));
    assert.deepEqual([rest.name, rest.from], ["hour", "2026-01-05T00:00:00.000Z"]);
  });

  it("names every bad row by its line, keeps nothing, and leaves them out when told to", async () => {
    const bad = [HEADER, line(0), line(0), line(1, "-5"), line(2), ""].join("\n");
    const refused = await importing("bad.csv", bad);
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /^tse: \S+bad\.csv: line 3: timestamp is after .*, not "1767\d+"\n/,
    );
    assert.match(refused.stderr, /\n\S+bad\.csv: line 4: open is above 0, not "-5"\n/);
    assert.match(refused.stderr, /\n2 rows are bad, and nothing was imported: --skip-bad .*\n$/);
    const kept = await importing("bad.csv", bad, "--skip-bad");
    assert.match(kept.stdout, /Imported +bad\n.*\n +Rows +2, 2 bad ones left out\n/);
  });

  it("lists what there is", async () => {
    await importing("listed.csv", fileOf(90), "--symbol", "ETH/USD");
    const { code, stdout } = await data("list");
    assert.equal(code, 0);
    assert.match(stdout, /Name +Symbol +Kind +Rows +From +To\n/);
    assert.match(stdout, /\n {2}listed +ETH\/USD +candles of 1m +90 +2026-01-05T00:00:00\.000Z /);
    const { datasets } = JSON.parse((await data("list", "--json")).stdout);
    assert.ok(datasets.some(({ name }: { name: string }) => name === "listed"));
  });

  it("says what stands in the way", async () => {
    await importing("taken.csv", fileOf(31));
    const cases: readonly (readonly [RegExp, ...Parameters<typeof importing>])[] = [
      [/--name taken: another data set has this name/, "taken.csv", fileOf(32)],
      [/--symbol NO\/USD: there is no such symbol/, "some.csv", fileOf(33), "--symbol", "NO/USD"],
      [/empty\.csv: is empty/, "empty.csv", ""],
      [/head\.csv: has no rows/, "head.csv", `${HEADER}\n`],
      [/odd\.csv: line 1: row has a header with/, "odd.csv", "some,thing\n1,2\n"],
      [/latin\.csv: is not UTF-8 text/, "latin.csv", Uint8Array.of(0xe9, 0x0a)],
      [/flat\.csv\.gz: can't be unpacked/, "flat.csv.gz", fileOf(1)],
    ];
    for (const [said, ...given] of cases) {
      const { code, stderr } = await importing(...given);
      assert.equal(code, 1, stderr);
      assert.match(stderr, said);
    }
    const unknown = await tse(["data", "import", "--file", "x.csv", "--name", "a b"]);
    assert.deepEqual([unknown.code, unknown.stdout], [2, ""]);
    const nameless = await tse(["data", "import", "--file", "x.csv"]);
    assert.deepEqual([nameless.code, nameless.stderr], [2, "tse: data import needs --name NAME\n"]);
  });

  it("needs the world's own token, and the right listener", async () => {
    const foreign = await tse(["data", "list", "--url", url], { ADMIN_TOKEN: "x".repeat(32) });
    assert.match(foreign.stderr, /has another admin token: give it in ADMIN_TOKEN/);
    const nowhere = await tse(["data", "list", "--url", "http://127.0.0.1:1"], { ADMIN_TOKEN });
    assert.match(nowhere.stderr, /nothing answers at http:\/\/127\.0\.0\.1:1/);
    assert.deepEqual([foreign.code, nowhere.code], [1, 1]);
  });
});
