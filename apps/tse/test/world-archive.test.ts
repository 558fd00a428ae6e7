import assert from "node:assert/strict";
import {
  cp,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { DirectoryInUse, lockDirectory, verifyJournal } from "@tse/journal";
import { create } from "tar";
import { Refused } from "../src/refused.ts";
import { packWorld, unpackWorld } from "../src/world-archive.ts";
import { worldDisk } from "../src/world-disk.ts";
import { keepSmallWorld, scratch } from "./small-world.ts";

describe("a packed world", () => {
  let root: string;
  let world: string;
  let packed: string;
  let end: () => PromiseLike<void>;

  before(async () => {
    const place = await scratch();
    end = () => place[Symbol.asyncDispose]();
    root = place.path;
    world = join(root, "world");
    packed = join(root, "packed.tgz");
    await mkdir(world);
    await keepSmallWorld(world);
    await mkdir(join(world, "db"));
    await writeFile(join(world, "db", "rows"), "rows");
    for (const left of ["admin-token", "db.archived-1", "notes.txt", "world.json.new"]) {
      await writeFile(join(world, left), "left behind");
    }
    await packWorld(world, packed);
  });
  after(() => end());

  const refused = (message: RegExp) => (error: unknown) => {
    assert.ok(error instanceof Refused, String(error));
    assert.match(error.message, message);
    return true;
  };
  /** A directory whose name nobody has yet, in one of its own. */
  const target = async () => join(await mkdtemp(join(root, "target-")), "deep", "world");

  /** Unpacking `file` fails so, and leaves nothing. */
  async function isRefused(file: string, message: RegExp): Promise<void> {
    const into = await target();
    await assert.rejects(unpackWorld(file, into), refused(message));
    assert.deepEqual(await readdir(join(into, "../..")), []);
  }

  it("is a file of its owner only, and small, though segments are mostly zeros", async () => {
    const { mode, size } = await stat(packed);
    assert.equal(mode & 0o777, 0o600);
    assert.ok(size < 50_000, `${size} bytes`);
  });

  it("unpacks to the same world, without what is of one machine or one run", async () => {
    const into = await target();
    await unpackWorld(packed, into);
    const names = ["db", "journal", "secret-key", "snapshots", "world.json"];
    assert.deepEqual((await readdir(into)).sort(), names);
    for (const name of await readdir(join(world, "journal"))) {
      const [one, other] = await Promise.all(
        [world, into].map((each) => readFile(join(each, "journal", name))),
      );
      assert.deepEqual(one, other);
    }
    assert.equal((await stat(join(into, "secret-key"))).mode & 0o777, 0o600);
    assert.equal((await verifyJournal(worldDisk(into))).entries, 300);
  });

  it("unpacks into a directory that holds nothing but an old lock", async () => {
    const into = await target();
    lockDirectory(into).release();
    await unpackWorld(packed, into);
    assert.ok((await readdir(into)).includes("world.json"));
  });

  it("is not made of a directory without a world, over a file, or of a world that runs", async () => {
    const empty = await target();
    const file = join(root, "other.tgz");
    await assert.rejects(packWorld(empty, file), refused(/there is no world in .*--data-dir/));
    await assert.rejects(packWorld(world, packed), refused(/packed\.tgz exists/));
    const lock = lockDirectory(world);
    await assert.rejects(packWorld(world, file), DirectoryInUse);
    lock.release();
    assert.deepEqual(
      (await readdir(root)).filter((name) => /other|tmp/.test(name)),
      [],
    );
  });

  it("is not unpacked where there is something", async () => {
    const into = await target();
    await mkdir(into, { recursive: true });
    await writeFile(join(into, "mine"), "mine");
    await assert.rejects(unpackWorld(packed, into), refused(/is not empty/));
    assert.deepEqual(await readdir(into), ["mine"]);
    assert.deepEqual(await readdir(join(into, "..")), ["world"]);
  });

  it("is refused wherever it was cut, and leaves nothing", async () => {
    const { size } = await stat(packed);
    const cut = join(root, "cut.tgz");
    for (const bytes of [0, 1, 100, Math.floor(size / 2), size - 9, size - 1]) {
      await cp(packed, cut);
      await truncate(cut, bytes);
      await isRefused(cut, /not a packed world/);
    }
  });

  it("is refused when a byte of it is another", async () => {
    const changed = join(root, "changed.tgz");
    const bytes = await readFile(packed);
    for (const at of [0, 3, 30, bytes.length >> 1, bytes.length - 5]) {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ 0x10;
      await writeFile(changed, copy);
      // A few bytes of the gzip header say nothing of what is packed.
      if (at === 3) continue;
      await isRefused(changed, /not a packed world/);
    }
  });

  it("is refused when the journal in it is damaged, and the place is named", async () => {
    const damaged = join(root, "damaged");
    await cp(world, damaged, { recursive: true });
    const [first = ""] = (await readdir(join(damaged, "journal"))).sort();
    await using file = await open(join(damaged, "journal", first), "r+");
    await file.write(Buffer.from("x"), 0, 1, 1_000);
    const archive = join(root, "damaged.tgz");
    await packWorld(damaged, archive);
    await isRefused(archive, /journal is damaged.*at byte \d+, entry \d+/);
  });

  it("is refused when it is something else", async () => {
    const text = join(root, "text");
    await writeFile(text, "once upon a time\n".repeat(100));
    await isRefused(text, /not a packed world/);
    const foreign = join(root, "foreign.tgz");
    await create({ file: foreign, cwd: world, gzip: true }, ["notes.txt"]);
    await isRefused(foreign, /"notes\.txt" is not of one/);
    const without = join(root, "without.tgz");
    await create({ file: without, cwd: world, gzip: true }, ["secret-key"]);
    await isRefused(without, /has no world\.json/);
    await assert.rejects(unpackWorld(join(root, "nowhere"), await target()), { code: "ENOENT" });
  });

  it("can't write outside of its directory, by dots, roots or links", async () => {
    const outside = join(root, "outside");
    const crafted = join(root, "crafted.tgz");
    await writeFile(outside, "mine");
    await mkdir(join(root, "evil"));
    await writeFile(join(root, "evil", "world.json"), "{}");
    await symlink(root, join(root, "evil", "journal"));
    const cwd = join(root, "evil");
    const crafts = [
      { name: "../outside", shown: "../outside" },
      { name: outside, shown: outside },
      { name: "journal", shown: "journal" },
      { name: "journal/../../outside", shown: "journal/../../outside" },
    ];
    for (const { name, shown } of crafts) {
      await rm(crafted, { force: true });
      await create({ file: crafted, cwd, gzip: true, preservePaths: true }, ["world.json", name]);
      await isRefused(crafted, new RegExp(`not a packed world: "${shown}" is not of one`));
      assert.equal(await readFile(outside, "utf8"), "mine");
    }
  });
});
