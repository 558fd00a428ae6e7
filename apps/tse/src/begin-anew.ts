import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { dataDirOf, type ExchangeConfig, readWorld, writeWorld } from "@tse/exchange-simulator";
import { inspectJournal, lockDirectory } from "@tse/journal";
import { InvalidConfiguration, realClock } from "@tse/service-kit";
import {
  archivedName,
  archiveSchema,
  hasSchema,
  openPostgres,
  type SqlDatabase,
} from "@tse/storage";
import { countText, facts, sizeText } from "./readable.ts";
import { Refused } from "./refused.ts";
import { EXCHANGE_SCHEMA, isOnServer } from "./stores.ts";
import { worldDisk } from "./world-disk.ts";
import { bytesOf, isLeftBehind, isOfWorld, namesIn, WORLD_RECORD } from "./world-files.ts";

export interface Asking {
  /** `--yes`: nobody has to be asked. */
  readonly isSure: boolean;
  /** Shows what will be destroyed and takes an answer; `undefined` where nobody can be asked. */
  readonly ask: ((what: string) => Promise<string>) | undefined;
}

/**
 * Takes away the world that a start with `config` would go on with: its files are destroyed, its schema
 * on a server is moved aside. A running world is left alone, and so is whatever else is in the directory.
 *
 * @returns false when whoever was asked did not say yes; nothing was changed then
 * @throws InvalidConfiguration when somebody has to be asked and nobody is there
 * @throws Refused when the directory holds something, but no world; DirectoryInUse; StorageError
 */
export async function beginAnew(config: ExchangeConfig, asking: Asking): Promise<boolean> {
  const directory = dataDirOf(config);
  const files = config.journal === "memory" ? [] : await worldFiles(directory);
  const lock = files.length > 0 ? lockDirectory(directory) : undefined;
  const database = isOnServer(config) ? openSchema(config) : undefined;
  try {
    const schema = database !== undefined && (await hasSchema(database)) ? database : undefined;
    return await replace({ directory, files, schema }, asking);
  } finally {
    await database?.close();
    lock?.release();
  }
}

interface OldWorld {
  readonly directory: string;
  /** Names in it that are the world's; none for a world without files. */
  readonly files: readonly string[];
  /** `undefined` when there is none on a server. */
  readonly schema: SqlDatabase<unknown> | undefined;
}

/** Under the locks of all that is replaced. */
async function replace(old: OldWorld, asking: Asking): Promise<boolean> {
  const { directory, files, schema } = old;
  const at = realClock().now();
  const rows = files.length > 0 ? await describeFiles(directory, files) : [];
  if (schema !== undefined) {
    rows.push(["Schema", `${schema.schema}, moved aside to ${archivedName(schema.schema, at)}`]);
  }
  if (rows.length === 0) return true;
  if (!(await isWanted(rows, asking))) return false;
  if (schema !== undefined) await archiveSchema(schema, at);
  if (files.length > 0) await destroy(directory, files);
  return true;
}

/** What of a directory is a world's; nothing when there is no world and nothing else either. */
async function worldFiles(directory: string): Promise<readonly string[]> {
  const names = await namesIn(directory);
  if (names.includes(WORLD_RECORD)) return names.filter(isOfWorld);
  // A world without files leaves the admin token that it made.
  const others = names.filter((name) => !isLeftBehind(name) && name !== "admin-token");
  if (others.length === 0) return [];
  throw new Refused(
    `${directory} holds ${others[0]} but no world: it is left as it is; name another directory with --data-dir`,
  );
}

function openSchema(config: ExchangeConfig): SqlDatabase<unknown> {
  const { postgresUrl: url = "" } = config;
  return openPostgres({ url, schema: EXCHANGE_SCHEMA.nameOf(config), applicationName: "tse" });
}

type Fact = readonly [string, string];

async function describeFiles(directory: string, files: readonly string[]): Promise<Fact[]> {
  // Also what can't be read can be begun anew.
  const record = await readWorld(directory).catch(() => undefined);
  const report = await inspectJournal(worldDisk(directory)).catch(() => undefined);
  const last = report?.segments.findLast(({ firstSequence }) => firstSequence > 0)?.lastSequence;
  return [
    ["World", directory],
    ["Seed", record?.seed ?? "unknown"],
    ["Commands", report === undefined ? "unknown" : countText(last ?? 0)],
    ["Size", sizeText(await bytesOf(directory, files))],
  ];
}

async function isWanted(rows: readonly Fact[], { isSure, ask }: Asking): Promise<boolean> {
  if (isSure) return true;
  if (ask !== undefined) return (await ask(facts(rows))).trim().toLowerCase() === "yes";
  const what = rows.map(([name, value]) => `${name.toLowerCase()} ${value}`).join(", ");
  throw new InvalidConfiguration([
    `--fresh would destroy what is there (${what}), and nobody can be asked: add --yes to do so`,
  ]);
}

/**
 * What is interrupted halfway is a world that sets itself up again, or one whose start says what is
 * missing; the record goes last, so that another `--fresh` finds it.
 */
async function destroy(directory: string, files: readonly string[]): Promise<void> {
  const record = await readWorld(directory).catch(() => undefined);
  if (record !== undefined) await writeWorld(directory, { ...record, complete: false });
  await removeAtOnce(join(directory, "snapshots"));
  await removeAtOnce(join(directory, "journal"));
  const rest = files.filter((name) => name !== WORLD_RECORD);
  for (const name of [...rest, WORLD_RECORD]) {
    await rm(join(directory, name), { recursive: true, force: true });
  }
}

/** A directory is there as a whole or not at all, however this ends. */
async function removeAtOnce(path: string): Promise<void> {
  // By a name that is a world's, for who comes after an interruption.
  const doomed = join(path, "..", "db.doomed");
  await rm(doomed, { recursive: true, force: true });
  await rename(path, doomed).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  await rm(doomed, { recursive: true, force: true });
}
