import { StorageError } from "./errors.ts";

const NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const NAME_LENGTH_MAX = 63;
const SCHEMA = /^[a-z_][a-z0-9_]{0,62}$/;

/** Where an instance keeps its rows and its keys. */
export interface StoragePlace {
  /** Name of the SQL schema; an identifier that needs no quoting. */
  readonly schema: string;
  /** What every key of the instance starts with, without the last colon. */
  readonly namespace: string;
}

/** What a configuration may say instead of what follows from the instance's name. Empty says nothing. */
export interface ExplicitPlace {
  readonly schema?: string | undefined;
  readonly namespace?: string | undefined;
}

/**
 * Whether a service or instance may be called so: lower case, safe in DNS, 1 to 63 characters.
 * A name ends up in schemas, keys and addresses, so nothing else may start.
 */
export function isInstanceName(name: string): boolean {
  return name.length <= NAME_LENGTH_MAX && NAME.test(name);
}

/**
 * The exchange's place: `exchange`, or `exchange_okx` and `exchange:okx` for the instance `exchange-okx`
 * and for every `exchange-okx-…`.
 *
 * @throws StorageError `invalid_query` for a name that nothing may have
 */
export function exchangePlace(instance: string, explicit: ExplicitPlace = {}): StoragePlace {
  const [first, second] = partsOf(instance);
  const derived =
    second === undefined || second === "simulator"
      ? { schema: first, namespace: first }
      : { schema: `${first}_${second}`, namespace: `${first}:${second}` };
  return chosen(derived, explicit);
}

/**
 * The market data's place: `market_data`, or `market_data_coinmetrics` and `market_data:coinmetrics-pro`
 * for the instance `market-data-coinmetrics-pro`; `marketdata` for the instance of that name.
 *
 * @throws StorageError `invalid_query` for a name that nothing may have
 */
export function marketDataPlace(instance: string, explicit: ExplicitPlace = {}): StoragePlace {
  const [first, second, ...rest] = partsOf(instance);
  if (second === undefined) return chosen({ schema: first, namespace: first }, explicit);

  const product = `${first}_${second}`;
  const [provider] = rest;
  const derived =
    provider === undefined || provider === "simulator"
      ? { schema: product, namespace: product }
      : { schema: `${product}_${provider}`, namespace: `${product}:${rest.join("-")}` };
  return chosen(derived, explicit);
}

/** @throws StorageError `invalid_query` unless `schema` is an identifier that needs no quoting */
export function requireSchemaName(schema: string): string {
  if (SCHEMA.test(schema)) return schema;
  throw new StorageError(
    "invalid_query",
    `"${schema}" is no schema name: lower case letters, digits and _, at most 63, no digit first`,
  );
}

function partsOf(instance: string): [string, ...string[]] {
  if (isInstanceName(instance)) return instance.split("-") as [string, ...string[]];
  throw new StorageError(
    "invalid_query",
    `"${instance}" is no instance name: lower case letters, digits and inner -, at most 63`,
  );
}

function chosen(derived: StoragePlace, explicit: ExplicitPlace): StoragePlace {
  return {
    schema: requireSchemaName(explicit.schema || derived.schema),
    namespace: explicit.namespace || derived.namespace,
  };
}
