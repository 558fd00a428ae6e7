import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { lockDirectory } from "@tse/journal";
import { keepSmallWorld, scratch } from "./small-world.ts";
import { tse } from "./tse.ts";
import { MAIN } from "./world-process.ts";

const COMMANDS = 2_000;

describe("tse journal", () => {
  let root: string;
  let world: string;
  let end: () => PromiseLike<void>;

  before(async () => {
    const place = await scratch();
    end = () => place[Symbol.asyncDispose]();
    root = place.path;
    world = join(root, "world");
    await keepSmallWorld(world, COMMANDS);
  });
  after(() => end());

  it("inspects the journal of a world that runs, for people and for machines", async () => {
    const lock = lockDirectory(world);
    const [text, json] = await Promise.all([
      tse(["journal", "inspect", world]),
      tse(["journal", "inspect", "--json", "--data-dir", world]),
    ]);
    lock.release();
    assert.deepEqual([text.code, text.stderr], [0, ""]);
    assert.match(text.stdout, /Journal +\S+world\n +Commands +1 to 2,000\n/);
    assert.match(text.stdout, /000000000001\.segment +1 +\d+ +[\d.]+ kB +8\.2 kB/);
    assert.match(text.stdout, /0000000000002000\.snapshot +2,000 +\d+ B/);
    const report = JSON.parse(json.stdout) as { segments: object[]; snapshots: object[] };
    assert.ok(report.segments.length > 3);
    assert.equal(report.snapshots.length, 1);
  });

  it("says that a journal is intact, and how much is in it", async () => {
    const { code, stdout } = await tse(["journal", "verify", world]);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^the journal in \S+world is intact: 2,000 commands in \d+ segments, 1 snapshot\n$/,
    );
  });

  it("names the first thing that is wrong by file, byte and entry, and exits with 1", async () => {
    const damaged = join(root, "damaged");
    await cp(world, damaged, { recursive: true });
    const [, second = ""] = (await readdir(join(damaged, "journal"))).sort();
    await using file = await open(join(damaged, "journal", second), "r+");
    await file.write(Buffer.from([0xff]), 0, 1, 5_000);
    const { code, stdout } = await tse(["journal", "verify", damaged]);
    assert.equal(code, 1);
    assert.match(stdout, /the journal is damaged: .*000000000002\.segment at byte \d+, entry \d+/);
  });

  it("names a snapshot that is damaged", async () => {
    const damaged = join(root, "damaged-snapshot");
    await cp(world, damaged, { recursive: true });
    await using file = await open(join(damaged, "snapshots", "0000000000002000.snapshot"), "r+");
    await file.write(Buffer.from([0xff]), 0, 1, 70);
    const found = await tse(["journal", "verify", "--json", damaged]);
    assert.equal(found.code, 1);
    const { intact, problem } = JSON.parse(found.stdout) as { intact: boolean; problem: string };
    assert.equal(intact, false);
    assert.match(problem, /snapshot is not good: its hash is another.*2000\.snapshot/);
  });

  it("exports commands as lines, amounts as decimal text", async () => {
    const range = ["--from", "5", "--to", "7"];
    const { code, stdout } = await tse(["journal", "export", world, ...range]);
    assert.equal(code, 0);
    const entries = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { sequence: number; command: { amount: string } });
    assert.deepEqual(
      entries.map(({ sequence, command }) => [sequence, command.amount]),
      [5, 6, 7].map((sequence) => [sequence, "9007199254740993"]),
    );
  });

  it("exports into a file that is not there yet", async () => {
    const args = ["journal", "export", "--data-dir", world, "--out", join(root, "lines")];
    assert.deepEqual(await tse(args), { code: 0, stdout: "", stderr: "" });
    const lines = (await readFile(join(root, "lines"), "utf8")).trim().split("\n");
    assert.equal(lines.length, COMMANDS);
    const again = await tse(args);
    assert.deepEqual([again.code, again.stdout], [1, ""]);
    assert.match(again.stderr, /^tse: \S+lines exists: name another file/);
  });

  it("ends quietly when nobody reads on", async () => {
    const child = spawn(process.execPath, [MAIN, "journal", "export", world]);
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    await once(child.stdout, "data");
    child.stdout.destroy();
    const [code] = await once(child, "close");
    assert.deepEqual([code, stderr], [0, ""]);
  });

  it("says where to look when there is no journal", async () => {
    const { code, stderr } = await tse(["journal", "verify"], { DATA_DIR: join(root, "nowhere") });
    assert.equal(code, 1);
    assert.match(stderr, /^tse: there is no journal in \S+nowhere: .*--data-dir\n$/);
  });
});
