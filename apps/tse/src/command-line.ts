import { type ConfigSources, defaultText, InvalidConfiguration } from "@tse/service-kit";
import type { Command, Settings } from "./command.ts";
import { auditVerify } from "./commands/audit-verify.ts";
import { dataImport } from "./commands/data-import.ts";
import { dataList } from "./commands/data-list.ts";
import { dbMigrate } from "./commands/db-migrate.ts";
import { dbStatus } from "./commands/db-status.ts";
import { journalExport } from "./commands/journal-export.ts";
import { journalInspect } from "./commands/journal-inspect.ts";
import { journalVerify } from "./commands/journal-verify.ts";
import { marketCalibrate } from "./commands/market-calibrate.ts";
import { marketRealism } from "./commands/market-realism.ts";
import { marketSimulate } from "./commands/market-simulate.ts";
import { start } from "./commands/start.ts";
import { worldExport } from "./commands/world-export.ts";
import { worldImport } from "./commands/world-import.ts";

const COMMANDS: readonly Command[] = [
  start,
  journalInspect,
  journalVerify,
  journalExport,
  dbStatus,
  dbMigrate,
  auditVerify,
  worldExport,
  worldImport,
  dataImport,
  dataList,
  marketSimulate,
  marketRealism,
  marketCalibrate,
];

/** What a command line asks for: a command with what is left for it, or help. */
export type Asked =
  | { readonly command: Command; readonly sources: ConfigSources }
  | { readonly help: string };

/** @throws InvalidConfiguration for a verb that there is not */
export function readCommandLine(sources: ConfigSources): Asked {
  const argv = sources.argv ?? [];
  const wantsHelp = argv.includes("--help") || argv.includes("-h");
  const flags = argv.findIndex((word) => word.startsWith("-"));
  const words = flags === -1 ? argv : argv.slice(0, flags);
  if (words.length === 0) {
    return wantsHelp ? { help: generalHelp() } : { command: start, sources };
  }
  const found = COMMANDS.find(({ verb }) => isVerb(verb, words));
  if (found === undefined) return helpOnGroup(words, wantsHelp);
  if (wantsHelp) return { help: helpOn([found]) };
  return {
    command: found,
    sources: { ...sources, argv: argv.slice(found.verb.split(" ").length) },
  };
}

function isVerb(verb: string, words: readonly string[]): boolean {
  return verb.split(" ").every((word, i) => word === words[i]);
}

function helpOnGroup([first, second]: readonly string[], wantsHelp: boolean): Asked {
  const group = COMMANDS.filter(({ verb }) => verb.startsWith(`${first} `));
  if (group.length === 0) {
    const verbs = [...new Set(COMMANDS.map(({ verb }) => verb.split(" ")[0]))].join(", ");
    throw new InvalidConfiguration([`"${first}" is not a known verb: ${verbs}`]);
  }
  if (wantsHelp && second === undefined) return { help: helpOn(group) };
  const verbs = group.map(({ verb }) => verb).join(", ");
  const problem =
    second === undefined ? `"${first}" needs a verb` : `"${first} ${second}" is not a known verb`;
  throw new InvalidConfiguration([`${problem}: ${verbs}`]);
}

const CALLING = `In the project's folder: npm start -- --seed 7, or npm run tse -- journal verify. With --silent after run,
npm itself prints nothing. A flag wins over the environment, that over .env, and that over the default.
Exit codes: 0 fine, 1 found broken or failed, 2 wrong use.
`;

function generalHelp(): string {
  const width = Math.max(...COMMANDS.map((each) => usage(each).length));
  const verbs = COMMANDS.map((each) => `  ${usage(each).padEnd(width)}  ${each.about}`);
  return `Usage: tse [verb] [options]

Runs a simulated crypto exchange with a living market on this machine, and looks after the world it keeps.

Verbs
${verbs.join("\n")}

Options of start
${settingRows(start.settings, "flags").join("\n")}

More is set by environment variables or a .env file: .env.example lists them all.
tse <verb> --help explains one of the others.
${CALLING}`;
}

function helpOn(commands: readonly Command[]): string {
  const parts = commands.map((each) => {
    const rows = settingRows(each.settings, "all");
    const more = each.more === undefined ? [] : ["", ...each.more.split("\n")];
    const about = `${each.about.charAt(0).toUpperCase()}${each.about.slice(1)}.`;
    return [`Usage: tse ${usage(each)} [options]`, "", about, ...more, "", ...rows].join("\n");
  });
  return `${parts.join("\n\n")}\n\n${CALLING}`;
}

function usage({ verb, operand }: Command): string {
  return operand === undefined ? verb : `${verb} ${operand}`;
}

/** Every flag, its meaning, and what holds without it; variables that have no flag, when all are asked for. */
function settingRows(settings: Settings, which: "flags" | "all"): readonly string[] {
  const rows = Object.values(settings).flatMap((setting) => {
    const { flag, env, about = "" } = setting;
    const variable = [env ?? []].flat()[0];
    const name = flag === undefined ? variable : `--${flag}`;
    if (name === undefined || (flag === undefined && which === "flags")) return [];
    const standard = defaultText(setting);
    return [{ name, about: standard === undefined ? about : `${about} [${standard}]` }];
  });
  rows.push({ name: "--help", about: "print this" });
  const width = Math.max(...rows.map(({ name }) => name.length));
  return rows.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`);
}
