import type { Timestamp } from "@tse/domain";
import {
  below,
  type Condition,
  equal,
  found,
  type JsonObject,
  lastOfEach,
  type RepositoryParts,
  type Rows,
  saying,
} from "@tse/storage/rows";
import type { IdempotencyRecord, NewIdempotencyRecord } from "./idempotency-record.ts";
import { idempotencyTable } from "./idempotency-table.ts";

/** Requests that named themselves, and what they were answered. */
export class IdempotencyRepository {
  readonly #parts: RepositoryParts;
  readonly #rows: Rows<IdempotencyRecord>;

  constructor(parts: RepositoryParts) {
    this.#parts = parts;
    this.#rows = parts.session.rows(idempotencyTable);
  }

  /** @throws StorageError `already_exists` when the account has used the key, `conflict` */
  create(record: NewIdempotencyRecord): Promise<IdempotencyRecord> {
    const message = `idempotency key already exists: ${record.idemKey}`;
    const row = { ...record, createdAt: this.#parts.clock.now() };
    return saying("already_exists", message, this.#rows.create(row));
  }

  /** `undefined` when the account never used the key, or it was deleted since. */
  async get(accountId: string, idemKey: string): Promise<IdempotencyRecord | undefined> {
    const [record] = await this.#rows.find({ where: named(accountId, idemKey) });
    return record;
  }

  /** Keeps the answer. @throws StorageError `not_found` */
  async complete(
    accountId: string,
    idemKey: string,
    httpStatus: number,
    response: JsonObject | undefined,
  ): Promise<IdempotencyRecord> {
    const where = named(accountId, idemKey);
    const [record] = await this.#rows.update(where, { httpStatus, response });
    return found(record, "idempotency key", idemKey);
  }

  /** Deletes what expired strictly before then. @returns how many */
  deleteExpired(before: Timestamp): Promise<number> {
    return this.#rows.delete([below<IdempotencyRecord>("expiresAt")(before)]);
  }

  /** Stores records as they are; those of a known account and key are replaced. */
  saveMany(records: readonly IdempotencyRecord[]): Promise<void> {
    return this.#rows.save(
      lastOfEach(records, ({ accountId, idemKey }) => `${accountId} ${idemKey}`),
    );
  }
}

function named(accountId: string, idemKey: string): Condition<IdempotencyRecord>[] {
  return [
    equal<IdempotencyRecord>("accountId")(accountId),
    equal<IdempotencyRecord>("idemKey")(idemKey),
  ];
}
