import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { flushDirectory, writeWhole } from "./flush.ts";
import type { WorkerSettings } from "./messages.ts";

/** Same values as a server's session has; the environment of the process decides nothing. */
const SETTINGS = "set timezone to 'UTC'; set datestyle to 'ISO'; set bytea_output to 'hex'";

/**
 * Opens a database, making it first where there is none.
 *
 * Making one takes seconds, unpacking an image of an empty one much less; so the first one made leaves an
 * image for all that follow. A directory whose making was interrupted is marked by a file beside it, and
 * made again: nobody has written to it. With a base, a database that isn't there begins as that was dumped.
 */
export async function openEngine(settings: WorkerSettings): Promise<PGlite> {
  const { directory } = settings;
  const engine =
    directory === undefined ? await make(settings) : await openOrMake(directory, settings);
  await engine.exec(SETTINGS);
  return engine;
}

/** Brings every file to a state that needs no recovery, and flushes it: PGlite itself never does. */
export async function checkpoint(engine: PGlite, directory: string | undefined): Promise<void> {
  await engine.exec("checkpoint");
  if (directory !== undefined) flushDirectory(directory);
}

/** Writes the whole database as a compressed tar file, which `images` could hold too. */
export async function dump(engine: PGlite, file: string): Promise<void> {
  await engine.exec("checkpoint");
  const packed = await engine.dumpDataDir("gzip");
  writeWhole(file, new Uint8Array(await packed.arrayBuffer()));
}

async function openOrMake(directory: string, settings: WorkerSettings): Promise<PGlite> {
  const unfinished = `${directory}.unfinished`;
  if (existsSync(unfinished)) await rm(directory, { recursive: true, force: true });
  if (existsSync(join(directory, "PG_VERSION"))) return PGlite.create({ dataDir: directory });

  await mkdir(directory, { recursive: true });
  if ((await readdir(directory)).length > 0) throw new Error(`${directory} holds no database`);
  await writeFile(unfinished, "");
  const engine = await make(settings);
  await rm(unfinished);
  return engine;
}

async function make({ directory, images, base }: WorkerSettings): Promise<PGlite> {
  const place = directory === undefined ? {} : { dataDir: directory };
  if (base !== undefined && existsSync(base)) return unpack(base, place);
  if (images === undefined) return PGlite.create(place);

  const image = join(images, `pglite-${pgliteVersion()}.tar.gz`);
  if (existsSync(image)) return unpack(image, place);
  const engine = await PGlite.create(place);
  await mkdir(images, { recursive: true });
  await dump(engine, image);
  return engine;
}

async function unpack(file: string, place: { readonly dataDir?: string }): Promise<PGlite> {
  return PGlite.create({ ...place, loadDataDir: new Blob([await readFile(file)]) });
}

/** An image fits the PGlite that made it. */
function pgliteVersion(): string {
  const entry = createRequire(import.meta.url).resolve("@electric-sql/pglite");
  return createRequire(entry)("../package.json").version;
}
