import {
  type AccountNumber,
  type Amount,
  type AssetId,
  assert,
  type Command,
  type CreateAccount,
  type Instrument,
} from "@tse/domain";
import type { Exchange, Unit } from "../exchange.ts";
import type { KeyRequest, KeyRing } from "../keys.ts";
import { HOUSE_ROLES, houseAccount, startingInventory } from "../participants/house.ts";
import { profileOf } from "../participants/profile.ts";
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
  readonly demoKey?: KeyRequest["fixed"];
}

const ORIGIN = { actor: "engine", correlationId: "" };

/**
 * Lists the default assets and instruments, and opens and funds the default accounts: the house's, the
 * demo account with its key, the demonstration firm. For an empty venue only; everything is a journaled
 * command, always the same ones in the same order.
 */
export async function setUpWorld(options: WorldOptions): Promise<DemoAccess> {
  const world = new WorldSetup(options.exchange);
  for (const asset of DEFAULT_ASSETS) await world.apply({ kind: "list_asset", asset });
  for (const terms of DEFAULT_INSTRUMENTS) await world.apply(listing(terms));
  for (const instrument of options.exchange.venue.instruments()) await world.openHouse(instrument);
  const demo = await world.openAccount(DEMO);
  await world.openAccount(TRADING_FIRM);
  return issueDemoKey(world, demo, options);
}

async function issueDemoKey(
  world: WorldSetup,
  account: AccountNumber,
  { exchange, keys, demoKey }: WorldOptions,
): Promise<DemoAccess> {
  const { command, keyId, secret } = keys.issue({
    account,
    label: "demo",
    scopes: ["read", "trade", "admin"],
    ...(demoKey === undefined ? {} : { fixed: demoKey }),
  });
  await world.apply(command);
  const accountId = exchange.venue.account(account)?.id;
  assert(accountId !== undefined, "the demo account was opened");
  return { accountId, keyId, secret };
}

class WorldSetup {
  readonly #exchange: Exchange;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  /** None of these commands is refused by an empty venue. */
  async apply(command: Command): Promise<Unit> {
    const unit = await this.#exchange.submit(command, ORIGIN);
    const refusal = unit.rejection?.code;
    assert(refusal === undefined, `a new world's ${command.kind} is accepted: ${refusal}`);
    return unit;
  }

  /** The maker's and the takers' accounts of an instrument, with their inventories. */
  async openHouse(instrument: Instrument): Promise<void> {
    const profile = profileOf(instrument);
    if (profile === undefined) return;
    for (const role of HOUSE_ROLES) {
      const account = await this.#open(houseAccount(role, instrument.symbol));
      await this.#fundHouse(account, instrument, startingInventory(role, instrument, profile));
    }
  }

  async openAccount(terms: AccountTerms): Promise<AccountNumber> {
    const master = await this.#open(customer(terms, undefined));
    await this.#fund(master, terms.funds);
    for (const sub of terms.subAccounts) {
      await this.#fund(await this.#open(customer(sub, master)), sub.funds);
    }
    return master;
  }

  async #open(command: CreateAccount): Promise<AccountNumber> {
    const { events } = await this.apply(command);
    const created = events.find((event) => event.kind === "account_created");
    assert(created !== undefined, "a created account is announced");
    const account = created.account.number;
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

  async #fund(account: AccountNumber, funds: AccountTerms["funds"]): Promise<void> {
    for (const [asset, text] of Object.entries(funds)) {
      const id = this.#exchange.venue.assetNamed(asset);
      assert(id !== undefined, `the asset is listed: ${asset}`);
      await this.#deposit(account, id, money(text));
    }
  }

  async #fundHouse(
    account: AccountNumber,
    { base, quote }: Instrument,
    inventory: ReturnType<typeof startingInventory>,
  ): Promise<void> {
    await this.#deposit(account, base, inventory.base);
    await this.#deposit(account, quote, inventory.quote);
  }

  async #deposit(account: AccountNumber, asset: AssetId, amount: Amount): Promise<void> {
    const reason = "opening balance";
    await this.apply({ kind: "deposit", account, asset, amount, externalId: "", reason });
  }
}

function customer(
  { userId, name }: Pick<AccountTerms, "userId" | "name">,
  parent: AccountNumber | undefined,
): CreateAccount {
  return {
    kind: "create_account",
    userId,
    type: "spot",
    role: "customer",
    parent,
    name,
    feeTier: "standard",
    metadata: "",
  };
}
