import {
  type AccountNumber,
  type AmendOrder,
  type AssetId,
  amount,
  type Command,
  type CreateAccount,
  formatShortest,
  type InstrumentId,
  type ListInstrument,
  lots,
  type OrderSeq,
  type PlaceOrder,
  parseAmount,
  type RejectCode,
  type Side,
  type TradingRules,
  ticks,
  timestamp,
  type UpdateAccount,
  type VenueEvent,
} from "@tse/domain";
import { Venue, type VenueOptions } from "../src/index.ts";

/** Money from text, which is right. */
export function money(text: string) {
  const value = parseAmount(text);
  if (value === undefined) throw new RangeError(`not an amount: ${text}`);
  return value;
}

export const options: VenueOptions = {
  kycRequired: false,
  maxSubAccounts: 100,
  orderRate: undefined,
  maxOrderNotional: money("1000000"),
  unitOfAccount: "USD",
};

export const rules: TradingRules = {
  status: "trading",
  minQuantity: lots(10),
  maxQuantity: lots(10_000_000),
  minNotional: money("5"),
  maxNotional: money("10000000"),
  priceBand: 20_000_000,
  priceMultiplierDown: 20_000_000,
  priceMultiplierUp: 500_000_000,
  maxOpenOrders: 200,
  maxSpread: 100_000,
  makerFee: 100_000,
  takerFee: 100_000,
};

/** BTC/USD as the exchange lists it: ticks of 0.01, lots of 0.00001. */
export const btcUsd: ListInstrument = {
  kind: "list_instrument",
  baseAsset: "BTC",
  quoteAsset: "USD",
  tickSize: "0.01",
  lotSize: "0.00001",
  startPrice: ticks(4_500_000),
  rules,
};

export const customer: CreateAccount = {
  kind: "create_account",
  userId: "user",
  type: "spot",
  role: "customer",
  parent: undefined,
  name: "",
  feeTier: "default",
  metadata: "",
  key: undefined,
};

export const order: PlaceOrder = {
  kind: "place_order",
  account: 1 as AccountNumber,
  instrument: 0 as InstrumentId,
  side: "buy",
  type: "limit",
  limit: ticks(4_500_000),
  quantity: lots(100),
  quoteQuantity: amount(0n),
  timeInForce: "gtc",
  postOnly: false,
  selfTradePrevention: "expire_maker",
  clientOrderId: "",
  fault: undefined,
};

/** A venue with the assets USD, BTC and USDT, BTC/USD, and funded accounts 1, 2 and 3. */
export class Given {
  readonly venue: Venue;
  #now = 1_700_000_000_000_000;

  constructor(changes: Partial<VenueOptions> = {}, listing: Partial<TradingRules> = {}) {
    this.venue = new Venue({ ...options, ...changes });
    for (const asset of ["USD", "BTC", "USDT"]) this.apply({ kind: "list_asset", asset });
    this.apply({ ...btcUsd, rules: { ...rules, ...listing } });
    for (const number of [1, 2, 3]) {
      this.apply(customer);
      this.fund(number, "USD", "1000000");
      this.fund(number, "BTC", "100");
    }
    this.venue.events.clear();
  }

