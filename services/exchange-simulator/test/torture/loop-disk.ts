import { execFile, spawnSync } from "node:child_process";
import { constants, rmSync } from "node:fs";
import { access, mkdir, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Sparse: only what is written takes room. */
const BYTES = 2 ** 31;

/** FS_IOC_SHUTDOWN of `linux/fs.h`, `_IOR('X', 125, __u32)`, with FSOP_GOING_FLAGS_NOLOGFLUSH. */
const SHUTDOWN = 0x8004587d;
const NO_LOG_FLUSH = 2;

/** Node has no ioctl; these do, and one of them is on almost every Linux. */
const IOCTLS: Readonly<Record<string, (directory: string) => readonly string[]>> = {
  python3: (directory) => [
    "-c",
    "import fcntl, os, struct, sys\n" +
      `fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), ${SHUTDOWN}, struct.pack('I', ${NO_LOG_FLUSH}))`,
    directory,
  ],
  perl: (directory) => [
    "-e",
    `open my $d, '<', $ARGV[0] or die $!; my $flags = pack 'L', ${NO_LOG_FLUSH};` +
      `ioctl $d, ${SHUTDOWN}, $flags or die $!`,
    directory,
  ],
};

const PROGRAMS = ["mkfs.ext4", "mount", "umount", "unshare"];

/** Why this machine can't lose the power of a disk, or `undefined` when it can. */
export async function loopDiskLack(): Promise<string | undefined> {
  if (process.platform !== "linux") return "power cuts need Linux";
  if (process.getuid?.() !== 0) return "power cuts need root: they mount a disk";
  for (const program of PROGRAMS) {
    if ((await find(program)) === undefined) return `power cuts need ${program}`;
  }
  if ((await ioctlProgram()) === undefined) return "power cuts need python3 or perl for an ioctl";
  try {
    await using disk = await LoopDisk.make();
    await disk.mount();
    await disk.cutPower();
    return undefined;
  } catch (error) {
    return `power cuts need loop devices: ${error instanceof Error ? error.message : error}`;
  }
}

/**
 * An ext4 file system in a file, whose power can be cut: what nobody flushed is gone then, as it is in the
 * caches of a machine that loses its power. What was flushed lies in the file.
 */
export class LoopDisk implements AsyncDisposable {
  readonly directory: string;
  readonly #folder: string;
  readonly #image: string;
  #isMounted = false;
  /** A run that is broken off leaves no disk behind, not even one that somebody still writes to. */
  readonly #leave = (): void => {
    if (this.#isMounted) spawnSync("umount", ["--lazy", this.directory]);
    rmSync(this.#folder, { recursive: true, force: true });
  };

  private constructor(folder: string) {
    this.#folder = folder;
    this.directory = join(folder, "disk");
    this.#image = join(folder, "image");
  }

  /** An empty disk, not mounted yet. */
  static async make(): Promise<LoopDisk> {
    const disk = new LoopDisk(await mkdtemp(join(tmpdir(), "power-")));
    process.once("exit", disk.#leave);
    const file = await open(disk.#image, "w");
    await file.truncate(BYTES);
    await file.close();
    await run("mkfs.ext4", ["-q", disk.#image]);
    await mkdir(disk.directory);
    return disk;
  }

  /** Repairs itself from its own journal, as after any cut. */
  async mount(): Promise<void> {
    await run("mount", ["-o", "loop", this.#image, this.directory]);
    this.#isMounted = true;
  }

  /** From now on nothing reaches the disk any more; every write and flush fails. */
  async shutDown(): Promise<void> {
    const program = await ioctlProgram();
    if (program === undefined) throw new Error("there is neither python3 nor perl");
    await run(program, [...(IOCTLS[program] as (directory: string) => string[])(this.directory)]);
  }

  async unmount(): Promise<void> {
    await run("umount", [this.directory]);
    this.#isMounted = false;
  }

  /** With nobody writing to it. */
  async cutPower(): Promise<void> {
    await this.shutDown();
    await this.unmount();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isMounted) await this.unmount();
    process.off("exit", this.#leave);
    await rm(this.#folder, { recursive: true });
  }
}

async function ioctlProgram(): Promise<string | undefined> {
  for (const program of Object.keys(IOCTLS)) {
    if ((await find(program)) !== undefined) return program;
  }
  return undefined;
}

async function find(program: string): Promise<string | undefined> {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  for (const folder of folders) {
    const path = join(folder, program);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}
