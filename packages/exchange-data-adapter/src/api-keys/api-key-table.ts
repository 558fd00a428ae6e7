import {
  bytes,
  instant,
  matching,
  oneOf,
  optional,
  sha256,
  type Table,
  text,
  texts,
  uuid,
} from "@tse/storage/rows";
import { type ApiKey, KEY_KINDS, SCOPES } from "./api-key.ts";

const scopes = texts((value) => (SCOPES as readonly string[]).includes(value));

export const apiKeyTable: Table<ApiKey> = {
  name: "api_keys",
  columns: {
    keyId: matching(/^[A-Za-z0-9_-]{16,64}$/),
    accountId: uuid(),
    label: optional(text(100)),
    kind: oneOf(KEY_KINDS),
    scopes: { ...scopes, decode: (stored) => scopes.decode(stored) as ApiKey["scopes"] },
    secretHash: optional(sha256()),
    secretCiphertext: optional(bytes()),
    publicKey: optional(text()),
    ipAllow: optional(texts((value) => text().accepts(value))),
    createdAt: instant(),
    lastUsedAt: optional(instant()),
    expiresAt: optional(instant()),
    revokedAt: optional(instant()),
  },
  key: ["keyId"],
  references: [{ field: "accountId", table: "accounts" }],
  checks: [
    ({ kind, secretHash }) => (kind === "SECRET") === (secretHash !== undefined),
    ({ kind, publicKey }) => kind === "SECRET" || publicKey !== undefined,
  ],
  sorts: ["createdAt", "keyId"],
  defaultSort: { field: "createdAt", order: "DESC" },
  indexes: ["accountId"],
};
