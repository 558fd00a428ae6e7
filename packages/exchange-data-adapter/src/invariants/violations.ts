import { decimal, type Session, type Table, text, uuid } from "@tse/storage/rows";

/** A balance that is not the sum of its account's ledger entries. In units of 10^-8, as all here. */
export interface LedgerViolation {
  readonly accountId: string;
  readonly asset: string;
  readonly balanceTotal: bigint;
  readonly ledgerTotal: bigint;
}

/** A locked balance that is not the sum of what the account's orders reserve. */
export interface ReservationViolation {
  readonly accountId: string;
  readonly asset: string;
  readonly locked: bigint;
  readonly reserved: bigint;
}

/** An asset whose ledger entries do not sum to zero. */
export interface ConservationViolation {
  readonly asset: string;
  readonly drift: bigint;
}

/** What the database finds wrong with itself; all empty when it is healthy. */
export interface Violations {
  readonly ledger: readonly LedgerViolation[];
  readonly reservations: readonly ReservationViolation[];
  readonly conservation: readonly ConservationViolation[];
}

const ledgerView: Table<LedgerViolation> = {
  name: "v_ledger_violations",
  columns: { accountId: uuid(), asset: text(), balanceTotal: decimal(), ledgerTotal: decimal() },
  key: ["accountId", "asset"],
  sorts: ["accountId"],
  defaultSort: { field: "accountId", order: "ASC" },
};

const reservationView: Table<ReservationViolation> = {
  name: "v_reservation_violations",
  columns: { accountId: uuid(), asset: text(), locked: decimal(), reserved: decimal() },
  key: ["accountId", "asset"],
  sorts: ["accountId"],
  defaultSort: { field: "accountId", order: "ASC" },
};

const conservationView: Table<ConservationViolation> = {
  name: "v_conservation_violations",
  columns: { asset: text(), drift: decimal() },
  key: ["asset"],
  sorts: ["asset"],
  defaultSort: { field: "asset", order: "ASC" },
};

/** `undefined` where the ledger is not whole: a store that forgets old rows cannot tell. */
export async function findViolations(session: Session): Promise<Violations | undefined> {
  if (session.forgets) return undefined;
  return {
    ledger: await session.rows(ledgerView).find({}),
    reservations: await session.rows(reservationView).find({}),
    conservation: await session.rows(conservationView).find({}),
  };
}
