import type { Timestamp } from "@tse/domain";
import type { PageRequest } from "@tse/storage/rows";

export const KEY_KINDS = ["SECRET", "ED25519", "RSA"] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

export const SCOPES = ["read", "trade", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

/** A key to an account. A secret is never stored in the clear. */
export interface ApiKey {
  /** 16 to 64 of `A-Za-z0-9_-`. */
  readonly keyId: string;
  readonly accountId: string;
  readonly label: string | undefined;
  readonly kind: KeyKind;
  readonly scopes: readonly Scope[];
  /** SHA-256 in hex; present exactly when the kind is `SECRET`. */
  readonly secretHash: string | undefined;
  /** AES-256-GCM. */
  readonly secretCiphertext: Uint8Array | undefined;
  /** PEM; present when the kind is not `SECRET`. */
  readonly publicKey: string | undefined;
  /** Addresses that may use it; absent: any. */
  readonly ipAllow: readonly string[] | undefined;
  readonly createdAt: Timestamp;
  readonly lastUsedAt: Timestamp | undefined;
  readonly expiresAt: Timestamp | undefined;
  readonly revokedAt: Timestamp | undefined;
}

/** What `create` takes; an absent kind is `SECRET`, absent scopes are `read`. */
export type NewApiKey = Pick<ApiKey, "keyId" | "accountId"> &
  Partial<Omit<ApiKey, "keyId" | "accountId" | "lastUsedAt" | "revokedAt">>;

/** Sorted by `createdAt` (default, newest first) or `keyId`. */
export interface ApiKeyQuery extends PageRequest {
  readonly accountId?: string;
  readonly kind?: KeyKind;
  /** Whether it was revoked. */
  readonly revoked?: boolean;
}
