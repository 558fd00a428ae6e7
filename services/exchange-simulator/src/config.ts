import { type Amount, type Duration, duration, parseAmount } from "@tse/domain";
import {
  boolean,
  type Config,
  durationText,
  integer,
  LOG_LEVELS,
  type LogLevel,
  oneOf,
  type Parser,
  peer,
  setting,
  text,
} from "@tse/service-kit";
import { STORAGE_SETTINGS } from "./storage-settings.ts";

const DNS_SAFE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const PORT_MAX = 65_535;
const PORT = integer(0, PORT_MAX);

/** Money in the unit of account, above 0. */
const money: Parser<Amount> = {
  expected: "an amount above 0 such as 1000000",
  parse(value) {
    const amount = parseAmount(value);
    return amount !== undefined && amount > 0n ? amount : undefined;
  },
};

/** 32 bytes, as hex or base64. */
const secretKey: Parser<Buffer | undefined> = {
  expected: "32 bytes in hex or base64",
  parse(value) {
    const bytes = Buffer.from(value, /^[0-9a-fA-F]{64}$/.test(value) ? "hex" : "base64");
    return bytes.length === 32 ? bytes : undefined;
  },
};

const seconds: Parser<Duration> = {
  expected: "seconds, a whole number from 0 to 86400",
  parse(value) {
    const count = integer(0, 86_400).parse(value);
    return count === undefined ? undefined : duration(count * 1_000_000);
  },
};

/** Short enough that the feed never looks silent, which it does after 30 s. */
const priceInterval: Parser<Duration> = {
  expected: "a duration from 100ms to 20s",
  parse(value) {
    const length = durationText("100ms").parse(value);
    return length !== undefined && length <= 20_000_000 ? length : undefined;
  },
};

