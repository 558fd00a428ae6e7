/**
 * Why a storage operation failed. Stable: shown on the wire and in metrics. `storage_unavailable` is a
 * broken dependency and may be tried again; the others are answers.
 */
export const STORAGE_CODES = [
  "not_found",
  "already_exists",
  "invalid_query",
  "insufficient_balance",
  "order_not_open",
  "account_in_use",
  "schema_in_use",
  "storage_unavailable",
  "storage_conflict",
  "conflict",
  "internal",
] as const;

export type StorageCode = (typeof STORAGE_CODES)[number];

/**
 * What every repository and adapter throws, and nothing else. The message says what was asked for; a
 * driver's own error is the cause and never reaches a client.
 */
export class StorageError extends Error {
  override name = "StorageError";
  readonly code: StorageCode;

  constructor(code: StorageCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
