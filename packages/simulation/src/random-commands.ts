import {
  type AccountNumber,
  type AmendOrder,
  type Amount,
  type AssetId,
  amount,
  type Command,
  type CreateAccount,
  type Deposit,
  type Instrument,
  type InstrumentId,
  lots,
  OFF_GRID,
  type OrderFault,
  type OrderSeq,
  type PlaceOrder,
  type Random,
  type SelfTradePrevention,
  type Side,
  type TimeInForce,
  type TradingRules,
  ticks,
  timestamp,
  type UpdateAccount,
  type VenueRules,
} from "@tse/domain";
import type { VenueView } from "@tse/venue";

const ASSETS = ["USD", "BTC", "ETH", "WIDE"];
const TIERS = ["default", "gold"];
const MODES: readonly SelfTradePrevention[] = [
  "none",
  "expire_taker",
  "expire_maker",
  "expire_both",
  "decrement",
];
const ODD_NUMBERS = [OFF_GRID, 0, 1, -7, 0.5, Number.MAX_SAFE_INTEGER, 2 ** 60];

const rules: TradingRules = {
  status: "trading",
  minQuantity: lots(1),
  maxQuantity: lots(10_000),
  minNotional: amount(100n),
  maxNotional: amount(10n ** 15n),
  priceBand: 20_000_000,
  priceMultiplierDown: 20_000_000,
  priceMultiplierUp: 500_000_000,
  maxOpenOrders: 20,
  maxSpread: 100_000,
  makerFee: 90_000,
  takerFee: 110_000,
};

const FAMILY = 5;

/** The first accounts are busier, so that families meet and reach their limits. */
const BUSY_ACCOUNTS = 2 * FAMILY;

/** How far from the reference price orders come, in parts of it. */
const REACH = 0.002;

const customer: Omit<CreateAccount, "userId"> = {
  kind: "create_account",
  type: "spot",
  role: "customer",
  parent: undefined,
  name: "",
  feeTier: "default",
  metadata: "",
  key: undefined,
};

const emptyKey: NonNullable<CreateAccount["key"]> = {
  keyId: "",
  label: "",
  scopes: ["read", "trade"],
  secretHash: "",
  sealedSecret: "",
  addresses: [],
  expiresAt: timestamp(0),
};

const unchanged: Omit<UpdateAccount, "account"> = {
  kind: "update_account",
  status: undefined,
  kycStatus: undefined,
  feeTier: undefined,
  name: undefined,
  metadata: undefined,
};

/**
 * An endless stream of commands for one venue, sensible and senseless ones: every kind, every order
 * type, a few broken numbers. A function of the random stream and of what the venue does.
 */
export class RandomCommands {
  readonly #view: VenueView;
  readonly #random: Random;
  readonly #accounts: number;

  /** @param accounts how many `opening` creates; in families of five */
  constructor(view: VenueView, random: Random, accounts: number) {
    this.#view = view;
    this.#random = random;
    this.#accounts = accounts;
  }

