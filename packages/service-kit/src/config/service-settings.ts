import { type Duration, duration } from "@tse/domain";
import { LOG_LEVELS, type LogLevel } from "../log/logger.ts";
import {
  boolean,
  durationText,
  formatDuration,
  integer,
  oneOf,
  type Parser,
  text,
} from "./parsers.ts";
import { setting } from "./read-config.ts";

const DNS_SAFE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const PORT_MAX = 65_535;
const PORT = integer(0, PORT_MAX);

const seconds: Parser<Duration> = {
  expected: "seconds, a whole number from 0 to 86400",
  parse(value) {
    const count = integer(0, 86_400).parse(value);
    return count === undefined ? undefined : duration(count * 1_000_000);
  },
  write: (length) => String(length / 1_000_000),
};

/** Short enough that the feed never looks silent, which it does after 30 s. */
const priceInterval: Parser<Duration> = {
  expected: "a duration from 100ms to 20s",
  parse(value) {
    const length = durationText("100ms").parse(value);
    return length !== undefined && length <= 20_000_000 ? length : undefined;
  },
  write: formatDuration,
};

/** What one service calls its own. */
export interface ServiceNames {
  readonly service: string;
  /** Of its production listener. */
  readonly port: number;
  /** Further names of the variables for the port and the log level. */
  readonly portAliases?: readonly string[];
  readonly logLevelAliases?: readonly string[];
}

/** The settings that every service of a world has. */
export function serviceSettings(names: ServiceNames) {
  return { ...identity(names), ...listeners(names), ...behaviour(names) };
}

function identity(names: ServiceNames) {
  return {
    service: setting({
      env: "SERVICE_NAME",
      parser: text(DNS_SAFE, "a DNS-safe name"),
      default: names.service,
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
    seed: setting({
      env: "WORLD_SEED",
      flag: "seed",
      parser: text(/^[\w.:-]{1,64}$/, "1 to 64 letters, digits or _ . : -"),
      default: "42",
      about: "seed of everything random in the world",
    }),
    clockMode: setting<"real" | "virtual">({
      env: "CLOCK_MODE",
      flag: "clock",
      parser: oneOf("real", "virtual"),
      default: "real",
      about: "real, or virtual: frozen until the admin listener moves it",
    }),
  } as const;
}

function listeners(names: ServiceNames) {
  return {
    host: setting({
      env: "HOST",
      flag: "host",
      parser: text(/^[\w.:-]{1,255}$/, "a host name or address"),
      default: "127.0.0.1",
      about: "address of the production listener",
    }),
    port: setting({
      env: ["HTTP_PORT", ...(names.portAliases ?? [])],
      flag: "port",
      parser: PORT,
      default: names.port,
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
    limits: setting<"on" | "off">({
      flag: "limits",
      parser: oneOf("on", "off"),
      default: "on",
      about: "off switches every rate limit off, for load tests",
    }),
  } as const;
}

function behaviour(names: ServiceNames) {
  return {
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
      env: ["LOG_LEVEL", ...(names.logLevelAliases ?? [])],
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
  } as const;
}

/** 100 above the production port unless given, or below it at the end of the range; 0 beside 0: both free. */
export function adminPortOf({
  port,
  adminPort,
}: {
  readonly port: number;
  readonly adminPort: number | undefined;
}): number {
  if (adminPort !== undefined) return adminPort;
  if (port === 0) return 0;
  return port + 100 <= PORT_MAX ? port + 100 : port - 100;
}
