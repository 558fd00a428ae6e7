import {
  type Account,
  type AccountNumber,
  type Amount,
  type AssetId,
  assert,
  type Command,
  type CreateAccount,
  type Instrument,
  type ListInstrument,
} from "@tse/domain";
import type { VenueView } from "@tse/venue";
import type { Exchange, Unit } from "../exchange.ts";
import type { KeyRing, KeyTerms } from "../keys.ts";
import { profileOf } from "../participants/fixed-spread/profile.ts";
import { findHouse, HOUSE_ROLES, houseAccount, startingInventory } from "../participants/house.ts";
import { type AccountTerms, DEMO, TRADING_FIRM } from "./accounts.ts";
import { DEFAULT_ASSETS, DEFAULT_INSTRUMENTS, listing, money } from "./instruments.ts";

/** What a newcomer needs to trade. */
export interface DemoAccess {
  readonly accountId: string;
  readonly keyId: string;
  readonly secret: string;
}

export interface WorldOptions {
  readonly exchange: Exchange;
  readonly keys: KeyRing;
  /** For worlds that must repeat exactly: the demo account's key, else made by the secure random source. */
  readonly demoKey?: KeyTerms["fixed"];
}

const ORIGIN = { actor: "engine", correlationId: "" };
const DEMO_KEY = "demo";

/**
 * Lists the default assets and instruments, and opens and funds the default accounts: the house's, the
 * demo account with its key, the demonstration firm. Everything is a journaled command, always the same
 * ones in the same order. What is there already is left as it is, so that a setup that a crash cut short
 * is finished by another; nobody else may have used the venue in between.
 */
export async function setUpWorld(options: WorldOptions): Promise<void> {
  const { exchange } = options;
  const world = new WorldSetup(exchange);
  for (const asset of DEFAULT_ASSETS) await world.listAsset(asset);
  for (const terms of DEFAULT_INSTRUMENTS) await world.listInstrument(listing(terms));
  for (const instrument of exchange.venue.instruments()) await world.openHouse(instrument);
  await world.openAccount(DEMO, demoKeyOf(options));
  await world.openAccount(TRADING_FIRM, undefined);
}

/** The demo account and its key; `undefined` when the key was revoked or its secret can't be opened. */
export function findDemo(venue: VenueView, keys: KeyRing): DemoAccess | undefined {
  const account = venue.accounts().find((each) => isCustomer(each, DEMO, undefined));
  const key = account && venue.keysOf(account.number).find(({ label }) => label === DEMO_KEY);
  const secret = key && keys.secretOf(key.keyId);
  if (account === undefined || key === undefined || secret === undefined) return undefined;
  return { accountId: account.id, keyId: key.keyId, secret };
}

function demoKeyOf({ keys, demoKey }: WorldOptions): CreateAccount["key"] {
  const { key } = keys.issueFirst({
    label: DEMO_KEY,
    scopes: ["read", "trade", "admin"],
    ...(demoKey === undefined ? {} : { fixed: demoKey }),
  });
  return key;
}

class WorldSetup {
  readonly #exchange: Exchange;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  /** None of these commands is refused by a venue that nobody else uses. */
  async apply(command: Command): Promise<Unit> {
    const unit = await this.#exchange.submit(command, ORIGIN);
    const refusal = unit.rejection?.code;
    assert(refusal === undefined, `a new world's ${command.kind} is accepted: ${refusal}`);
    return unit;
  }

  async listAsset(asset: string): Promise<void> {
    const isListed = this.#exchange.venue.assetNamed(asset) !== undefined;
    if (!isListed) await this.apply({ kind: "list_asset", asset });
  }

  async listInstrument(command: ListInstrument): Promise<void> {
    const symbol = `${command.baseAsset}/${command.quoteAsset}`;
    if (this.#exchange.venue.instrumentNamed(symbol) === undefined) await this.apply(command);
  }

  /** The maker's and the takers' accounts of an instrument, with their inventories. */
  async openHouse(instrument: Instrument): Promise<void> {
    const profile = profileOf(instrument);
    if (profile === undefined) return;
    for (const role of HOUSE_ROLES) {
      const command = houseAccount(role, instrument.symbol);
      const known = findHouse(this.#exchange.venue).get(command.name);
      const account = await this.#open(command, known);
      const inventory = startingInventory(role, instrument, profile);
      await this.#deposit(account, instrument.base, inventory.base);
      await this.#deposit(account, instrument.quote, inventory.quote);
    }
  }

  /** @param key the account's first, if it shall have one */
  async openAccount(terms: AccountTerms, key: CreateAccount["key"]): Promise<void> {
    const master = await this.#openCustomer(terms, { parent: undefined, key });
    for (const sub of terms.subAccounts) {
      await this.#openCustomer(sub, { parent: master, key: undefined });
    }
  }

  async #openCustomer(
    terms: Omit<AccountTerms, "subAccounts">,
    given: Pick<CreateAccount, "parent" | "key">,
  ): Promise<AccountNumber> {
    const { venue } = this.#exchange;
    const known = venue.accounts().find((each) => isCustomer(each, terms, given.parent));
    const account = await this.#open(customer(terms, given), known?.number);
    for (const [asset, text] of Object.entries(terms.funds)) {
      const id = venue.assetNamed(asset);
      assert(id !== undefined, `the asset is listed: ${asset}`);
      await this.#deposit(account, id, money(text));
    }
    return account;
  }

  async #open(command: CreateAccount, known: AccountNumber | undefined): Promise<AccountNumber> {
    const account = known ?? (await this.#create(command));
    if (this.#exchange.venue.account(account)?.kycStatus === "approved") return account;
    await this.apply({
      kind: "update_account",
      account,
      status: undefined,
      kycStatus: "approved",
      feeTier: undefined,
      name: undefined,
      metadata: undefined,
    });
    return account;
  }

  async #create(command: CreateAccount): Promise<AccountNumber> {
    const { events } = await this.apply(command);
    const created = events.find((event) => event.kind === "account_created");
    assert(created !== undefined, "a created account is announced");
    return created.account.number;
  }

  async #deposit(account: AccountNumber, asset: AssetId, amount: Amount): Promise<void> {
    const reason = "opening balance";
    if (this.#exchange.venue.balance(account, asset).available > 0n) return;
    await this.apply({ kind: "deposit", account, asset, amount, externalId: "", reason });
  }
}

function isCustomer(
  { role, userId, name, number, master }: Account,
  terms: Pick<AccountTerms, "userId" | "name">,
  parent: AccountNumber | undefined,
): boolean {
  if (role !== "customer" || userId !== terms.userId || name !== terms.name) return false;
  return master === (parent ?? number);
}

function customer(
  { userId, name }: Pick<AccountTerms, "userId" | "name">,
  given: Pick<CreateAccount, "parent" | "key">,
): CreateAccount {
  return {
    kind: "create_account",
    userId,
    type: "spot",
    role: "customer",
    name,
    feeTier: "standard",
    metadata: "",
    ...given,
  };
}
