import {
  type AccountNumber,
  type Amount,
  type AssetId,
  type Deposit,
  MAX_AMOUNT,
  type Rejection,
  type Transfer,
  type TransferCompleted,
  type Withdraw,
} from "@tse/domain";
import type { Accounts } from "../accounts/accounts.ts";
import type { EventLog } from "../events/event-log.ts";
import type { Listings } from "../listings/listings.ts";
import type { FundingState } from "../state/venue-state.ts";
import type { Ledger } from "./ledger.ts";
import { Money } from "./money.ts";

export interface FundingDeskParts {
  readonly accounts: Accounts;
  readonly listings: Listings;
  readonly ledger: Ledger;
  readonly log: EventLog;
}

/** Moves money in, out, and between the members of a family. */
export class FundingDesk {
  readonly #parts: FundingDeskParts;
  readonly #money = new Money();
  /** What became of each externalId, by direction and account. */
  readonly #done = new Map<string, TransferCompleted>();
  #lastTransfer = 0;

  constructor(parts: FundingDeskParts) {
    this.#parts = parts;
  }

  save(): FundingState {
    return { lastTransfer: this.#lastTransfer, done: [...this.#done] };
  }

  restore({ lastTransfer, done }: FundingState): void {
    this.#lastTransfer = lastTransfer;
    for (const [name, event] of done) this.#done.set(name, event);
  }

  deposit(command: Deposit): Rejection | undefined {
    const { account, asset, amount: moved } = command;
    const unknown = this.#unknown(account);
    if (unknown !== undefined) return unknown;
    if (this.#repeats(command)) return undefined;
    const refusal = this.#closed(account) ?? this.#unsound(asset, moved);
    if (refusal !== undefined) return refusal;
    // What all accounts hold together is bounded, so no trade or transfer can carry one beyond it.
    const room = MAX_AMOUNT - this.#parts.ledger.supply(asset);
    if (moved > room) return { code: "amount_out_of_range", field: "amount", high: room };

    // From here it must succeed.
    this.#credit(account, asset, moved);
    this.#parts.ledger.supplyChanged(asset, moved);
    this.#remember(command, this.#complete(command, undefined, account));
    return undefined;
  }

  withdraw(command: Withdraw): Rejection | undefined {
    const { account, asset, amount: moved } = command;
    const unknown = this.#unknown(account);
    if (unknown !== undefined) return unknown;
    if (this.#repeats(command)) return undefined;
    const refusal =
      this.#suspended(account) ??
      this.#closed(account) ??
      this.#unsound(asset, moved) ??
      this.#unfunded(account, asset, moved);
    if (refusal !== undefined) return refusal;

    // From here it must succeed.
    this.#debit(account, asset, moved);
    this.#parts.ledger.supplyChanged(asset, -moved);
    this.#remember(command, this.#complete(command, account, undefined));
    return undefined;
  }

  transfer({ from, to, asset, amount: moved }: Transfer): Rejection | undefined {
    const refusal =
      this.#unknown(from) ??
      this.#unknown(to) ??
      this.#suspended(from) ??
      this.#closed(from) ??
      this.#closed(to) ??
      this.#unrelated(from, to) ??
      this.#unsound(asset, moved) ??
      this.#unfunded(from, asset, moved);
    if (refusal !== undefined) return refusal;

    // From here it must succeed.
    this.#debit(from, asset, moved);
    this.#credit(to, asset, moved);
    this.#complete({ asset, amount: moved, externalId: "", reason: "" }, from, to);
    return undefined;
  }

  /** Answers a repeated `externalId` with what it did the first time. */
  #repeats(command: Deposit | Withdraw): boolean {
    const first = this.#done.get(nameOf(command));
    if (first === undefined) return false;
    this.#parts.log.append({ ...first, repeated: true });
    return true;
  }

  #remember(command: Deposit | Withdraw, event: TransferCompleted): void {
    if (command.externalId !== "") this.#done.set(nameOf(command), event);
  }

  #complete(
    {
      asset,
      amount: moved,
      externalId,
      reason,
    }: Pick<Deposit, "asset" | "amount" | "externalId" | "reason">,
    from: AccountNumber | undefined,
    to: AccountNumber | undefined,
  ): TransferCompleted {
    this.#lastTransfer += 1;
    const event: TransferCompleted = {
      kind: "transfer_completed",
      transferSeq: this.#lastTransfer,
      from,
      to,
      asset,
      amount: moved,
      externalId,
      reason,
      repeated: false,
    };
    this.#parts.log.append(event);
    return event;
  }

  #credit(account: AccountNumber, asset: AssetId, moved: Amount): void {
    this.#money.setAmount(moved);
    this.#parts.ledger.credit(this.#parts.ledger.cell(account, asset), this.#money);
  }

  #debit(account: AccountNumber, asset: AssetId, moved: Amount): void {
    this.#money.setAmount(moved);
    this.#parts.ledger.debit(this.#parts.ledger.cell(account, asset), this.#money);
  }

  /** The venue's own account has no other money than fees. */
  #unknown(number: AccountNumber): Rejection | undefined {
    const account = this.#parts.accounts.get(number);
    if (account === undefined) return { code: "account_not_found", field: "account" };
    return account.role === "venue" ? { code: "forbidden", field: "account" } : undefined;
  }

  #suspended(account: AccountNumber): Rejection | undefined {
    const isSuspended = this.#parts.accounts.get(account)?.status === "suspended";
    return isSuspended ? { code: "account_suspended", field: "account" } : undefined;
  }

  #closed(account: AccountNumber): Rejection | undefined {
    const isClosed = this.#parts.accounts.get(account)?.status === "closed";
    return isClosed ? { code: "account_closed", field: "account" } : undefined;
  }

  #unrelated(from: AccountNumber, to: AccountNumber): Rejection | undefined {
    const { accounts } = this.#parts;
    const isFamily = from !== to && accounts.family(from) === accounts.family(to);
    return isFamily ? undefined : { code: "not_same_family", field: "account" };
  }

  #unsound(asset: AssetId, moved: Amount): Rejection | undefined {
    if (!this.#parts.listings.isAsset(asset)) return { code: "asset_not_found", field: "asset" };
    if (moved > 0n && moved <= MAX_AMOUNT) return undefined;
    return { code: "amount_out_of_range", field: "amount", low: 1n, high: MAX_AMOUNT };
  }

  #unfunded(account: AccountNumber, asset: AssetId, moved: Amount): Rejection | undefined {
    const { ledger, listings } = this.#parts;
    if (moved <= ledger.available(ledger.cell(account, asset))) return undefined;
    return { code: "insufficient_balance", name: listings.assets[asset] as string };
  }
}

function nameOf({ kind, account, externalId }: Deposit | Withdraw): string {
  return `${kind} ${account} ${externalId}`;
}
