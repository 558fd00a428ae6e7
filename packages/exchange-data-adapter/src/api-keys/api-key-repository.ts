import type { Timestamp } from "@tse/domain";
import {
  type Condition,
  equal,
  type Filters,
  found,
  lastOfEach,
  list,
  type Page,
  page,
  type RepositoryParts,
  type Rows,
  saying,
} from "@tse/storage/rows";
import type { ApiKey, ApiKeyQuery, NewApiKey } from "./api-key.ts";
import { apiKeyTable } from "./api-key-table.ts";

const FILTERS: Filters<ApiKey, ApiKeyQuery> = {
  accountId: equal("accountId"),
  kind: equal("kind"),
  revoked: (value) => ({ field: "revokedAt", absent: value === false }),
};

/** API keys. Lists are newest first. */
export class ApiKeyRepository {
  readonly #parts: RepositoryParts;
  readonly #rows: Rows<ApiKey>;

  constructor(parts: RepositoryParts) {
    this.#parts = parts;
    this.#rows = parts.session.rows(apiKeyTable);
  }

  /** @throws StorageError `already_exists`, `conflict` */
  create(key: NewApiKey): Promise<ApiKey> {
    const createdAt = this.#parts.clock.now();
    const row: Partial<ApiKey> = { kind: "SECRET", scopes: ["read"], createdAt, ...key };
    const message = `api key already exists: ${key.keyId}`;
    return saying("already_exists", message, this.#rows.create(row));
  }

  /** @throws StorageError `not_found`, "api key not found: <id>" */
  async getById(keyId: string): Promise<ApiKey> {
    const [key] = await this.#rows.find({ where: named(keyId) });
    return found(key, "api key", keyId);
  }

  /** All keys of an account, the revoked ones too. */
  getByAccount(accountId: string): Promise<ApiKey[]> {
    return list(this.#rows, apiKeyTable, [equal<ApiKey>("accountId")(accountId)]);
  }

  /** @throws StorageError `invalid_query` */
  query(query: ApiKeyQuery): Promise<Page<ApiKey>> {
    return page(this.#rows, apiKeyTable, FILTERS, query);
  }

  /** The time of the first revocation stays. @throws StorageError `not_found` */
  async revoke(keyId: string): Promise<ApiKey> {
    const key = await this.#rows.modify(named(keyId), ({ revokedAt }) => ({
      revokedAt: revokedAt ?? this.#parts.clock.now(),
    }));
    return found(key, "api key", keyId);
  }

  /** @throws StorageError `not_found` */
  async updateLastUsed(keyId: string, lastUsedAt: Timestamp): Promise<ApiKey> {
    const [key] = await this.#rows.update(named(keyId), { lastUsedAt });
    return found(key, "api key", keyId);
  }

  /** Stores keys as they are; those with a known id are replaced. */
  saveMany(keys: readonly ApiKey[]): Promise<void> {
    return this.#rows.save(lastOfEach(keys, ({ keyId }) => keyId));
  }
}

function named(keyId: string): Condition<ApiKey>[] {
  return [{ field: "keyId", is: "=", value: keyId }];
}