/** Everything about the exchange simulator that a flag, a variable or `.env` may set. */
export const EXCHANGE_SETTINGS = {
  ...STORAGE_SETTINGS,
  seed: setting({
    env: "WORLD_SEED",
    flag: "seed",
    parser: text(/^[\w.:-]{1,64}$/, "1 to 64 letters, digits or _ . : -"),
    default: "42",
    about: "seed of everything random in the world",
  }),
  host: setting({
    env: "HOST",
    flag: "host",
    parser: text(/^[\w.:-]{1,255}$/, "a host name or address"),
    default: "127.0.0.1",
    about: "address of the production listener",
  }),
  port: setting({
    env: ["HTTP_PORT", "EXCHANGE_PORT"],
    flag: "port",
    parser: PORT,
    default: 8085,
    about: "port of the production listener; 0 takes free ones",
  }),
  adminHost: setting({
    env: "ADMIN_HOST",
    parser: text(/^[\w.:-]{1,255}$/, "a host name or address"),
    default: "127.0.0.1",
    about: "address of the admin listener",
  }),
  adminPort: setting<number | undefined>({
    env: "ADMIN_PORT",
    flag: "admin-port",
    parser: PORT,
    default: undefined,
    about: "port of the admin listener; the production port + 100 when not given",
  }),
  adminToken: setting<string | undefined>({
    env: "ADMIN_TOKEN",
    parser: text(/^[\x21-\x7e]{16,256}$/, "16 to 256 visible ASCII characters"),
    default: undefined,
    about: "token of the admin listener; made at every start when not given",
    secret: true,
  }),
  secretKey: setting({
    env: "SECRET_KEY",
    parser: secretKey,
    default: undefined,
    about: "key that seals API secrets; made once and kept in the data directory when not given",
    secret: true,
  }),
  clockMode: setting<"real" | "virtual">({
    env: "CLOCK_MODE",
    flag: "clock",
    parser: oneOf("real", "virtual"),
    default: "real",
    about: "real, or virtual: frozen until the admin listener moves it",
  }),
  limits: setting<"on" | "off">({
    flag: "limits",
    parser: oneOf("on", "off"),
    default: "on",
    about: "off switches every rate limit off, for load tests",
  }),
  orderRateLimit: setting({
    env: "ORDER_RATE_LIMIT",
    parser: integer(0, 1_000_000),
    default: 100,
    about: "orders a second of one account, twice that at once; 0 for no limit",
  }),
  matchingLatencyMs: setting({
    env: "MATCHING_LATENCY_MS",
    parser: integer(0, 50),
    default: 0,
    about: "ms that each client's command waits before the sequencer, 0 to 50",
  }),
  maxOrderSize: setting({
    env: "MAX_ORDER_SIZE",
    parser: money,
    default: parseAmount("1000000") as Amount,
    about: "largest order, in USD at the reference price",
  }),
  slippage: setting({
    env: "ENABLE_SLIPPAGE",
    parser: boolean(),
    default: true,
    about: "whether makers spread their quotes over ten levels or offer all at the best",
  }),
  openSignup: setting<boolean | undefined>({
    env: "OPEN_SIGNUP",
    parser: boolean(),
    default: undefined,
    about: "accounts without a key; by default only while bound to a loopback address",
  }),
  kycRequired: setting({
    env: "KYC_REQUIRED",
    parser: boolean(),
    default: false,
    about: "whether only approved accounts trade",
  }),
  maxSubAccounts: setting({
    env: "MAX_SUB_ACCOUNTS",
    parser: integer(0, 10_000),
    default: 100,
    about: "sub-accounts of one master",
  }),
  chaosEnabled: setting({
    env: "CHAOS_ENABLED",
    parser: boolean(),
    default: true,
    about: "whether the admin listener injects faults",
  }),
  chaosLength: setting({
    env: "CHAOS_DEFAULT_DURATION",
    parser: seconds,
    default: duration(300_000_000),
    about: "seconds of a fault that names no duration",
  }),
  priceInterval: setting({
    env: "PRICE_UPDATE_INTERVAL",
    parser: priceInterval,
    default: duration(1_000_000),
    about: "time between two prices of the market, 100ms to 20s",
  }),
  marketData: setting({
    env: "PEER_MARKET_DATA_SIMULATOR",
    parser: peer(),
    default: undefined,
    about:
      "market-data service that prices come from, host:httpPort:grpcPort; without one the world makes its own",
  }),
  streamFlushMs: setting({
    env: "STREAM_FLUSH_MS",
    parser: integer(0, 1_000),
    default: 5,
    about: "longest that stream frames are gathered before they are sent",
  }),
  shutdownTimeout: setting({
    env: "SHUTDOWN_TIMEOUT",
    parser: durationText("1s"),
    default: duration(30_000_000),
    about: "longest time of an orderly stop",
  }),
  logLevel: setting<LogLevel>({
    env: ["LOG_LEVEL", "EXCHANGE_LOG_LEVEL"],
    flag: "log-level",
    parser: oneOf(...LOG_LEVELS),
    default: "info",
    about: "debug, info, warn or error",
  }),
  logFormat: setting<"json" | "text">({
    env: "LOG_FORMAT",
    flag: "log-format",
    parser: oneOf("json", "text"),
    default: "json",
    about: "json or text",
  }),
  service: setting({
    env: "SERVICE_NAME",
    parser: text(DNS_SAFE, "a DNS-safe name"),
    default: "exchange-simulator",
    about: "name in logs, metrics and health",
  }),
  instance: setting<string | undefined>({
    env: "SERVICE_INSTANCE_NAME",
    parser: text(DNS_SAFE, "a DNS-safe name"),
    default: undefined,
    about: "name of this instance; the service's when not given",
  }),
  version: setting({
    env: "SERVICE_VERSION",
    parser: text(/^[\w.+-]{1,64}$/, "a version such as 1.0.0"),
    default: "1.0.0",
    about: "version in logs, metrics and health",
  }),
  environment: setting({
    env: "ENVIRONMENT",
    parser: text(/^[\w-]{1,64}$/, "letters, digits, _ or -"),
    default: "development",
    about: "environment in logs and health",
  }),
} as const;

/** The exchange simulator's configuration, read. */
export type ExchangeConfig = Config<typeof EXCHANGE_SETTINGS>;

/** 100 above the production port unless given, or below it at the end of the range; 0 beside 0: both free. */
export function adminPortOf({
  port,
  adminPort,
}: Pick<ExchangeConfig, "port" | "adminPort">): number {
  if (adminPort !== undefined) return adminPort;
  if (port === 0) return 0;
  return port + 100 <= PORT_MAX ? port + 100 : port - 100;
}

/** Whether a listener bound to `host` can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
