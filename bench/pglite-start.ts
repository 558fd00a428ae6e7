/** How long the embedded database takes to start, from what it finds. `node bench/pglite-start.ts --help` */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { PgliteHost, type PgliteOptions } from "@tse/storage";
import { quantile } from "./quantile.ts";
import { say } from "./report.ts";

const HELP = `Usage: node bench/pglite-start.ts [options]

  --rounds N   counted rounds (5)
  --help

Each start is a thread of its own, timed from its beginning until it answers: nothing there, which
also writes the image; an image of an empty database; a database of an earlier run; an image, in
memory. A checkpoint includes the flush of every file. Medians, in milliseconds.`;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) say(HELP);
else await measure(Number(values.rounds));

async function measure(rounds: number): Promise<void> {
  const times = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, ms] of await measureRound()) {
      times.set(name, [...(times.get(name) ?? []), ms]);
    }
  }
  for (const [name, each] of times) {
    const sorted = [...each].sort((a, b) => a - b);
    const ms = Math.round(quantile(sorted, 0.5)).toString();
    say(`  ${name.padEnd(24)} ${ms.padStart(6)} ms`);
  }
}

async function measureRound(): Promise<[string, number][]> {
  const folder = await mkdtemp(join(tmpdir(), "tse-bench-"));
  const images = join(folder, "images");
  const first = join(folder, "first");
  try {
    const [nothing, checkpoint] = await start({ directory: first, images });
    const [existing] = await start({ directory: first, images });
    const [image] = await start({ directory: join(folder, "second"), images });
    const [memory] = await start({ images });
    return [
      ["nothing there", nothing],
      ["an image", image],
      ["an existing directory", existing],
      ["an image, in memory", memory],
      ["checkpoint", checkpoint],
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function start(options: PgliteOptions): Promise<[ready: number, checkpoint: number]> {
  const begun = performance.now();
  const host = new PgliteHost(options);
  await host.ready();
  const ready = performance.now();
  await host.checkpoint();
  const flushed = performance.now();
  await host.close();
  return [ready - begun, flushed - ready];
}
