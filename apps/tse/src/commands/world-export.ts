import { dataDirOf } from "@tse/exchange-simulator";
import { command } from "../command.ts";
import { ProgressLine } from "../progress.ts";
import { jsonLine, sizeText } from "../readable.ts";
import { JSON_SETTING, STORE_SETTINGS } from "../settings.ts";
import { isOnServer } from "../stores.ts";
import { packWorld } from "../world-archive.ts";

/** Makes one file of a world that does not run. */
export const worldExport = command({
  verb: "world export",
  operand: "FILE",
  about: "pack a world that does not run into one file: journal, snapshots, history, keys",
  more: `The file is a gzipped tar that only its owner can read: it holds the key that seals API secrets.
History on a PostgreSQL server is not in it.`,
  settings: { ...STORE_SETTINGS, json: JSON_SETTING },
  async run(config, terminal, file) {
    const directory = dataDirOf(config);
    const progress = new ProgressLine(terminal.notes);
    const packed = await packWorld(directory, file, progress.show).finally(() => progress.end());
    terminal.output.write(
      config.json
        ? jsonLine({ file, directory, ...packed })
        : `${file} has the world of ${directory}: ${sizeText(packed.bytes)} in ${sizeText(packed.packedBytes)}\n` +
            "Keep it as you would keep a password: it holds the key that seals API secrets.\n" +
            (isOnServer(config)
              ? "Its history stays in PostgreSQL; where it is imported, it is made again from the journal.\n"
              : ""),
    );
    return 0;
  },
});
