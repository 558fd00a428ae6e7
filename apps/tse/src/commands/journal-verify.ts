import { dataDirOf } from "@tse/exchange-simulator";
import { type Verification, verifyJournal } from "@tse/journal";
import { command } from "../command.ts";
import { ProgressLine } from "../progress.ts";
import { countText, jsonLine, plural } from "../readable.ts";
import { JSON_SETTING, WORLD_SETTINGS } from "../settings.ts";
import { journalIn } from "../world-disk.ts";

/** Checks every byte of a journal that means something. */
export const journalVerify = command({
  verb: "journal verify",
  operand: "[DIR]",
  about: "check every frame, hash, command and snapshot; name the first that is wrong",
  settings: { ...WORLD_SETTINGS, json: JSON_SETTING },
  async run(config, terminal, operand) {
    const directory = operand || dataDirOf(config);
    const disk = await journalIn(directory);
    const progress = new ProgressLine(terminal.notes);
    const found = await verifyJournal(disk, ({ step, done, total }) =>
      progress.show({ doing: `verifying ${step}`, done, total }),
    );
    progress.end();
    const isGood = found.problem === undefined;
    terminal.output.write(
      config.json ? jsonLine({ intact: isGood, ...found }) : text(directory, found),
    );
    return isGood ? 0 : 1;
  },
});

function text(directory: string, found: Verification): string {
  const { problem, entries, segments, snapshots, tornTail } = found;
  if (problem !== undefined) return `${problem}\n`;
  const counted = `${plural(entries, "command")} in ${plural(segments, "segment")}, ${plural(snapshots, "snapshot")}`;
  const tail =
    tornTail === undefined
      ? ""
      : `${countText(tornTail.bytes)} bytes at its end were being written, or were left by a crash: the next start cuts them off\n`;
  return `the journal in ${directory} is intact: ${counted}\n${tail}`;
}
