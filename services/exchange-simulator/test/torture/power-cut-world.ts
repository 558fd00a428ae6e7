import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Random } from "@tse/domain";
import { type ExchangeProcess, killAtStart, startExchange } from "./exchange-process.ts";
import { TORTURED } from "./killed-world.ts";
import { LoopDisk } from "./loop-disk.ts";
import type { TortureWorld } from "./world.ts";

/** A world on a disk of its own, whose power is cut. */
export interface PowerCutWorld extends TortureWorld, AsyncDisposable {}

const BOOT_ID = "/proc/sys/kernel/random/boot_id";

/**
 * Each start after a cut looks to the process like one on a machine that was booted anew: in a mount
 * namespace of its own, another boot id lies over the kernel's.
 */
export async function newPowerCutWorld(random: Random): Promise<PowerCutWorld> {
  const disk = await LoopDisk.make();
  await disk.mount();
  const dataDir = join(disk.directory, "world");
  await mkdir(dataDir);
  const bootId = `${disk.directory}.boot_id`;
  await writeFile(bootId, `${randomUUID()}\n`);
  const options = (clock: string) => ({
    environment: { ...TORTURED, STORE: "embedded", CLOCK_MODE: clock, DATA_DIR: dataDir },
    wrapper: [
      "unshare",
      "--mount",
      "sh",
      "-c",
      `mount --bind ${bootId} ${BOOT_ID} && exec "$@"`,
      "sh",
    ],
  });
  const cut = async () => {
    await disk.cutPower();
    await disk.mount();
    await writeFile(bootId, `${randomUUID()}\n`);
  };
  return {
    dataDir,
    start: (clock) => startExchange(options(clock)),
    strikeAtStart: async (delayMs) => {
      await killAtStart(options("virtual"), delayMs);
      await cut();
    },
    strike: async (process) => {
      await loseProcess(process, disk, random);
      await disk.unmount();
      await disk.mount();
      await writeFile(bootId, `${randomUUID()}\n`);
    },
    [Symbol.asyncDispose]: () => disk[Symbol.asyncDispose](),
  };
}

/**
 * The disk goes first, under the process that still writes, or the process is stopped first: then what it
 * had handed to the system a moment ago is lost with the caches.
 */
async function loseProcess(
  exchange: ExchangeProcess,
  disk: LoopDisk,
  random: Random,
): Promise<void> {
  if (random.next() < 0.5) process.kill(exchange.pid, "SIGSTOP");
  await disk.shutDown();
  await exchange.end("SIGKILL");
}
