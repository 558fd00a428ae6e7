import { deepEqual, ok } from "node:assert/strict";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { TradedWorld } from "./traded-world.ts";

const HOUR_MS = 3_600_000;
const PRELOAD = fileURLToPath(new URL("shifted-clock.ts", import.meta.url));

/** World time, in ms. */
async function timeOf(world: TradedWorld): Promise<number> {
  const { now } = await world.admin.ask<{ readonly now: string }>("GET", "/admin/clock");
  return Date.parse(now);
}

describe("when the machine's clock is set back by an hour, the exchange", () => {
  it("trades on, its time never goes back, and it starts again", async () => {
    const folder = await mkdtemp(join(tmpdir(), "clock-"));
    const file = join(folder, "shift");
    const shift = async (ms: number) => {
      await writeFile(`${file}.new`, String(ms));
      await rename(`${file}.new`, file);
    };
    await shift(0);
    await using world = await TradedWorld.open({
      environment: { STORE: "memory", CLOCK_SHIFT_FILE: file },
      nodeArguments: ["--import", PRELOAD],
    });

    const load = world.load();
    await load.untilAcknowledged(100);
    const before = await timeOf(world);
    await shift(-HOUR_MS);
    await load.untilAcknowledged(100);
    const jumped = await timeOf(world);
    await load.untilAcknowledged(100);
    const later = await timeOf(world);
    load.halt();
    await world.kill();
    await load.done();

    await world.restart();
    const restarted = await timeOf(world);
    const again = world.load();
    await again.untilAcknowledged(100);
    deepEqual(await again.done(), []);
    deepEqual(await world.findings(), []);
    const times = [before, jumped, later, restarted];
    const pairs = times.slice(1).map((time, index) => time - (times[index] as number));
    ok(
      pairs.every((passed) => passed > 0),
      `world time goes on: ${times}`,
    );
    await rm(folder, { recursive: true });
  });
});
