import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Sequence } from "@tse/domain";
import { dataDirOf } from "@tse/exchange-simulator";
import { type ExportRange, exportJournal } from "@tse/journal";
import { integer, setting, text } from "@tse/service-kit";
import { command } from "../command.ts";
import { jsonLine } from "../readable.ts";
import { Refused } from "../refused.ts";
import { WORLD_SETTINGS } from "../settings.ts";
import { journalIn } from "../world-disk.ts";

const SEQUENCE = integer(1, Number.MAX_SAFE_INTEGER);

/** Lines that are written at once. */
const RUN = 256;

/** Gives a journal's commands to other tools. */
export const journalExport = command({
  verb: "journal export",
  operand: "[DIR]",
  about: "write the commands as lines of JSON, amounts of money as decimal text",
  settings: {
    ...WORLD_SETTINGS,
    from: setting<number | undefined>({
      flag: "from",
      parser: SEQUENCE,
      default: undefined,
      about: "first command; the oldest when not given",
    }),
    to: setting<number | undefined>({
      flag: "to",
      parser: SEQUENCE,
      default: undefined,
      about: "last command; the newest when not given",
    }),
    out: setting<string | undefined>({
      flag: "out",
      parser: text(),
      default: undefined,
      about: "a file that is not there yet; standard output when not given",
    }),
  },
  async run({ from, to, out, ...place }, terminal, operand) {
    const disk = await journalIn(operand || dataDirOf(place));
    const range: ExportRange = {
      ...(from !== undefined && { from: from as Sequence }),
      ...(to !== undefined && { to: to as Sequence }),
    };
    const lines = Readable.from(linesOf(exportJournal(disk, range)));
    if (out === undefined) await toOutput(lines, terminal.output);
    else await toFile(lines, out);
    return 0;
  },
});

async function* linesOf(entries: AsyncIterable<unknown>): AsyncGenerator<string> {
  let run: string[] = [];
  for await (const entry of entries) {
    run.push(jsonLine(entry));
    if (run.length < RUN) continue;
    yield run.join("");
    run = [];
  }
  if (run.length > 0) yield run.join("");
}

/** Whoever reads may have had enough. */
async function toOutput(lines: Readable, output: Writable): Promise<void> {
  await pipeline(lines, output, { end: false }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  });
}

/** All of it, or no file. */
async function toFile(lines: Readable, file: string): Promise<void> {
  try {
    await pipeline(lines, createWriteStream(file, { flags: "wx" }));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") {
      throw new Refused(`${file} exists: name another file, or move it away`, { cause });
    }
    await rm(file, { force: true });
    throw cause;
  }
}
