import { StorageError } from "../errors.ts";

/** Stands for the configured time to live. */
const TTL_DEFAULT = 0;
/** Stands for no end. */
const TTL_NONE = -1;

/** Text and bytes as they are, everything else as JSON. @throws StorageError `invalid_query` */
export function cacheText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  const text = jsonOf(value);
  if (text !== undefined) return text;
  throw new StorageError("invalid_query", "a cached value is text, bytes or JSON");
}

/**
 * Whole milliseconds that a key lives; `undefined` when it lives on.
 *
 * @throws StorageError `invalid_query`
 */
export function lifetime(ttlMs: number, defaultMs: number): number | undefined {
  if (ttlMs === TTL_NONE) return undefined;
  if (ttlMs === TTL_DEFAULT) return defaultMs;
  if (Number.isSafeInteger(ttlMs) && ttlMs > 0) return ttlMs;
  throw new StorageError("invalid_query", "a time to live is whole milliseconds, 0 or -1");
}

export function keyNotFound(key: string): StorageError {
  return new StorageError("not_found", `key not found: ${key}`);
}

function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
