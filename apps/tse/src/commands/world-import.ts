import { dataDirOf, readWorld } from "@tse/exchange-simulator";
import { command } from "../command.ts";
import { ProgressLine } from "../progress.ts";
import { jsonLine } from "../readable.ts";
import { JSON_SETTING, WORLD_SETTINGS } from "../settings.ts";
import { unpackWorld } from "../world-archive.ts";

/** Takes a packed world over. */
export const worldImport = command({
  verb: "world import",
  operand: "FILE",
  about: "unpack a packed world into a directory that is empty or not there yet",
  more: "The journal is verified before anything is put in place: the world is there whole, or not at all.",
  settings: { ...WORLD_SETTINGS, json: JSON_SETTING },
  async run(config, terminal, file) {
    const directory = dataDirOf(config);
    const progress = new ProgressLine(terminal.notes);
    await unpackWorld(file, directory, progress.show).finally(() => progress.end());
    const seed = (await readWorld(directory))?.seed;
    const again = config.dataDir === undefined ? "" : ` -- --data-dir ${directory}`;
    terminal.output.write(
      config.json
        ? jsonLine({ file, directory, seed })
        : `the world of ${file} (seed ${seed}) is in ${directory}; it goes on with: npm start${again}\n`,
    );
    return 0;
  },
});
