import {
  type Account,
  type AccountNumber,
  type CreateAccount,
  entityId,
  entityNumber,
  type RejectCode,
  type Timestamp,
  type VenueRules,
} from "@tse/domain";

/** The exchange's own account, which receives the fees. */
export const VENUE_ACCOUNT = 0 as AccountNumber;

const NO_BAR = "";

/** The rules of the venue that are about accounts. */
export type AccountRules = Pick<VenueRules, "kycRequired" | "maxSubAccounts">;

/** What describes a new account. */
export type AccountTerms = Omit<CreateAccount, "kind" | "key">;

/**
 * Every account ever made, by number. Records are replaced, never changed, so that one handed out
 * stays true of its moment.
 *
 * What each order needs to know is kept in columns: why the account may not trade, and its family.
 */
export class Accounts {
  #rules: AccountRules;
  readonly #records: Account[] = [];
  readonly #subAccounts: AccountNumber[][] = [];
  readonly #bars: (RejectCode | typeof NO_BAR)[] = [];
  readonly #families: number[] = [];
  readonly #customers: boolean[] = [];

  constructor(rules: AccountRules) {
    this.#rules = rules;
  }

  get rules(): AccountRules {
    return this.#rules;
  }

  rulesChanged(rules: AccountRules): void {
    this.#rules = rules;
    for (const account of this.#records) this.#bars[account.number] = this.#barOf(account);
  }

  get count(): number {
    return this.#records.length;
  }

  get(number: AccountNumber): Account | undefined {
    return this.#records[number];
  }

  byId(id: string): Account | undefined {
    const number = entityNumber("account", id);
    const account = number === undefined ? undefined : this.#records[number];
    return account?.id === id ? account : undefined;
  }

  /** By number, from 1. */
  customers(): Account[] {
    return this.#records.slice(1);
  }

  subAccounts(master: AccountNumber): Account[] {
    return (this.#subAccounts[master] ?? []).map((number) => this.#records[number] as Account);
  }

  /** What account state forbids this account to trade; `undefined` when it may. */
  tradingBar(number: AccountNumber): RejectCode | undefined {
    const bar = this.#bars[number];
    if (bar === undefined) return "account_not_found";
    return bar === NO_BAR ? undefined : bar;
  }

  /** Whether the account is neither simulated nor the venue's own. */
  isCustomer(number: AccountNumber): boolean {
    return this.#customers[number] === true;
  }

  /** Number of the account's family: who may not trade with each other. Above 0. */
  family(number: AccountNumber): number {
    return this.#families[number] as number;
  }

  isNameTaken(master: AccountNumber, name: string): boolean {
    return name !== "" && this.subAccounts(master).some((account) => account.name === name);
  }

  /** Creates the account, numbered next. Everything about it was checked before. */
  create(command: AccountTerms, at: Timestamp): Account {
    const number = this.#records.length as AccountNumber;
    const parent = command.parent === undefined ? undefined : this.get(command.parent);
    const account: Account = {
      number,
      id: entityId("account", at, number),
      userId: command.userId,
      type: command.type,
      role: command.role,
      status: "active",
      kycStatus: parent?.kycStatus ?? (command.role === "customer" ? "pending" : "approved"),
      master: parent?.number ?? number,
      name: command.name,
      feeTier: command.feeTier,
      metadata: command.metadata,
      createdAt: at,
      updatedAt: at,
    };
    this.add(account);
    return account;
  }

  /** @param account numbered next */
  add(account: Account): void {
    const { number, master, role } = account;
    this.#families.push(master + 1);
    this.#customers.push(role === "customer");
    this.#subAccounts.push([]);
    if (master !== number) this.#subAccounts[master]?.push(number);
    this.#put(account);
  }

  update(number: AccountNumber, changes: Partial<Account>, at: Timestamp): Account {
    const account = { ...(this.#records[number] as Account), ...changes, updatedAt: at };
    this.#put(account);
    return account;
  }

  #put(account: Account): void {
    this.#records[account.number] = account;
    this.#bars[account.number] = this.#barOf(account);
  }

  #barOf({ role, status, kycStatus }: Account): RejectCode | typeof NO_BAR {
    if (status === "suspended") return "account_suspended";
    if (status === "closed") return "account_closed";
    if (this.#rules.kycRequired && kycStatus !== "approved") return "kyc_required";
    return role === "venue" ? "forbidden" : NO_BAR;
  }
}
