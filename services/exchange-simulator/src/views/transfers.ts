import {
  type AccountNumber,
  type Amount,
  type AssetId,
  entityId,
  type Timestamp,
  type TransferCompleted,
} from "@tse/domain";
import type { Unit } from "../exchange.ts";

/** Money that came in from the outside world, went out to it, or moved within a family. */
export interface TransferRecord {
  readonly transferSeq: number;
  /** UUIDv7. */
  readonly id: string;
  readonly kind: "deposit" | "withdrawal" | "transfer";
  /** `undefined` stands for the outside world. */
  readonly from: AccountNumber | undefined;
  readonly to: AccountNumber | undefined;
  readonly asset: AssetId;
  readonly amount: Amount;
  /** `""` when none was given. */
  readonly externalId: string;
  readonly reason: string;
  readonly completedAt: Timestamp;
}

/** All transfers, folded from released units. Of very many the newest `maxTransfers` are kept. */
export class TransferHistory {
  readonly #maxTransfers: number;
  readonly #transfers = new Map<number, TransferRecord>();
  readonly #byAccount = new Map<AccountNumber, Map<number, TransferRecord>>();

  constructor(maxTransfers = 100_000) {
    this.#maxTransfers = maxTransfers;
  }

  /** Subscribe this to the exchange before anything that reads. */
  readonly record = (unit: Unit): void => {
    for (const event of unit.events) {
      if (event.kind === "transfer_completed" && !event.repeated) {
        this.#add(transferRecord(event, unit.time));
      }
    }
  };

  transfer(transferSeq: number): TransferRecord | undefined {
    return this.#transfers.get(transferSeq);
  }

  /** Oldest first: what the account received and what it gave. */
  list(account: AccountNumber): readonly TransferRecord[] {
    return [...(this.#byAccount.get(account)?.values() ?? [])];
  }

  #add(transfer: TransferRecord): void {
    this.#transfers.set(transfer.transferSeq, transfer);
    for (const account of parties(transfer)) {
      let shelf = this.#byAccount.get(account);
      if (shelf === undefined) {
        shelf = new Map();
        this.#byAccount.set(account, shelf);
      }
      shelf.set(transfer.transferSeq, transfer);
    }
    if (this.#transfers.size > this.#maxTransfers) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const [oldest] = this.#transfers.values();
    if (oldest === undefined) return;
    this.#transfers.delete(oldest.transferSeq);
    for (const account of parties(oldest)) {
      this.#byAccount.get(account)?.delete(oldest.transferSeq);
    }
  }
}

export function transferRecord(event: TransferCompleted, time: Timestamp): TransferRecord {
  const { transferSeq, from, to, asset, amount, externalId, reason } = event;
  const id = entityId("transfer", time, transferSeq);
  const kind = kindOf(event);
  return { transferSeq, id, kind, from, to, asset, amount, externalId, reason, completedAt: time };
}

function kindOf({ from, to }: TransferCompleted): TransferRecord["kind"] {
  if (from === undefined) return "deposit";
  return to === undefined ? "withdrawal" : "transfer";
}

function parties({ from, to }: TransferRecord): readonly AccountNumber[] {
  return [from, to].filter((account) => account !== undefined);
}
