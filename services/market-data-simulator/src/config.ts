import {
  ADAPTER_SETTINGS,
  type Config,
  integer,
  list,
  oneOf,
  type Parser,
  serviceSettings,
  setting,
  text,
} from "@tse/service-kit";
import { CATALOGUE } from "./feed/symbol-terms.ts";
import { type PriceModes, priceModes } from "./modes/price-mode.ts";

const symbolName: Parser<string> = {
  expected: `symbols such as ${CATALOGUE.slice(0, 2)
    .map(({ symbol }) => symbol)
    .join(", ")}`,
  parse: (value) => CATALOGUE.find(({ symbol }) => symbol === value)?.symbol,
};

/** Everything about the market-data simulator that a flag, a variable or `.env` may set. */
export const MARKET_DATA_SETTINGS = {
  ...serviceSettings({ service: "market-data-simulator", port: 8086 }),
  ...ADAPTER_SETTINGS,
  journal: setting<"file" | "memory">({
    env: "JOURNAL",
    flag: "journal",
    parser: oneOf("file", "memory"),
    default: "file",
    about: "file: the path of prices goes on through a restart; memory: it ends with the process",
  }),
  grpcPort: setting<number | undefined>({
    env: "GRPC_PORT",
    flag: "grpc-port",
    parser: integer(0, 65_535),
    default: undefined,
    about: "port of the gRPC listener; 1010 above the production port when not given",
  }),
  symbols: setting<readonly string[]>({
    env: "DEFAULT_SYMBOLS",
    flag: "symbols",
    parser: list(symbolName),
    default: ["BTC/USD", "ETH/USD", "ADA/USD", "SOL/USD", "DOT/USD"],
    about: "symbols with prices from the start; USDT/USD and the crosses of these are added",
  }),
  priceMode: setting<PriceModes>({
    env: "PRICE_MODE",
    flag: "mode",
    parser: priceModes,
    default: { text: "realistic", choices: [{ symbol: undefined, mode: { mode: "realistic" } }] },
    about: "how prices are made: of all symbols, or of some by name",
  }),
  spreadMode: setting<"fixed" | "dynamic">({
    env: "SPREAD_MODE",
    parser: oneOf("fixed", "dynamic"),
    default: "fixed",
    about: "whether bid and ask keep their distance or widen in wild times",
  }),
  scenarioDir: setting<string | undefined>({
    env: "SCENARIO_DIR",
    flag: "scenarios",
    parser: text(),
    default: undefined,
    about:
      "directory of your own scenarios: its *.yaml files join those that ship, or take their place",
  }),
  subscribersMax: setting({
    env: "SUBSCRIBERS_MAX",
    parser: integer(1, 1_000_000),
    default: 10_000,
    about: "subscribers at a time",
  }),
  symbolSubscribersMax: setting({
    env: "SYMBOL_SUBSCRIBERS_MAX",
    parser: integer(1, 1_000_000),
    default: 2_000,
    about: "subscribers of one symbol at a time",
  }),
} as const;

/** The market-data simulator's configuration, read. */
export type MarketDataConfig = Config<typeof MARKET_DATA_SETTINGS>;

/** Name of this instance: the service's when it has none of its own. */
export function instanceOf({ instance, service }: MarketDataConfig): string {
  return instance ?? service;
}

/** 1010 above the production port unless given; 0 beside 0: both free. */
export function grpcPortOf({
  port,
  grpcPort,
}: Pick<MarketDataConfig, "port" | "grpcPort">): number {
  return grpcPort ?? (port === 0 ? 0 : Math.min(port + 1_010, 65_535));
}
