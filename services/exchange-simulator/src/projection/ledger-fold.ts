import {
  type AccountNumber,
  type Amount,
  type AssetId,
  amount,
  assert,
  entityId,
  type Trade,
  type TransferCompleted,
  timestamp,
} from "@tse/domain";
import type { JournalKind, PostedJournal, Posting } from "@tse/exchange-data-adapter";
import type { VenueView } from "@tse/venue";
import type { Unit } from "../exchange.ts";
import { type Movement, tradeMovements, transferMovements } from "./ledger-movements.ts";
import { matchId } from "./order-rows.ts";
import { idOf } from "./reference-rows.ts";

/** Entries of one unit; their numbers leave room for as many. */
const ENTRIES_MAX = 2 ** 20;
/** Customers' entries have the numbers that their statements give them; all others come behind them. */
const OTHERS = ENTRIES_MAX / 2;

interface NumberedMovement extends Movement {
  readonly entryId: number;
}

interface Draft {
  readonly journalId: string;
  readonly kind: JournalKind;
  readonly referenceType: string;
  readonly referenceId: string;
  readonly movements: readonly NumberedMovement[];
}

/**
 * Turns what units moved into ledger journals: one for each match that a customer took part in and for
 * each transfer, and one for all matches of the house among itself since the last `take`.
 */
export class LedgerFold {
  readonly #venue: VenueView;
  #journals: PostedJournal[] = [];
  /** What matches of the house among itself moved, by account and asset. */
  readonly #house = new Map<string, Movement>();
  #houseUnit: Unit | undefined;

  constructor(venue: VenueView) {
    this.#venue = venue;
  }

  /** The venue stands right after the unit. */
  add(unit: Unit): void {
    const drafts: Draft[] = [];
    const numbers = new Numbers(unit.sequence);
    for (const event of unit.events) {
      if (event.kind === "trade") {
        const movements = tradeMovements(event, unit.time, this.#venue);
        if (!this.#isCustomers(event)) this.#net(movements, unit);
        else drafts.push(tradeDraft(event, unit, this.#numbered(movements, numbers)));
      } else if (event.kind === "transfer_completed" && !event.repeated) {
        const movements = this.#numbered(transferMovements(event, unit.time), numbers);
        drafts.push(transferDraft(event, unit, movements));
      }
    }
    if (drafts.length > 0) this.#post(drafts, unit);
  }

  /** What these accounts hold comes from the world outside, by one journal: nothing before it is known. */
  open(accounts: readonly AccountNumber[]): void {
    const venue = this.#venue;
    const sequence = venue.sequence;
    const held = accounts.flatMap((account) =>
      venue.balances(account).map(({ asset, available, locked }) => ({
        account,
        asset,
        amount: amount(available + locked),
        reason: "PRINCIPAL" as const,
        reference: undefined,
      })),
    );
    const movements: Movement[] = held.filter((movement) => movement.amount !== 0n);
    for (const { id: asset } of venue.assets()) {
      const own = movements.filter((movement) => movement.asset === asset);
      const total = own.reduce((sum, movement) => sum + movement.amount, 0n);
      if (total === 0n) continue;
      const of = { asset, reason: "PRINCIPAL", reference: undefined } as const;
      movements.push({ ...of, account: undefined, amount: amount(-total) });
    }
    if (movements.length === 0) return;
    const numbers = new Numbers(sequence);
    this.#journals.push({
      journalId: entityId("posting", timestamp(0), 4 * sequence),
      sequence,
      referenceType: "opening",
      referenceId: undefined,
      kind: "ADJUSTMENT",
      occurredAt: timestamp(0),
      entries: movements.map((movement) =>
        this.#posting({ ...movement, entryId: numbers.ofOther() }),
      ),
    });
  }

  /** The journals since the last call. */
  take(): readonly PostedJournal[] {
    const journals = this.#journals;
    const netted = this.#netted();
    this.#journals = [];
    this.#house.clear();
    return netted === undefined ? journals : [...journals, netted];
  }

  #net(movements: readonly Movement[], unit: Unit): void {
    this.#houseUnit = unit;
    for (const movement of movements) {
      const key = `${movement.account} ${movement.asset} ${movement.reason}`;
      const before = this.#house.get(key)?.amount ?? 0n;
      const sum = amount(before + movement.amount);
      this.#house.set(key, { ...movement, amount: sum, reference: undefined });
    }
  }

  #post(drafts: readonly Draft[], unit: Unit): void {
    const totals = new Totals(
      drafts.flatMap(({ movements }) => movements),
      this.#venue,
    );
    for (const { movements, ...draft } of drafts) {
      const entries = movements.map((movement) => ({
        ...this.#posting(movement),
        balanceAfter: totals.after(movement),
      }));
      this.#journals.push({ ...draft, sequence: unit.sequence, occurredAt: unit.time, entries });
    }
  }

