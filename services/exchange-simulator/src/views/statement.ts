import {
  type AccountNumber,
  type Amount,
  type AssetId,
  amount,
  entityId,
  opposite,
  type Side,
  type Timestamp,
  type Trade,
  type TransferCompleted,
  type VenueEvent,
} from "@tse/domain";
import type { VenueView } from "@tse/venue";
import type { Unit } from "../exchange.ts";
import { fillId } from "./order-record.ts";

/** One movement of what an account holds of one asset. */
export interface StatementEntry {
  /** 1, 2, 3, … for each account. */
  readonly number: number;
  readonly at: Timestamp;
  readonly asset: AssetId;
  readonly cause: "trade" | "fee" | "deposit" | "withdrawal" | "transfer";
  /** Id of the fill or transfer that moved it. */
  readonly reference: string;
  /** Positive: received. */
  readonly change: Amount;
  /** Available and locked together, after this movement. */
  readonly total: Amount;
}

interface Account {
  readonly entries: StatementEntry[];
  readonly totals: Map<AssetId, Amount>;
  count: number;
}

type Movement = Omit<StatementEntry, "number" | "at" | "total">;

/**
 * Customers' account statements, folded from released units: every movement of a total, with the
 * total it leaves. Locking and releasing move nothing. Of one account the newest entries are kept,
 * at least `minEntries` and fewer than twice as many.
 */
export class Statement {
  readonly #venue: VenueView;
  readonly #minEntries: number;
  readonly #accounts = new Map<AccountNumber, Account>();

  constructor(venue: VenueView, minEntries = 5_000) {
    this.#venue = venue;
    this.#minEntries = minEntries;
  }

  /** Subscribe this to the exchange before anything that reads. */
  readonly record = (unit: Unit): void => {
    for (const event of unit.events) this.#event(event, unit.time);
  };

  /** Oldest first. */
  entries(account: AccountNumber): readonly StatementEntry[] {
    return this.#accounts.get(account)?.entries ?? [];
  }

  #event(event: VenueEvent, time: Timestamp): void {
    if (event.kind === "trade") {
      this.#traded(event, time, "taker");
      this.#traded(event, time, "maker");
    } else if (event.kind === "transfer_completed" && !event.repeated) {
      this.#transferred(event, time);
    }
  }

  #traded(trade: Trade, time: Timestamp, liquidity: "maker" | "taker"): void {
    const isTaker = liquidity === "taker";
    const account = isTaker ? trade.takerAccount : trade.makerAccount;
    if (!this.#isCustomer(account)) return;

    const side: Side = isTaker ? trade.takerSide : opposite(trade.takerSide);
    const { base, quote, minorPerLot } = this.#venue.instrument(trade.instrument);
    const quantity = amount(BigInt(trade.quantity) * BigInt(minorPerLot));
    const [received, paid] = side === "buy" ? [base, quote] : [quote, base];
    const [gain, cost] = side === "buy" ? [quantity, trade.notional] : [trade.notional, quantity];
    const fee = isTaker ? trade.takerFee : trade.makerFee;
    const reference = fillId(trade.tradeSeq, liquidity, time);

    this.#move(account, time, { asset: paid, cause: "trade", reference, change: negated(cost) });
    this.#move(account, time, { asset: received, cause: "trade", reference, change: gain });
    if (fee > 0n) {
      this.#move(account, time, { asset: received, cause: "fee", reference, change: negated(fee) });
    }
  }

  #transferred(event: TransferCompleted, time: Timestamp): void {
    const { from, to, asset } = event;
    const reference = entityId("transfer", time, event.transferSeq);
    if (from !== undefined && this.#isCustomer(from)) {
      const cause = to === undefined ? "withdrawal" : "transfer";
      this.#move(from, time, { asset, cause, reference, change: negated(event.amount) });
    }
    if (to !== undefined && this.#isCustomer(to)) {
      const cause = from === undefined ? "deposit" : "transfer";
      this.#move(to, time, { asset, cause, reference, change: event.amount });
    }
  }

  #move(account: AccountNumber, at: Timestamp, movement: Movement): void {
    const statement = this.#of(account);
    const before = statement.totals.get(movement.asset) ?? 0n;
    const total = amount(before + movement.change);
    statement.totals.set(movement.asset, total);
    statement.count += 1;
    statement.entries.push({ ...movement, number: statement.count, at, total });
    if (statement.entries.length >= 2 * this.#minEntries) {
      statement.entries.splice(0, statement.entries.length - this.#minEntries);
    }
  }

  #of(account: AccountNumber): Account {
    let statement = this.#accounts.get(account);
    if (statement === undefined) {
      statement = { entries: [], totals: new Map(), count: 0 };
      this.#accounts.set(account, statement);
    }
    return statement;
  }

  #isCustomer(account: AccountNumber): boolean {
    return this.#venue.account(account)?.role === "customer";
  }
}

function negated(value: Amount): Amount {
  return amount(-value);
}
