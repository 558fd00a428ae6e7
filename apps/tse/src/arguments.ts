import { EXCHANGE_SETTINGS, type ExchangeConfig } from "@tse/exchange-simulator";
import { boolean, type ConfigSources, readConfig, type Setting, setting } from "@tse/service-kit";

/** The same setting, but that nobody may have set it. */
function optional<T>(known: Setting<T>): Setting<T | undefined> {
  return { ...known, default: undefined };
}

const OWN_SETTINGS = {
  json: setting({
    flag: "json",
    parser: boolean(),
    default: false,
    about: "print one line of JSON when the world is ready, and nothing else",
  }),
  help: setting({ flag: "help", parser: boolean(), default: false, about: "print this" }),
  showVersion: setting({
    flag: "version",
    parser: boolean(),
    default: false,
    about: "print the version",
  }),
  /** Quiet beside a banner, complete beside JSON. */
  logLevel: optional(EXCHANGE_SETTINGS.logLevel),
  logFormat: optional(EXCHANGE_SETTINGS.logFormat),
} as const;

const SETTINGS = { ...EXCHANGE_SETTINGS, ...OWN_SETTINGS };

export interface Arguments {
  readonly json: boolean;
  readonly help: boolean;
  readonly showVersion: boolean;
  readonly exchange: ExchangeConfig;
}

/** What the command line and the environment ask for. @throws InvalidConfiguration */
export function readArguments(sources: ConfigSources): Arguments {
  const { json, help, showVersion, ...exchange } = readConfig(SETTINGS, sources);
  const logLevel = exchange.logLevel ?? (json ? "info" : "warn");
  const logFormat = exchange.logFormat ?? (json ? "json" : "text");
  return { json, help, showVersion, exchange: { ...exchange, logLevel, logFormat } };
}

/** What `--help` prints: every flag, its meaning, and what holds without it. */
export function helpText(): string {
  const rows = Object.values(SETTINGS).flatMap(({ flag, about, default: standard }) =>
    flag === undefined ? [] : [{ flag: `--${flag}`, about, standard }],
  );
  const width = Math.max(...rows.map(({ flag }) => flag.length));
  const lines = rows.map(({ flag, about, standard }) => {
    const shown = standard === undefined || standard === false ? "" : ` [${standard}]`;
    return `  ${flag.padEnd(width)}  ${about}${shown}`;
  });
  return `Usage: npm start -- [options]

Runs a simulated crypto exchange with a living market on this machine.

${lines.join("\n")}

More is set by environment variables or a .env file: .env.example lists them all.
`;
}