  get now() {
    return timestamp(this.#now);
  }

  wait(microseconds: number): this {
    this.#now += microseconds;
    return this;
  }

  /** Applies a command and returns its refusal's code, or `undefined`. */
  apply(command: Command): RejectCode | undefined {
    return this.venue.apply(command, this.now)?.code;
  }

  fund(account: number, asset: string, value: string): RejectCode | undefined {
    return this.apply({
      kind: "deposit",
      account: account as AccountNumber,
      asset: this.asset(asset),
      amount: money(value),
      externalId: "",
      reason: "",
    });
  }

  withdraw(account: number, asset: string, value: string): RejectCode | undefined {
    return this.apply({
      kind: "withdraw",
      account: account as AccountNumber,
      asset: this.asset(asset),
      amount: money(value),
      externalId: "",
      reason: "",
    });
  }

  asset(name: string): AssetId {
    return this.venue.assetNamed(name) as AssetId;
  }

  order(
    account: number,
    side: Side,
    quantity: number,
    limit: number,
    changes: Partial<PlaceOrder> = {},
  ): PlaceOrder {
    const sizes = { quantity: lots(quantity), limit: ticks(limit) };
    return { ...order, account: account as AccountNumber, side, ...sizes, ...changes };
  }

  /** A limit order of `account`, with changes. */
  place(...order: Parameters<Given["order"]>): RejectCode | undefined {
    return this.apply(this.order(...order));
  }

  /** Asks about the order that `place` would place. */
  check(...order: Parameters<Given["order"]>): RejectCode | undefined {
    return this.venue.check(this.order(...order), this.now)?.code;
  }

  /** Creates an account and returns its number. */
  join(changes: Partial<CreateAccount> = {}): AccountNumber {
    this.apply({ ...customer, ...changes });
    return this.venue.accounts().length as AccountNumber;
  }

  update(account: AccountNumber | number, changes: Partial<UpdateAccount>): RejectCode | undefined {
    const unchanged = {
      status: undefined,
      kycStatus: undefined,
      feeTier: undefined,
      name: undefined,
      metadata: undefined,
    };
    return this.apply({
      kind: "update_account",
      ...unchanged,
      ...changes,
      account: account as AccountNumber,
    });
  }

  /** Lists an instrument like BTC/USD, with other rules. */
  list(
    baseAsset: string,
    quoteAsset: string,
    changes: Partial<TradingRules> = {},
    steps: Partial<ListInstrument> = {},
  ) {
    return this.apply({
      ...btcUsd,
      ...steps,
      baseAsset,
      quoteAsset,
      rules: { ...rules, ...changes },
    });
  }

  /** Changes the rules of BTC/USD. */
  change(changes: Partial<TradingRules>): RejectCode | undefined {
    return this.apply({ kind: "update_instrument", instrument: 0 as InstrumentId, rules: changes });
  }

  setFees(tier: string, instrument: InstrumentId | undefined, maker: number, taker: number) {
    return this.apply({ kind: "set_fees", tier, instrument, maker, taker });
  }

  /** Sets the feed price of BTC/USD; 0 is stale. */
  reference(price: number): RejectCode | undefined {
    const instrument = 0 as InstrumentId;
    return this.apply({ kind: "set_reference_price", instrument, price: ticks(price) });
  }

  market(account: number, side: Side, quantity: number, changes: Partial<PlaceOrder> = {}) {
    return this.place(account, side, quantity, 0, {
      type: "market",
      timeInForce: "ioc",
      ...changes,
    });
  }

  cancel(account: number, orderSeq: number) {
    const named = { account: account as AccountNumber, orderSeq: orderSeq as OrderSeq };
    return this.apply({ kind: "cancel_order", ...named, clientOrderId: "" });
  }

  amend(account: number, orderSeq: number, changes: { limit?: number; quantity?: number }) {
    const command: AmendOrder = {
      kind: "amend_order",
      account: account as AccountNumber,
      orderSeq: orderSeq as OrderSeq,
      limit: ticks(changes.limit ?? 0),
      quantity: lots(changes.quantity ?? 0),
    };
    return this.apply(command);
  }

  /** The events since the last call, in short. */
  tape(): string[] {
    const tape = [...this.venue.events].map(inShort);
    this.venue.events.clear();
    return tape;
  }

  /** `available+locked` of an account. */
  balance(account: number, asset: string): string {
    const { available, locked } = this.venue.balance(account as AccountNumber, this.asset(asset));
    return `${formatShortest(available, 8)}+${formatShortest(locked, 8)}`;
  }

  /** A side of the book, best first: `quantity@price`. */
  depth(side: Side): string[] {
    const levels = this.venue.depth(0 as InstrumentId, side, 1_000);
    return levels.map(({ price, quantity }) => `${quantity}@${price}`);
  }
}

function inShort(event: VenueEvent): string {
  switch (event.kind) {
    case "order_accepted":
      return event.replaces === 0
        ? `accepted ${event.orderSeq}`
        : `accepted ${event.orderSeq} for ${event.replaces}`;
    case "order_rejected":
      return `rejected ${event.orderSeq} ${event.rejection.code}`;
    case "trade":
      return `trade ${event.tradeSeq}: ${event.takerOrder}<${event.makerOrder} ${event.quantity}@${event.price}`;
    case "order_closed":
      return `closed ${event.orderSeq} ${event.end} ${event.left}`;
    case "order_reduced":
      return `reduced ${event.orderSeq} to ${event.quantity}`;
    case "self_trade_prevented":
      return `prevented ${event.takerOrder}<${event.makerOrder} ${event.quantity}`;
    case "level_changed":
      return `level ${event.side} ${event.quantity}@${event.price} #${event.bookSequence}`;
    case "balance_changed":
      return `balance ${event.account}/${event.asset} ${formatShortest(event.available, 8)}+${formatShortest(event.locked, 8)}`;
    default:
      return event.kind;
  }
}
