import type {
  Account,
  AccountNumber,
  ApiKey,
  AssetId,
  CloseAccount,
  CreateAccount,
  CreateKey,
  Rejection,
  RevokeKey,
  Timestamp,
  UpdateAccount,
} from "@tse/domain";
import { NO_ORDER, type OrderPool } from "@tse/matching-engine";
import { END } from "../events/codes.ts";
import type { EventLog } from "../events/event-log.ts";
import type { FeeSchedule } from "../ledger/fees.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Listings } from "../listings/listings.ts";
import type { OrderDesk } from "../orders/order-desk.ts";
import type { Accounts, AccountTerms } from "./accounts.ts";
import type { Keys } from "./keys.ts";

export interface AccountDeskParts {
  readonly accounts: Accounts;
  readonly keys: Keys;
  readonly listings: Listings;
  readonly ledger: Ledger;
  readonly fees: FeeSchedule;
  readonly pool: OrderPool;
  readonly log: EventLog;
  readonly orderDesk: OrderDesk;
}

/** Opens, changes and closes accounts and their keys. */
export class AccountDesk {
  readonly #parts: AccountDeskParts;

  constructor(parts: AccountDeskParts) {
    this.#parts = parts;
  }

  create(command: CreateAccount, at: Timestamp): Rejection | undefined {
    const { parent, role, name, key } = command;
    const refusal =
      (parent === undefined ? undefined : this.#parentRefusal(parent)) ??
      (role === "venue" ? { code: "forbidden", field: "account" } : undefined) ??
      (parent === undefined ? undefined : this.#familyRefusal(parent, name)) ??
      (key === undefined ? undefined : this.#keyRefusal(key.keyId));
    if (refusal !== undefined) return refusal;

    // From here it must succeed.
    const account = this.open(command, at);
    this.#parts.log.append({ kind: "account_created", account });
    if (key !== undefined) this.#addKey({ ...key, account: account.number, createdAt: at });
    return undefined;
  }

  /** Creates an account without asking or telling anyone. */
  open(command: AccountTerms, at: Timestamp): Account {
    const account = this.#parts.accounts.create(command, at);
    this.#makeRoom(account);
    return account;
  }

  /** Takes over an account of a saved state. @param account numbered next */
  restore(account: Account): void {
    this.#parts.accounts.add(account);
    this.#makeRoom(account);
  }

  update(command: UpdateAccount, at: Timestamp): Rejection | undefined {
    const { accounts, fees, log, orderDesk } = this.#parts;
    const before = accounts.get(command.account);
    const refusal = standing(before) ?? this.#nameRefusal(before, command.name);
    if (refusal !== undefined || before === undefined) return refusal;

    // From here it must succeed.
    const { status, kycStatus, feeTier, name, metadata } = command;
    const given = Object.entries({ status, kycStatus, feeTier, name, metadata });
    const changes = Object.fromEntries(given.filter(([, value]) => value !== undefined));
    const account = accounts.update(before.number, changes, at);
    fees.accountChanged(account.number, account.feeTier, accounts.isCustomer(account.number));
    log.append({ kind: "account_updated", account });
    if (account.status === "suspended")
      orderDesk.endAllOf(account.number, undefined, END.suspended);
    return undefined;
  }

  close({ account: number }: CloseAccount, at: Timestamp): Rejection | undefined {
    const { accounts, log } = this.#parts;
    const before = accounts.get(number);
    const refusal = standing(before);
    if (refusal !== undefined) return refusal;
    if (this.#isInUse(number)) return { code: "account_in_use", field: "account" };

    // From here it must succeed.
    log.append({
      kind: "account_updated",
      account: accounts.update(number, { status: "closed" }, at),
    });
    return undefined;
  }

  createKey({ key }: CreateKey, at: Timestamp): Rejection | undefined {
    const { accounts } = this.#parts;
    const refusal = standing(accounts.get(key.account)) ?? this.#keyRefusal(key.keyId);
    if (refusal !== undefined) return refusal;

    // From here it must succeed.
    this.#addKey({ ...key, createdAt: at });
    return undefined;
  }

  revokeKey({ account, keyId }: RevokeKey): Rejection | undefined {
    const { accounts, keys, log } = this.#parts;
    if (accounts.get(account) === undefined) return { code: "account_not_found", field: "account" };
    const key = keys.get(keyId);
    if (key?.account !== account) return { code: "key_not_found", field: "key" };

    // From here it must succeed.
    keys.remove(key);
    log.append({ kind: "key_revoked", account, keyId });
    return undefined;
  }

  #makeRoom({ number, feeTier }: Account): void {
    const { accounts, ledger, fees, listings } = this.#parts;
    ledger.reserve(accounts.count, listings.assets.length);
    fees.accountChanged(number, feeTier, accounts.isCustomer(number));
  }

  #addKey(key: ApiKey): void {
    this.#parts.keys.add(key);
    this.#parts.log.append({ kind: "key_created", key });
  }

  #keyRefusal(keyId: string): Rejection | undefined {
    const isTaken = this.#parts.keys.get(keyId) !== undefined;
    return isTaken ? { code: "duplicate_key", field: "key" } : undefined;
  }

  #parentRefusal(parent: AccountNumber): Rejection | undefined {
    const account = this.#parts.accounts.get(parent);
    if (account?.status === "suspended") return { code: "account_suspended", field: "account" };
    const isSubAccount = account !== undefined && account.master !== account.number;
    return (
      standing(account) ?? (isSubAccount ? { code: "forbidden", field: "account" } : undefined)
    );
  }

  #familyRefusal(master: AccountNumber, name: string): Rejection | undefined {
    const { accounts } = this.#parts;
    const { maxSubAccounts } = accounts.rules;
    if (accounts.isNameTaken(master, name)) return { code: "duplicate_name", field: "name" };
    const living = accounts.subAccounts(master).filter(({ status }) => status !== "closed");
    if (living.length < maxSubAccounts) return undefined;
    return { code: "max_sub_accounts", field: "account", high: BigInt(maxSubAccounts) };
  }

  #nameRefusal(account: Account | undefined, name: string | undefined): Rejection | undefined {
    if (account === undefined || name === undefined || name === account.name) return undefined;
    const isSubAccount = account.master !== account.number;
    const isTaken = isSubAccount && this.#parts.accounts.isNameTaken(account.master, name);
    return isTaken ? { code: "duplicate_name", field: "name" } : undefined;
  }

  #isInUse(number: AccountNumber): boolean {
    const { accounts, ledger, listings, pool } = this.#parts;
    if (pool.firstOf(number) !== NO_ORDER) return true;
    if (accounts.subAccounts(number).some(({ status }) => status !== "closed")) return true;
    return listings.assets.some((_, asset) => !ledger.isEmpty(number, asset as AssetId));
  }
}

/** Whether the account is one that may be changed at all. */
function standing(account: Account | undefined): Rejection | undefined {
  if (account === undefined) return { code: "account_not_found", field: "account" };
  if (account.status === "closed") return { code: "account_closed", field: "account" };
  return account.role === "venue" ? { code: "forbidden", field: "account" } : undefined;
}