  /** Lists assets and instruments, and creates and funds the accounts. */
  *opening(): Generator<Command> {
    for (const asset of ASSETS) yield { kind: "list_asset", asset };
    yield this.#listing("BTC", "USD", "0.01", "0.00001", 4_500_000);
    yield this.#listing("ETH", "BTC", "0.00001", "0.001", 5_555);
    // Amounts of this one don't fit a double.
    yield this.#listing("WIDE", "USD", "100", "1000", 900_000);
    for (let number = 1; number <= this.#accounts; number++) yield* this.#member(number);
  }

  next(): Command {
    const dice = this.#random.integer(1_000);
    if (dice < 640) return this.#order();
    if (dice < 850) return this.#cancel();
    if (dice < 930) return this.#amend();
    if (dice < 940)
      return { kind: "cancel_all_orders", account: this.#account(), instrument: undefined };
    if (dice < 970) return this.#funding();
    if (dice < 985) return this.#accountChange();
    return this.#marketChange();
  }

  #order(): PlaceOrder {
    const instrument = this.#instrument();
    const account = this.#account();
    const side = this.#pick<Side>(["buy", "sell"]);
    const isMarket = this.#chance(0.1);
    const quantity = lots(this.#odd(1 + Math.floor(50 * this.#random.next() ** 2)));
    const isByQuote = isMarket && this.#chance(0.4);
    const reference = BigInt(this.#view.referencePrice(instrument.id) * instrument.minorPerTickLot);
    return {
      kind: "place_order",
      account,
      instrument: this.#chance(0.002) ? (77 as InstrumentId) : instrument.id,
      side,
      type: isMarket ? "market" : "limit",
      limit: isMarket ? ticks(0) : this.#limit(instrument, side),
      quantity: isByQuote ? lots(0) : quantity,
      quoteQuantity: amount(isByQuote ? reference * BigInt(this.#random.integer(60)) : 0n),
      timeInForce: isMarket
        ? "ioc"
        : this.#pick<TimeInForce>(["gtc", "gtc", "gtc", "gtc", "gtc", "ioc", "fok"]),
      postOnly: this.#chance(0.08),
      selfTradePrevention: this.#pick(MODES),
      clientOrderId: this.#chance(0.2) ? `c${this.#random.integer(4)}` : "",
      fault: this.#chance(0.03) ? this.#fault() : undefined,
    };
  }

  /** Around the reference, on the passive side more often than not. */
  #limit({ id }: Instrument, side: Side): PlaceOrder["limit"] {
    const reference = this.#view.referencePrice(id);
    const away = (this.#random.next() - 0.25) * REACH * reference;
    return ticks(
      this.#odd(Math.max(1, Math.round(side === "buy" ? reference - away : reference + away))),
    );
  }

  #fault(): OrderFault {
    if (this.#chance(0.5)) return { kind: "reject", code: "insufficient_liquidity" };
    return { kind: "max_fill", ratio: this.#random.integer(100_000_000) };
  }

  #cancel(): Command {
    const account = this.#account();
    const order = this.#liveOrder(account);
    const orderSeq = order?.orderSeq ?? (this.#random.integer(1_000) as OrderSeq);
    const clientOrderId = order?.clientOrderId ?? "c1";
    const isNamed = clientOrderId !== "" && this.#chance(0.5);
    return {
      kind: "cancel_order",
      account,
      orderSeq: isNamed ? (0 as OrderSeq) : orderSeq,
      clientOrderId,
    };
  }

  #amend(): AmendOrder {
    const account = this.#account();
    const order = this.#liveOrder(account);
    const orderSeq = order?.orderSeq ?? (this.#random.integer(1_000) as OrderSeq);
    const kept = { kind: "amend_order", account, orderSeq, limit: ticks(0) } as const;
    const quantity = lots(this.#odd(1 + this.#random.integer(2 * (order?.quantity ?? 10))));
    if (order === undefined || this.#chance(0.4)) return { ...kept, quantity };
    return {
      ...kept,
      limit: this.#limit(this.#view.instrument(order.instrument), order.side),
      quantity,
    };
  }

  #funding(): Command {
    const account = this.#account();
    const asset = this.#random.integer(ASSETS.length + (this.#chance(0.02) ? 1 : 0)) as AssetId;
    const moved = amount(this.#chance(0.05) ? -1n : BigInt(this.#random.integer(2 ** 32)) ** 2n);
    const externalId = this.#chance(0.3) ? `e${this.#random.integer(3)}` : "";
    const dice = this.#random.integer(3);
    if (dice === 0) return { ...this.#deposit(account, asset, moved), externalId };
    if (dice === 1)
      return { ...this.#deposit(account, asset, moved), kind: "withdraw", externalId };
    const to = (account - 2 + this.#random.integer(5)) as AccountNumber;
    return { kind: "transfer", from: account, to, asset, amount: amount(moved / 1_000_000n) };
  }

  #accountChange(): Command {
    const account = this.#account();
    const dice = this.#random.integer(10);
    if (dice < 5) {
      const status = this.#pick(["active", "active", "suspended"] as const);
      return { ...unchanged, account, status, feeTier: this.#pick(TIERS) };
    }
    if (dice < 6) return { kind: "close_account", account };
    const keyId = `key-of-${account}`;
    if (dice < 7)
      return {
        ...customer,
        userId: "late",
        parent: account,
        name: `late ${this.#random.integer(9)}`,
        key: this.#chance(0.5) ? { ...emptyKey, keyId } : undefined,
      };
    if (dice < 8) return { kind: "revoke_key", account, keyId };
    return { kind: "create_key", key: { ...emptyKey, keyId, account } };
  }

  #marketChange(): Command {
    if (this.#chance(0.1)) return this.#chance(0.5) ? this.#configuration() : this.#fact();
    const { id: instrument } = this.#instrument();
    const dice = this.#random.integer(10);
    if (dice < 3) {
      const status = this.#chance(0.1) ? this.#pick(["halted", "cancel_only"] as const) : "trading";
      return { kind: "update_instrument", instrument, rules: { status } };
    }
    if (dice < 5) {
      const fees = { maker: this.#random.integer(300_000), taker: this.#random.integer(300_000) };
      return {
        kind: "set_fees",
        tier: this.#pick(TIERS),
        instrument: this.#pick([instrument, undefined]),
        ...fees,
      };
    }
    const reference = this.#view.referencePrice(instrument);
    const price = Math.round(reference * (1 + (this.#random.next() - 0.5) * REACH));
    return { kind: "set_reference_price", instrument, price: ticks(this.#chance(0.2) ? 0 : price) };
  }

  /** Mostly rules that stop nobody for long. */
  #configuration(): Command {
    const perSecond = this.#odd(1 + this.#random.integer(200));
    const rules: VenueRules = {
      kycRequired: this.#chance(0.02),
      maxSubAccounts: this.#odd(this.#random.integer(20)),
      orderRate: this.#chance(0.5) ? { perSecond, burst: 2 * perSecond } : undefined,
      maxOrderNotional: amount(10n ** BigInt(20 + this.#random.integer(4))),
    };
    return { kind: "configure_venue", rules };
  }

  #fact(): Command {
    const account = this.#chance(0.5) ? this.#account() : undefined;
    const fact = { action: "noted", entityType: "fact", entityId: "", details: "{}" };
    return { kind: "record_fact", ...fact, account };
  }

  #listing(
    baseAsset: string,
    quoteAsset: string,
    tickSize: string,
    lotSize: string,
    start: number,
  ): Command {
    const steps = { tickSize, lotSize, startPrice: ticks(start) };
    const wide = baseAsset === "WIDE" ? { maxNotional: amount(10n ** 22n) } : {};
    return {
      kind: "list_instrument",
      baseAsset,
      quoteAsset,
      ...steps,
      rules: { ...rules, ...wide },
    };
  }

  /** Families of five: a master, three sub-accounts, and a simulated account that pays no fee. */
  *#member(number: number): Generator<Command> {
    const place = (number - 1) % FAMILY;
    const isSub = place > 0 && place < FAMILY - 1;
    const parent = isSub ? ((number - place) as AccountNumber) : undefined;
    const role = place === FAMILY - 1 ? "simulated" : "customer";
    yield { ...customer, role, userId: `user ${number - place}`, parent, name: `member ${place}` };
    for (const asset of ASSETS.keys()) {
      yield this.#deposit(number, asset, asset % 3 === 0 ? 10n ** 20n : 10n ** 14n);
    }
  }

  #deposit(account: number, asset: number, moved: bigint): Deposit {
    const into = {
      account: account as AccountNumber,
      asset: asset as AssetId,
      amount: moved as Amount,
    };
    return { kind: "deposit", ...into, externalId: "", reason: "" };
  }

  #account(): AccountNumber {
    const isBusy = this.#chance(0.3) && this.#accounts > BUSY_ACCOUNTS;
    if (isBusy) return (1 + this.#random.integer(BUSY_ACCOUNTS)) as AccountNumber;
    return (1 +
      this.#random.integer(this.#accounts + (this.#chance(0.005) ? 50 : 0))) as AccountNumber;
  }

  #instrument(): Instrument {
    return this.#pick(this.#view.instruments());
  }

  #liveOrder(account: AccountNumber) {
    const orders = this.#view.liveOrders(account);
    return orders.length === 0 ? undefined : this.#pick(orders);
  }

  /** Now and then a number that no gateway would let pass, or one that is just at an edge. */
  #odd(number: number): number {
    return this.#chance(0.01) ? this.#pick(ODD_NUMBERS) : number;
  }

  #chance(probability: number): boolean {
    return this.#random.next() < probability;
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[this.#random.integer(items.length)] as Item;
  }
}
