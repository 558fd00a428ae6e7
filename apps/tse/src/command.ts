import { parseArgs } from "node:util";
import {
  type Config,
  type ConfigSources,
  InvalidConfiguration,
  readConfig,
  type Setting,
} from "@tse/service-kit";
import type { Terminal } from "./terminal.ts";

export type Settings = Readonly<Record<string, Setting<unknown>>>;

/** 0: fine. 1: something is broken, or failed. Wrong use is thrown, and ends with 2. */
export type ExitCode = 0 | 1;

/** One thing that can be asked for on the command line. */
export interface Command {
  /** What is typed after `tse`: `journal verify`. */
  readonly verb: string;
  /** What it takes beside its flags: `FILE`, or `[DIR]` when it can do without. */
  readonly operand?: string;
  /** One line. */
  readonly about: string;
  /** What else its own help says. */
  readonly more?: string;
  /** What it reads of the command line and the environment. */
  readonly settings: Settings;
  /**
   * @param sources without the verb
   * @throws InvalidConfiguration for what it can't be asked
   */
  run(sources: ConfigSources, terminal: Terminal): Promise<ExitCode>;
}

interface CommandParts<S extends Settings> extends Omit<Command, "run" | "settings"> {
  readonly settings: S;
  /** @param operand as given; `""` for one that can be left out, and for none */
  run(config: Config<S>, terminal: Terminal, operand: string): Promise<ExitCode>;
}

/** A command whose settings are read before it runs. */
export function command<S extends Settings>(parts: CommandParts<S>): Command {
  return {
    ...parts,
    run(sources, terminal) {
      const argv = sources.argv ?? [];
      const place = parts.operand === undefined ? -1 : operandPlace(parts.settings, argv);
      const operand = argv[place] ?? "";
      const config = readConfig(parts.settings, {
        ...sources,
        argv: argv.filter((_, i) => i !== place),
      });
      if (operand === "" && parts.operand?.startsWith("[") === false) {
        throw new InvalidConfiguration([`${parts.verb} needs a ${parts.operand}`]);
      }
      return parts.run(config, terminal, operand);
    },
  };
}

/** Where the first thing stands that is neither a flag nor a flag's value; -1 for nowhere. */
function operandPlace(settings: Settings, argv: readonly string[]): number {
  const options: Record<string, { type: "string" | "boolean" }> = {};
  for (const { flag, parser } of Object.values(settings)) {
    if (flag === undefined) continue;
    options[flag] = { type: parser.parse("true") === true ? "boolean" : "string" };
  }
  const lenient = { strict: false, allowPositionals: true, tokens: true } as const;
  const { tokens } = parseArgs({ args: [...argv], options, ...lenient });
  return tokens.find(({ kind }) => kind === "positional")?.index ?? -1;
}
