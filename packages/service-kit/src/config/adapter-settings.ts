import { type Duration, duration } from "@tse/domain";
import { durationText, integer, oneOf, type Parser, text } from "./parsers.ts";
import { setting } from "./read-config.ts";

/** Where history goes: `auto` is PostgreSQL when it has an address, else the embedded database. */
const STORES = ["auto", "memory", "embedded", "postgres"] as const;

function address(...schemes: readonly string[]): Parser<string | undefined> {
  const example = `${schemes[0]}://user:password@host:port/name`;
  return {
    expected: `a URL such as ${example}`,
    parse(value) {
      const url = URL.canParse(value) ? new URL(value) : undefined;
      return url !== undefined && schemes.includes(url.protocol.slice(0, -1)) ? value : undefined;
    },
  };
}

const NAME = /^[a-z_][a-z0-9_]{0,62}$/;
const NAMESPACE = /^[a-z0-9_:-]{1,128}$/;
const seconds = (count: number): Duration => duration(count * 1_000_000);

/** What a data adapter goes by: database, cache, registry. */
export const ADAPTER_SETTINGS = {
  dataDir: setting<string | undefined>({
    env: "DATA_DIR",
    flag: "data-dir",
    parser: text(),
    default: undefined,
    about: "where the world is kept; in .tse by the name of the instance when not given",
  }),
  store: setting<(typeof STORES)[number]>({
    env: "STORE",
    flag: "store",
    parser: oneOf(...STORES),
    default: "auto",
    about: "where history goes: auto, memory (bounded), embedded, postgres",
  }),
  postgresUrl: setting<string | undefined>({
    env: "POSTGRES_URL",
    parser: address("postgres", "postgresql"),
    default: undefined,
    about: "PostgreSQL 15 or newer; the embedded database when not given",
    secret: true,
  }),
  schemaName: setting<string | undefined>({
    env: "SCHEMA_NAME",
    parser: text(NAME, "a schema's name: letters, digits, _"),
    default: undefined,
    about: "schema in the database; by the name of the instance when not given",
  }),
  maxConnections: setting({
    env: "MAX_CONNECTIONS",
    parser: integer(2, 1_000),
    default: 25,
    about: "most connections to PostgreSQL",
  }),
  maxIdleConnections: setting({
    env: "MAX_IDLE_CONNECTIONS",
    parser: integer(0, 1_000),
    default: 10,
    about: "most idle connections to PostgreSQL",
  }),
  connectionMaxLifetime: setting({
    env: "CONNECTION_MAX_LIFETIME",
    parser: durationText("1s"),
    default: seconds(300),
    about: "age at which a connection to PostgreSQL is replaced",
  }),
  connectionMaxIdleTime: setting({
    env: "CONNECTION_MAX_IDLE_TIME",
    parser: durationText("1s"),
    default: seconds(60),
    about: "idle time after which a connection to PostgreSQL is closed",
  }),
  redisUrl: setting<string | undefined>({
    env: "REDIS_URL",
    parser: address("redis", "rediss"),
    default: undefined,
    about: "Redis for cache and registry; in process when not given",
    secret: true,
  }),
  redisNamespace: setting<string | undefined>({
    env: "REDIS_NAMESPACE",
    parser: text(NAMESPACE, "letters, digits, _ : -"),
    default: undefined,
    about: "what every key in Redis begins with; by the name of the instance when not given",
  }),
  registryNamespace: setting<string | undefined>({
    env: "SERVICE_REGISTRY_NAMESPACE",
    parser: text(NAMESPACE, "letters, digits, _ : -"),
    default: undefined,
    about:
      "where services find each other in Redis, the same for all of them; registry when not given",
  }),
  redisPoolSize: setting({
    env: "REDIS_POOL_SIZE",
    parser: integer(1, 1_000),
    default: 10,
    about: "most connections to Redis",
  }),
  cacheTtl: setting({
    env: "CACHE_TTL",
    parser: durationText("1ms"),
    default: seconds(300),
    about: "how long a cached value lives that names no time",
  }),
  heartbeatInterval: setting({
    env: "HEARTBEAT_INTERVAL",
    parser: durationText("100ms"),
    default: seconds(30),
    about: "time between two heartbeats in the registry",
  }),
  serviceTtl: setting({
    env: "SERVICE_TTL",
    parser: durationText("1s"),
    default: seconds(90),
    about: "how long the registry remembers a service without a heartbeat",
  }),
  advertiseHost: setting<string | undefined>({
    env: "ADVERTISE_HOST",
    parser: text(/^[\w.:-]{1,255}$/, "a host name or address"),
    default: undefined,
    about: "address written to the registry; 127.0.0.1 when not given",
  }),
} as const;
