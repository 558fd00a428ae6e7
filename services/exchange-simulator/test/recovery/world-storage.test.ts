import { deepEqual, equal, notEqual, ok, rejects } from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type Sequence, timestamp } from "@tse/domain";
import { DirectoryInUse, type LogEntry } from "@tse/journal";
import { readConfig, silentLogger } from "@tse/service-kit";
import { EXCHANGE_SETTINGS } from "../../src/config.ts";
import { WorldConflict } from "../../src/recovery/world-record.ts";
import { openWorld, type WorldStorage } from "../../src/recovery/world-storage.ts";

async function directory() {
  const path = await mkdtemp(join(tmpdir(), "tse-world-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

function open(dataDir: string, seed = "one"): Promise<WorldStorage> {
  const argv = ["--data-dir", dataDir, "--seed", seed];
  return openWorld(readConfig(EXCHANGE_SETTINGS, { argv, environment: {} }), silentLogger);
}

async function close(world: WorldStorage): Promise<void> {
  await world.log.close();
  world.close();
}

/** Names and sizes of all that is in a directory. */
async function contents(path: string): Promise<readonly string[]> {
  const names = await readdir(path, { recursive: true });
  const sizes = names.map(async (name) => `${name} ${(await stat(join(path, name))).size}`);
  return (await Promise.all(sizes)).sort();
}

function listing(sequence: number, asset: string): LogEntry {
  return {
    sequence: sequence as Sequence,
    time: timestamp(1_767_571_200_000_000),
    origin: { actor: "engine", correlationId: "" },
    command: { kind: "list_asset", asset },
  };
}

describe("the storage of a world", () => {
  it("keeps its id, its secret key, its journal and that it is complete", async () => {
    await using place = await directory();
    const first = await open(place.path);
    deepEqual([first.isComplete, first.lastTime], [false, 0]);
    await first.log.append([listing(1, "USD")]);
    await first.complete();
    await close(first);

    const again = await open(place.path);

    deepEqual(
      [again.worldId, again.secretKey.toString("hex"), again.isComplete, again.lastTime],
      [first.worldId, first.secretKey.toString("hex"), true, listing(1, "USD").time],
    );
    equal(again.log.lastSequence, 1);
    equal((await stat(join(place.path, "secret-key"))).mode & 0o777, 0o600);
    await close(again);
  });

  it("is another one in another directory, with another secret", async () => {
    await using one = await directory();
    await using other = await directory();
    const [first, second] = [await open(one.path), await open(other.path)];
    notEqual(first.secretKey.toString("hex"), second.secretKey.toString("hex"));
    notEqual(first.worldId, second.worldId);
    await close(first);
    await close(second);
  });

  it("is open once at a time", async () => {
    await using place = await directory();
    const world = await open(place.path);
    await rejects(open(place.path), DirectoryInUse);
    await close(world);
    await close(await open(place.path));
  });

  it("refuses another seed and a record that it can't read, and changes nothing", async () => {
    await using place = await directory();
    await close(await open(place.path));
    const before = await contents(place.path);
    await rejects(open(place.path, "two"), WorldConflict);
    deepEqual(await contents(place.path), before);

    const record = join(place.path, "world.json");
    const text = await readFile(record, "utf8");
    const later = text.replace('"format": 1', '"format": 2');
    for (const damaged of ["", "{", text.slice(0, -5), later]) {
      await writeFile(record, damaged);
      const found = await contents(place.path);
      await rejects(open(place.path), WorldConflict);
      deepEqual(await contents(place.path), found);
      equal(await readFile(record, "utf8"), damaged);
    }
    await writeFile(record, text);
    await close(await open(place.path));
  });

  it("refuses a snapshot whose commands the journal doesn't have, and deletes nothing", async () => {
    await using place = await directory();
    const world = await open(place.path);
    await world.log.append([listing(1, "USD")]);
    await world.files?.snapshots.write({ sequence: 7 as Sequence, state: { format: 1 } });
    await close(world);
    const snapshots = join(place.path, "snapshots");
    const before = await contents(snapshots);

    await rejects(open(place.path), WorldConflict);

    deepEqual(await contents(snapshots), before);
    ok((await contents(join(place.path, "journal"))).length > 0);
  });

  it("passes over a damaged snapshot for the one before, and keeps its file", async () => {
    await using place = await directory();
    const world = await open(place.path);
    await world.log.append([listing(1, "USD"), listing(2, "BTC")]);
    for (const sequence of [1, 2] as Sequence[]) {
      await world.files?.snapshots.write({ sequence, state: { format: 1, of: sequence } });
    }
    await close(world);
    const snapshots = join(place.path, "snapshots");
    const newest = (await readdir(snapshots)).sort().at(-1) ?? "";
    const bytes = await readFile(join(snapshots, newest));
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 20) ^ 1, bytes.length - 20);
    await writeFile(join(snapshots, newest), bytes);

    const again = await open(place.path);

    equal(again.files?.snapshot?.sequence, 1);
    ok((await readdir(snapshots)).includes(newest));
    await close(again);
  });
});
