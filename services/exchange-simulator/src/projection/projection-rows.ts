import type { Sequence } from "@tse/domain";
import type {
  Account,
  ApiKey,
  Asset,
  AuditEntry,
  BalanceRow,
  FeeTier,
  IdempotencyRecord,
  Instrument,
  Order,
  PostedJournal,
  TapePrint,
  TradeRow,
  Transfer,
} from "@tse/exchange-data-adapter";

/** The rows of a run of units. A pure function of the journal, but for how matches of the house are netted. */
export interface ProjectionRows {
  /** Of the run's last unit. */
  readonly last: Sequence;
  readonly assets: readonly Asset[];
  readonly instruments: readonly Instrument[];
  readonly feeTiers: readonly FeeTier[];
  /** Masters before their sub-accounts. */
  readonly accounts: readonly Account[];
  readonly apiKeys: readonly ApiKey[];
  /** In order of arrival, each as it is after the run. */
  readonly orders: readonly Order[];
  readonly trades: readonly TradeRow[];
  readonly tape: readonly TapePrint[];
  readonly balances: readonly BalanceRow[];
  readonly transfers: readonly Transfer[];
  readonly ledger: readonly PostedJournal[];
  readonly audit: readonly AuditEntry[];
  readonly replies: readonly IdempotencyRecord[];
}

/** How many there are. */
export function countRows(rows: ProjectionRows): number {
  const { last: _, ledger, ...rest } = rows;
  const plain = Object.values(rest).reduce((sum, kind) => sum + kind.length, 0);
  return ledger.reduce((sum, { entries }) => sum + 1 + entries.length, plain);
}
