import {
  type AccountNumber,
  type Amount,
  type AssetId,
  entityId,
  type Sequence,
  type Timestamp,
  type TransferCompleted,
} from "@tse/domain";
import type { Unit } from "../exchange.ts";
import { Forgotten, type ForgottenState } from "./forgotten.ts";
import { type Kept, Retention, type RetentionState } from "./retention.ts";

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
  /** The unit that made it. */
  readonly sequence: Sequence;
}

/** For a snapshot. */
export interface TransferHistoryState extends RetentionState {
  readonly transfers: readonly TransferRecord[];
  readonly forgotten: ForgottenState<AccountNumber>;
}

/**
 * All transfers, folded from released units. Of very many the newest `maxTransfers` are kept, and those
 * that aren't in SQL yet.
 */
export class TransferHistory {
  readonly #retention = new Retention();
  readonly #kept: Kept<TransferRecord>;
  readonly #forgotten = new Forgotten<AccountNumber>();
  readonly #transfers = new Map<number, TransferRecord>();
  readonly #byAccount = new Map<AccountNumber, Map<number, TransferRecord>>();

  constructor(maxTransfers = 100_000) {
    this.#kept = this.#retention.list({
      bound: maxTransfers,
      sequenceOf: ({ sequence }) => sequence,
      forget: (transfer) => this.#forget(transfer),
    });
  }

  /** Every transfer of this unit and later ones is here. */
  get completeFrom(): Sequence {
    return this.#retention.completeFrom;
  }

  /** Subscribe this to the exchange before anything that reads. */
  readonly record = (unit: Unit): void => {
    for (const event of unit.events) {
      if (event.kind === "transfer_completed" && !event.repeated) {
        this.#add(transferRecord(event, unit));
      }
    }
  };

  /** Everything up to `sequence` is in SQL. */
  projected(sequence: Sequence): void {
    this.#retention.projected(sequence);
  }

  transfer(transferSeq: number): TransferRecord | undefined {
    return this.#transfers.get(transferSeq);
  }

  /** Every transfer of the account that has a greater number is here; -1: all are. */
  forgotten(account: AccountNumber): number {
    return this.#forgotten.of(account);
  }

  /** Oldest first: what the account received and what it gave. */
  list(account: AccountNumber): readonly TransferRecord[] {
    return [...(this.#byAccount.get(account)?.values() ?? [])];
  }

  /** What is here and not in SQL, when SQL has everything up to `projected`. */
  save(projected: Sequence): TransferHistoryState {
    const unsaved = this.#kept.upTo(projected);
    return {
      ...this.#retention.save(projected + 1),
      transfers: this.#kept.after(projected),
      forgotten: this.#forgotten.save(
        unsaved.flatMap((transfer) =>
          parties(transfer).map((account) => [account, transfer.transferSeq] as const),
        ),
      ),
    };
  }

  /** Into a view that has recorded nothing. */
  restore(state: TransferHistoryState): void {
    this.#retention.restore(state);
    this.#forgotten.restore(state.forgotten);
    for (const transfer of state.transfers) this.#add(transfer);
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
    this.#kept.add(transfer);
  }

  #forget(transfer: TransferRecord): void {
    this.#transfers.delete(transfer.transferSeq);
    for (const account of parties(transfer)) {
      this.#forgotten.note(account, transfer.transferSeq);
      this.#byAccount.get(account)?.delete(transfer.transferSeq);
    }
  }
}

export function transferRecord(
  event: TransferCompleted,
  { sequence, time: completedAt }: Pick<Unit, "sequence" | "time">,
): TransferRecord {
  const { transferSeq, from, to, asset, amount, externalId, reason } = event;
  const id = entityId("transfer", completedAt, transferSeq);
  const kind = kindOf(event);
  const what = { transferSeq, id, kind, from, to, asset, amount, externalId, reason };
  return { ...what, completedAt, sequence };
}

function kindOf({ from, to }: TransferCompleted): TransferRecord["kind"] {
  if (from === undefined) return "deposit";
  return to === undefined ? "withdrawal" : "transfer";
}

function parties({ from, to }: TransferRecord): readonly AccountNumber[] {
  return [from, to].filter((account) => account !== undefined);
}
