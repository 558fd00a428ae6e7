import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import { type Sequence, type Timestamp, timestamp } from "@tse/domain";
import {
  type CommandLog,
  type DirectoryLock,
  FileCommandLog,
  FileSnapshotStore,
  lockDirectory,
  MemoryCommandLog,
  NodeDisk,
  type Snapshot,
  type SnapshotStore,
} from "@tse/journal";
import type { Logger } from "@tse/service-kit";
import { keepSecret, readSecret } from "@tse/service-kit";
import type { ExchangeConfig } from "../config.ts";
import {
  beginWorld,
  readWorld,
  WorldConflict,
  type WorldRecord,
  writeWorld,
} from "./world-record.ts";

const SECRET_KEY_BYTES = 32;

/** What keeps one world on this machine, opened: nobody else has it until `close`. */
export interface WorldStorage {
  /** `undefined` for a world that ends with its process. */
  readonly directory: string | undefined;
  readonly worldId: string;
  readonly log: CommandLog;
  /** Time of the journal's last entry; 0 for none. */
  readonly lastTime: Timestamp;
  /** Where there are files. */
  readonly files: WorldFiles | undefined;
  /** What seals API secrets: the same as long as the world lives. */
  readonly secretKey: Buffer;
  /** Whether all that a new world begins with is in the journal. */
  readonly isComplete: boolean;
  /** Says so from now on. */
  complete(): Promise<void>;
  /** Lets go of the directory; the journal is closed by whoever writes to it. */
  close(): void;
}

/** The parts of a world that is kept in files. */
export interface WorldFiles {
  readonly log: FileCommandLog;
  readonly journalDirectory: string;
  readonly snapshotDirectory: string;
  readonly snapshots: SnapshotStore;
  /** The snapshot to go on from; `undefined` when there is none. */
  readonly snapshot: Snapshot | undefined;
}

/** Where the world of a configuration is kept. */
export function dataDirOf({
  dataDir,
  instance,
  service,
}: Pick<ExchangeConfig, "dataDir" | "instance" | "service">): string {
  return dataDir ?? join(".tse", instance ?? service);
}

/**
 * Opens the world that the configuration names, or begins it.
 *
 * @throws DirectoryInUse, JournalCorrupt, JournalVersionUnsupported, JournalFull, JournalUnavailable,
 * WorldConflict: each says what to do, and nothing was changed
 */
export async function openWorld(config: ExchangeConfig, logger: Logger): Promise<WorldStorage> {
  if (config.journal === "memory") return memoryWorld(config);
  const directory = dataDirOf(config);
  const lock = lockDirectory(directory);
  try {
    return await openFiles(directory, lock, { config, logger });
  } catch (error) {
    lock.release();
    throw error;
  }
}

function memoryWorld(config: ExchangeConfig): WorldStorage {
  return {
    directory: undefined,
    worldId: randomUUID(),
    log: new MemoryCommandLog(),
    lastTime: timestamp(0),
    files: undefined,
    secretKey: config.secretKey ?? randomBytes(SECRET_KEY_BYTES),
    isComplete: false,
    async complete() {},
    close() {},
  };
}

async function openFiles(
  directory: string,
  lock: DirectoryLock,
  { config, logger }: { readonly config: ExchangeConfig; readonly logger: Logger },
): Promise<WorldStorage> {
  let world = await worldIn(directory, config);
  const files = await openJournal(directory, logger);
  return {
    directory,
    worldId: world.worldId,
    log: files.log,
    lastTime: files.log.lastTime,
    files,
    secretKey: config.secretKey ?? (await keptSecretKey(directory)),
    isComplete: world.complete,
    async complete() {
      world = { ...world, complete: true };
      await writeWorld(directory, world);
    },
    close: () => lock.release(),
  };
}

async function worldIn(directory: string, { seed }: ExchangeConfig): Promise<WorldRecord> {
  const known = await readWorld(directory);
  if (known === undefined) return beginWorld(directory, seed);
  if (known.seed === seed) return known;
  throw new WorldConflict(
    `the world in ${directory} has the seed ${known.seed}, not ${seed}: go on with --seed ${known.seed}, ` +
      "begin anew with --fresh, or name another directory with --data-dir",
  );
}

/** What the newest snapshot has is not read again, only what comes after it. */
async function openJournal(directory: string, logger: Logger): Promise<WorldFiles> {
  const journalDirectory = join(directory, "journal");
  const snapshotDirectory = join(directory, "snapshots");
  const snapshots = new FileSnapshotStore({
    disk: new NodeDisk(snapshotDirectory),
    onDamaged: (file, reason) => logger.error("snapshot passed over", { file, reason }),
  });
  const snapshot = await snapshots.newest();
  const log = await FileCommandLog.open({
    disk: new NodeDisk(journalDirectory),
    checkFrom: ((snapshot?.sequence ?? 0) + 1) as Sequence,
  });
  if (log.tornTail !== undefined) logger.warn("journal cut after a crash", { ...log.tornTail });
  checkSnapshot(snapshot, log, directory);
  return { log, journalDirectory, snapshotDirectory, snapshots, snapshot };
}

/** A snapshot without the commands that it goes on from belongs to another journal. */
function checkSnapshot(
  snapshot: Snapshot | undefined,
  { firstSequence, lastSequence }: FileCommandLog,
  directory: string,
): void {
  const sequence = snapshot?.sequence ?? 0;
  if (sequence > lastSequence || sequence + 1 < firstSequence) {
    throw new WorldConflict(
      `the journal in ${directory} has the commands ${firstSequence} to ${lastSequence}, which do not go on ` +
        `from the newest snapshot, of command ${sequence}: restore both from one backup`,
    );
  }
}

async function keptSecretKey(directory: string): Promise<Buffer> {
  const path = join(directory, "secret-key");
  const kept = await readSecret(path);
  if (kept !== undefined) return Buffer.from(kept, "hex");
  const made = randomBytes(SECRET_KEY_BYTES);
  await keepSecret(path, made.toString("hex"));
  return made;
}
