import { StorageError } from "@tse/storage";
import {
  above,
  among,
  below,
  equal,
  type Filters,
  found,
  inEither,
  type Page,
  page,
  type RepositoryParts,
  type Rows,
  saying,
} from "@tse/storage/rows";
import type { NewTransfer, Transfer, TransferQuery, TransferStatus } from "./transfer.ts";
import { transferTable } from "./transfer-table.ts";

const FILTERS: Filters<Transfer, TransferQuery> = {
  accountId: inEither("fromAccountId", "toAccountId"),
  kind: among("kind"),
  asset: equal("asset"),
  status: equal("status"),
  createdAfter: above("createdAt"),
  createdBefore: below("createdAt"),
  afterSeq: above("transferSeq"),
  beforeSeq: below("transferSeq"),
};

/** Deposits, withdrawals and transfers between accounts. Lists are newest first. */
export class TransferRepository {
  readonly #parts: RepositoryParts;
  readonly #rows: Rows<Transfer>;

  constructor(parts: RepositoryParts) {
    this.#parts = parts;
    this.#rows = parts.session.rows(transferTable);
  }

  /** @throws StorageError `already_exists` for a known id or external id, `conflict` */
  create(transfer: NewTransfer): Promise<Transfer> {
    const now = this.#parts.clock.now();
    const transferId = transfer.transferId ?? this.#parts.newId();
    const { status = "COMPLETED" } = transfer;
    const completed = status === "COMPLETED" && { completedAt: now };
    const row = { createdAt: now, ...completed, ...transfer, status, transferId };
    const message = `transfer already exists: ${transfer.externalId ?? transferId}`;
    return saying("already_exists", message, this.#rows.create(row));
  }

  /** @throws StorageError `not_found`, "transfer not found: <id>" */
  async getById(transferId: string): Promise<Transfer> {
    const [transfer] = await this.#rows.find({
      where: [equal<Transfer>("transferId")(transferId)],
    });
    return found(transfer, "transfer", transferId);
  }

  /** @throws StorageError `not_found` */
  async getByExternalId(externalId: string): Promise<Transfer> {
    const [transfer] = await this.#rows.find({
      where: [equal<Transfer>("externalId")(externalId)],
    });
    return found(transfer, "transfer", externalId);
  }

  /** @throws StorageError `invalid_query` */
  query(query: TransferQuery): Promise<Page<Transfer>> {
    return page(this.#rows, transferTable, FILTERS, query);
  }

  /**
   * Ends a pending transfer; `COMPLETED` sets `completedAt`.
   *
   * @throws StorageError `conflict` when it has ended otherwise already, `not_found`
   */
  async updateStatus(
    transferId: string,
    status: TransferStatus,
    reason?: string,
  ): Promise<Transfer> {
    const where = [equal<Transfer>("transferId")(transferId)];
    const transfer = await this.#rows.modify(where, (before) => {
      if (before.status !== "PENDING" && before.status !== status) {
        throw new StorageError("conflict", `transfer is ${before.status}: ${transferId}`);
      }
      return {
        status,
        ...(status === "COMPLETED" && {
          completedAt: before.completedAt ?? this.#parts.clock.now(),
        }),
        ...(reason !== undefined && { reason }),
      };
    });
    return found(transfer, "transfer", transferId);
  }

  /** Stores new transfers. @throws StorageError `already_exists`, `conflict`, and stores none */
  saveMany(transfers: readonly Transfer[]): Promise<void> {
    return this.#rows.insert(transfers);
  }
}
