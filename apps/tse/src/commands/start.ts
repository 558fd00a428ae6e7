import {
  dataDirOf,
  EXCHANGE_SETTINGS,
  type ExchangeConfig,
  readWorld,
  runExchange,
} from "@tse/exchange-simulator";
import { MARKET_DATA_SETTINGS } from "@tse/market-data-simulator";
import {
  boolean,
  type Config,
  InvalidConfiguration,
  type Setting,
  setting,
} from "@tse/service-kit";
import manifest from "../../package.json" with { type: "json" };
import { banner, placesOf } from "../banner.ts";
import { type Asking, beginAnew } from "../begin-anew.ts";
import { command, type ExitCode } from "../command.ts";
import { ProgressLine } from "../progress.ts";
import { jsonLine } from "../readable.ts";
import type { Terminal } from "../terminal.ts";
import { type MarketChoice, openWorldFeed, type WorldFeed } from "../world-feed.ts";

/** The same setting, but that nobody may have set it. */
function optional<T>(known: Setting<T>): Setting<T | undefined> {
  return { ...known, default: undefined };
}

const { priceMode, symbols, spreadMode, scenarioDir } = MARKET_DATA_SETTINGS;

const START_SETTINGS = {
  ...EXCHANGE_SETTINGS,
  priceMode,
  symbols,
  spreadMode,
  scenarioDir,
  json: setting({
    flag: "json",
    parser: boolean(),
    default: false,
    about: "print one line of JSON when the world is ready, and nothing else",
  }),
  fresh: setting({
    flag: "fresh",
    parser: boolean(),
    default: false,
    about: "begin anew: destroys the world that is kept, and asks before it does",
  }),
  yes: setting({
    flag: "yes",
    parser: boolean(),
    default: false,
    about: "with --fresh: don't ask",
  }),
  version: setting({
    flag: "version",
    parser: boolean(),
    default: false,
    about: "print the version",
  }),
  serviceVersion: EXCHANGE_SETTINGS.version,
  /** That of the world which is kept. */
  seed: {
    ...optional(EXCHANGE_SETTINGS.seed),
    about: `${EXCHANGE_SETTINGS.seed.about}; that of the world that is kept, or ${EXCHANGE_SETTINGS.seed.default}`,
  },
  /** Quiet beside a banner, complete beside JSON. */
  logLevel: optional(EXCHANGE_SETTINGS.logLevel),
  logFormat: optional(EXCHANGE_SETTINGS.logFormat),
} as const;

type Asked = Config<typeof START_SETTINGS>;

/** Runs the world until a signal. */
export const start = command({
  verb: "start",
  about: "run the world and keep it; what `npm start` does, and what no verb means",
  settings: START_SETTINGS,
  async run(asked, terminal) {
    if (asked.version) {
      terminal.output.write(`${manifest.version}\n`);
      return 0;
    }
    if (asked.yes && !asked.fresh) throw new InvalidConfiguration(["--yes goes with --fresh"]);
    const config = await configOf(asked);
    if (asked.fresh && !(await beginAnew(config, askingOf(asked, terminal)))) {
      terminal.notes.write("tse: nothing was destroyed, and nothing started\n");
      return 1;
    }
    return run(config, marketOf(asked), asked.json, terminal);
  },
});

const marketOf = (asked: Asked): MarketChoice => ({
  priceMode: asked.priceMode,
  symbols: asked.symbols,
  spreadMode: asked.spreadMode,
  scenarioDir: asked.scenarioDir,
});

/** A world that is kept goes on with its seed, unless another is asked for, which it refuses. */
async function configOf({ json, fresh, yes: _, version: __, ...asked }: Asked) {
  const { serviceVersion: version, ...rest } = asked;
  const kept = fresh ? undefined : await readWorld(dataDirOf(asked));
  const seed = asked.seed ?? kept?.seed ?? EXCHANGE_SETTINGS.seed.default;
  const logLevel = asked.logLevel ?? (json ? "info" : "warn");
  const logFormat = asked.logFormat ?? (json ? "json" : "text");
  return { ...rest, version, seed, logLevel, logFormat } satisfies ExchangeConfig;
}

function askingOf({ yes }: Asked, { ask }: Terminal): Asking {
  if (ask === undefined) return { isSure: yes, ask };
  const question = "  Type yes to destroy it: ";
  return {
    isSure: yes,
    ask: (what) =>
      ask(`\n  This is there, and a new world will take its place:\n\n${what}\n${question}`),
  };
}

async function run(
  config: ExchangeConfig,
  market: MarketChoice,
  json: boolean,
  terminal: Terminal,
): Promise<ExitCode> {
  let feed: WorldFeed | undefined;
  const progress = new ProgressLine(terminal.notes);
  const print = (text: string) => void terminal.output.write(text);
  await runExchange({
    config,
    // Another process's prices go before those of a service in this one.
    ...(config.marketData === undefined && {
      openFeed: async (exchange) => {
        feed = await openWorldFeed(config, market, exchange);
        return feed;
      },
    }),
    onReady: ({ adminTokenFile, ...ready }) => {
      progress.end();
      const marketData = feed === undefined ? undefined : placesOf(feed.ready);
      if (json) print(jsonLine({ event: "ready", ...ready, ...(marketData && { marketData }) }));
      else print(banner({ adminTokenFile, ...ready }, manifest.version, config, marketData));
    },
    onStopped: (clean) => {
      if (json) print(jsonLine({ event: "stopped", clean }));
    },
    // Beside JSON the log says it.
    ...(!json && {
      onProgress: (at) => progress.show({ doing: "repeating the journal", ...at }),
    }),
  });
  return 0;
}
