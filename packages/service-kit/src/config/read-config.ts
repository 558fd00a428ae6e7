import { parseArgs } from "node:util";
import type { Parser } from "./parsers.ts";

/** One thing that can be configured: its names outside, its form, and what holds when nobody sets it. */
export interface Setting<T> {
  /** Names in the environment and in `.env`, the preferred one first; none: only a flag. */
  readonly env?: string | readonly string[];
  /** Name on the command line, without `--`. */
  readonly flag?: string;
  readonly parser: Parser<T>;
  readonly default: T;
  /** One line for `--help`. */
  readonly about?: string;
  /** Its value never appears in a message. */
  readonly secret?: boolean;
}

/** Keeps the inference of a setting's type where an object literal would widen it. */
export function setting<T>(description: Setting<T>): Setting<T> {
  return description;
}

type Settings = Readonly<Record<string, Setting<unknown>>>;

/** The value of each setting, by the name it has in the code. */
export type Config<S extends Settings> = {
  readonly [Name in keyof S]: S[Name] extends Setting<infer T> ? T : never;
};

/** Where values come from, weakest last. Nothing else is read. */
export interface ConfigSources {
  /** Command-line arguments, without the program's. */
  readonly argv?: readonly string[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Variables of the `.env` file. */
  readonly envFile?: Readonly<Record<string, string | undefined>>;
}

/** What was given doesn't fit. `problems` has one sentence for each thing wrong; the message has all. */
export class InvalidConfiguration extends Error {
  override name = "InvalidConfiguration";
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.join("\n"), options);
    this.problems = problems;
  }
}

/**
 * Reads every setting: flag before environment before `.env` before default. An empty variable counts
 * as absent. A setting that parses `true` takes its flag without a value.
 *
 * @throws InvalidConfiguration naming everything that is wrong, not only the first
 */
export function readConfig<S extends Settings>(settings: S, sources: ConfigSources): Config<S> {
  const { flags, problems } = readFlags(settings, sources.argv ?? []);
  const values: Record<string, unknown> = {};

  for (const [name, setting] of Object.entries(settings)) {
    const given = find(setting, flags, sources);
    const value = given === undefined ? setting.default : setting.parser.parse(given.text);
    if (given !== undefined && value === undefined) problems.push(describe(setting, given));
    values[name] = value;
  }

  if (problems.length > 0) throw new InvalidConfiguration(problems);
  return values as Config<S>;
}

interface Given {
  readonly from: string;
  readonly text: string;
}

type Flags = Readonly<Record<string, string | undefined>>;

function find(setting: Setting<unknown>, flags: Flags, sources: ConfigSources): Given | undefined {
  const flag = setting.flag === undefined ? undefined : flags[setting.flag];
  if (flag !== undefined) return { from: `--${setting.flag}`, text: flag };

  for (const variables of [sources.environment, sources.envFile]) {
    for (const from of [setting.env ?? []].flat()) {
      const text = variables?.[from];
      if (text !== undefined && text !== "") return { from, text };
    }
  }
  return undefined;
}

function describe(setting: Setting<unknown>, given: Given): string {
  const value = setting.secret === true ? "is not valid" : `is "${given.text}"`;
  return `${given.from} ${value}: expected ${setting.parser.expected}`;
}

type FlagOptions = Readonly<Record<string, { readonly type: "string" | "boolean" }>>;

/** The flags as text; a flag given twice counts as given last. */
function readFlags(
  settings: Settings,
  argv: readonly string[],
): { readonly flags: Flags; readonly problems: string[] } {
  const options = flagOptions(settings);
  const lenient = { strict: false, allowPositionals: true, tokens: true } as const;
  const { tokens } = parseArgs({ args: [...argv], options, ...lenient });

  const flags: Record<string, string> = Object.create(null);
  const problems: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") problems.push(`"${token.value}" is not expected here`);
    if (token.kind !== "option") continue;

    const value = flagValue(options, token.name, token.value);
    if (value !== undefined) flags[token.name] = value;
    else if (Object.hasOwn(options, token.name)) problems.push(`${token.rawName} needs a value`);
    else problems.push(`${token.rawName} is not a known option`);
  }
  return { flags, problems };
}

function flagValue(options: FlagOptions, name: string, given?: string): string | undefined {
  if (!Object.hasOwn(options, name)) return undefined;
  return given ?? (options[name]?.type === "boolean" ? "true" : undefined);
}

/** A setting that parses `true` is a switch: its flag needs no value. */
function flagOptions(settings: Settings): FlagOptions {
  const options: Record<string, { type: "string" | "boolean" }> = {};
  for (const { flag, parser } of Object.values(settings)) {
    if (flag === undefined) continue;
    options[flag] = { type: parser.parse("true") === true ? "boolean" : "string" };
  }
  return options;
}

/** What holds when nobody sets it, as text; `undefined` for nothing, and for a switch that is off. */
export function defaultText<T>({ default: value, parser, secret }: Setting<T>): string | undefined {
  if (value === undefined || value === false || secret === true) return undefined;
  const text = parser.write?.(value) ?? String(value);
  return text === "" ? undefined : text;
}

/** Lines for `--help`: each setting with a flag or a variable, its form and its default. */
export function describeSettings(settings: Settings): string {
  const rows = Object.values(settings).map((setting) => {
    const flag = setting.flag === undefined ? [] : [`--${setting.flag}`];
    const names = [...flag, ...[setting.env ?? []].flat()].join(", ");
    const standard = defaultText(setting);
    const fallback = standard === undefined ? "" : ` [${standard}]`;
    return { names, about: `${setting.about ?? setting.parser.expected}${fallback}` };
  });
  const width = Math.max(0, ...rows.map(({ names }) => names.length));
  return rows.map(({ names, about }) => `  ${names.padEnd(width)}  ${about}`).join("\n");
}

/** What a service's `--help` prints; `undefined` when nobody asks. @param about one line, as a sentence */
export function helpText(
  { program, about, settings }: { program: string; about: string; settings: Settings },
  { argv = [] }: ConfigSources,
): string | undefined {
  if (!argv.includes("--help") && !argv.includes("-h")) return undefined;
  return `Usage: ${program} [options]

${about}

${describeSettings(settings)}

A flag wins over the environment, that over .env, and that over the default.
`;
}