  #netted(): PostedJournal | undefined {
    const movements = [...this.#house.values()].filter((movement) => movement.amount !== 0n);
    const unit = this.#houseUnit;
    if (movements.length === 0 || unit === undefined) return undefined;
    const numbers = new Numbers(unit.sequence, ENTRIES_MAX / 4);
    return {
      journalId: entityId("posting", unit.time, 4 * unit.sequence + 3),
      sequence: unit.sequence,
      referenceType: "house",
      referenceId: undefined,
      kind: "TRADE",
      occurredAt: unit.time,
      entries: movements.map((movement) =>
        this.#posting({ ...movement, entryId: numbers.ofOther() }),
      ),
    };
  }

  #posting({
    account,
    asset,
    amount: moved,
    reason,
    reference,
    entryId,
  }: NumberedMovement): Posting {
    return {
      entryId,
      accountId: account === undefined ? undefined : idOf(account, this.#venue),
      asset: this.#venue.assetName(asset),
      amount: moved,
      reason,
      balanceAfter: undefined,
      referenceId: reference,
    };
  }

  #isCustomers({ takerAccount, makerAccount }: Trade): boolean {
    return this.#isCustomer(takerAccount) || this.#isCustomer(makerAccount);
  }

  #numbered(movements: readonly Movement[], numbers: Numbers): readonly NumberedMovement[] {
    return movements.map((movement) => ({
      ...movement,
      entryId: this.#isCustomer(movement.account) ? numbers.ofCustomer() : numbers.ofOther(),
    }));
  }

  #isCustomer(account: AccountNumber | undefined): boolean {
    return account !== undefined && this.#venue.account(account)?.role === "customer";
  }
}

function tradeDraft(trade: Trade, unit: Unit, movements: readonly NumberedMovement[]): Draft {
  const at = { tradeSeq: trade.tradeSeq, executedAt: unit.time };
  return {
    journalId: entityId("posting", unit.time, 4 * trade.tradeSeq + 1),
    kind: "TRADE",
    referenceType: "trade",
    referenceId: matchId(at),
    movements,
  };
}

function transferDraft(
  event: TransferCompleted,
  unit: Unit,
  movements: readonly NumberedMovement[],
): Draft {
  const { from, to, transferSeq } = event;
  const kind = from === undefined ? "DEPOSIT" : to === undefined ? "WITHDRAWAL" : "TRANSFER";
  return {
    journalId: entityId("posting", unit.time, 4 * transferSeq + 2),
    kind,
    referenceType: "transfer",
    referenceId: entityId("transfer", unit.time, transferSeq),
    movements,
  };
}

/** Numbers the entries of one unit. */
class Numbers {
  readonly #base: number;
  #customers = 0;
  #others: number;

  constructor(sequence: number, othersFrom = 0) {
    this.#base = sequence * ENTRIES_MAX;
    this.#others = OTHERS + othersFrom;
  }

  ofCustomer(): number {
    assert(this.#customers < OTHERS, "a unit moves less than half a million totals");
    return this.#base + this.#customers++;
  }

  ofOther(): number {
    assert(this.#others < ENTRIES_MAX, "a unit moves less than half a million totals");
    return this.#base + this.#others++;
  }
}

/** What each total was after each movement of a unit, worked out from what the venue holds after all. */
class Totals {
  readonly #totals = new Map<string, bigint>();

  constructor(movements: readonly Movement[], venue: VenueView) {
    for (const { account, asset, amount: moved } of movements) {
      if (account === undefined) continue;
      const key = keyOf(account, asset);
      const before = this.#totals.get(key) ?? totalOf(account, asset, venue);
      this.#totals.set(key, before - moved);
    }
  }

  /** Asked once for each movement, in order. */
  after({ account, asset, amount: moved }: Movement): Amount | undefined {
    if (account === undefined) return undefined;
    const key = keyOf(account, asset);
    const total = (this.#totals.get(key) as bigint) + moved;
    this.#totals.set(key, total);
    return amount(total);
  }
}

function keyOf(account: AccountNumber, asset: AssetId): string {
  return `${account} ${asset}`;
}

function totalOf(account: AccountNumber, asset: AssetId, venue: VenueView): bigint {
  const { available, locked } = venue.balance(account, asset);
  return available + locked;
}
