import type { RedisSettings } from "../redis/redis-connection.ts";
import type { DataAdapterConfig, StoreConfig } from "./adapter-config.ts";
import { type Environment, EnvironmentReader, refused } from "./environment.ts";

const STORES = ["auto", "memory", "embedded", "postgres"] as const;
const POSTGRES_FORM = "an address like postgres://user:password@host:port/database";
const REDIS_FORM = "an address like redis://user:password@host:port/database";
const NAME = /^(?=.{1,63}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const SCHEMA = /^[a-z_][a-z0-9_]{0,62}$/;

/** What the instances of a service are called. */
export interface InstanceNames {
  /** When neither variable gives a name. */
  readonly singleton: string;
  /** Shown when a name is refused. */
  readonly example: string;
}

/**
 * The configuration that environment variables describe.
 *
 * @param env `SERVICE_INSTANCE_NAME`, `STORE`, `POSTGRES_URL`, `DATA_DIR`, `REDIS_URL`, …: see the README
 * @throws StorageError `invalid_query` naming the variable and the form it should have
 */
export function configFromEnvironment(env: Environment, names: InstanceNames): DataAdapterConfig {
  const read = new EnvironmentReader(env);
  const instanceName = instanceOf(read, names);
  return defined({
    instanceName,
    store: storeOf(read, instanceName),
    redis: redisOf(read),
    schema: schemaOf(read),
    namespace: read.text("REDIS_NAMESPACE"),
    cacheTtlMs: read.duration("CACHE_TTL"),
    cacheNamespace: read.text("CACHE_NAMESPACE"),
    serviceTtlMs: read.duration("SERVICE_TTL"),
    discoveryNamespace: read.text("SERVICE_DISCOVERY_NAMESPACE"),
    registryNamespace: read.text("SERVICE_REGISTRY_NAMESPACE"),
  }) as DataAdapterConfig;
}

function instanceOf(read: EnvironmentReader, { singleton, example }: InstanceNames): string {
  const variable =
    read.text("SERVICE_INSTANCE_NAME") === undefined ? "SERVICE_NAME" : "SERVICE_INSTANCE_NAME";
  const name = read.text(variable) ?? singleton;
  if (NAME.test(name)) return name;
  throw refused(variable, `1 to 63 lower-case letters, digits and inner -, such as ${example}`);
}

function schemaOf(read: EnvironmentReader): string | undefined {
  const schema = read.text("SCHEMA_NAME");
  if (schema === undefined || SCHEMA.test(schema)) return schema;
  throw refused("SCHEMA_NAME", "lower-case letters, digits and _, at most 63, no digit first");
}

/** `STORE` decides; `auto` is the server when there is an address, else the embedded directory. */
function storeOf(read: EnvironmentReader, instanceName: string): StoreConfig {
  const url = read.text("POSTGRES_URL");
  const choice = read.oneOf("STORE", STORES) ?? "auto";
  if (choice === "memory") return { kind: "memory" };
  if (choice === "embedded" || (choice === "auto" && url === undefined)) {
    const directory = read.text("DATA_DIR") ?? `.tse/${instanceName}`;
    return { kind: "embedded", directory: `${directory}/db` };
  }
  if (!isAddress(url, /^postgres(ql)?:$/)) throw refused("POSTGRES_URL", POSTGRES_FORM);
  const pool = defined({
    connectionsMax: read.count("MAX_CONNECTIONS"),
    idleMax: read.count("MAX_IDLE_CONNECTIONS"),
    lifetimeSeconds: seconds(read.duration("CONNECTION_MAX_LIFETIME")),
    idleSeconds: seconds(read.duration("CONNECTION_MAX_IDLE_TIME")),
  });
  if (pool.connectionsMax === 0) throw refused("MAX_CONNECTIONS", "a whole number from 1");
  return { kind: "postgres", url, pool };
}

function redisOf(read: EnvironmentReader): DataAdapterConfig["redis"] {
  const url = read.text("REDIS_URL");
  if (url === undefined) return undefined;
  if (!isAddress(url, /^rediss?:$/)) throw refused("REDIS_URL", REDIS_FORM);
  const settings: Partial<RedisSettings> = defined({
    poolSize: read.count("REDIS_POOL_SIZE"),
    idleMin: read.count("REDIS_MIN_IDLE_CONNS"),
    retriesMax: read.count("REDIS_MAX_RETRIES"),
    dialTimeoutMs: read.duration("REDIS_DIAL_TIMEOUT"),
    readTimeoutMs: read.duration("REDIS_READ_TIMEOUT"),
    writeTimeoutMs: read.duration("REDIS_WRITE_TIMEOUT"),
  });
  return { url, settings };
}

function isAddress(url: string | undefined, protocol: RegExp): url is string {
  const parsed = url === undefined ? null : URL.parse(url);
  return parsed !== null && protocol.test(parsed.protocol) && parsed.host !== "";
}

function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.ceil(ms / 1000);
}

/** Without what is absent: such settings have their defaults. */
function defined<Settings extends object>(
  settings: Settings,
): { [Name in keyof Settings]?: Exclude<Settings[Name], undefined> } {
  const present = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as ReturnType<typeof defined<Settings>>;
}
