import {
  type AccountNumber,
  type AssetId,
  amount,
  type Command,
  type CreateAccount,
  type InstrumentId,
  type LiveOrder,
  lots,
  MAX_AMOUNT,
  type OrderSeq,
  type PlaceOrder,
  RATE_ONE,
  type TradingRules,
  ticks,
  timestamp,
} from "@tse/domain";
import { Venue } from "@tse/venue";
import { CommandKind, orderAt, type Workload } from "./workload.ts";

/** World time of every command: the rate limit's refill is part of what is measured. */
export const START = timestamp(1_700_000_000_000_000);
const OWNERS = 1000;

/** Wide enough that every command of a workload passes; every check is still made. */
const rules: TradingRules = {
  status: "trading",
  minQuantity: lots(1),
  maxQuantity: lots(1_000_000_000),
  minNotional: amount(0n),
  maxNotional: amount(10n ** 16n),
  priceBand: RATE_ONE,
  priceMultiplierDown: 1_000_000,
  priceMultiplierUp: 10 * RATE_ONE,
  maxOpenOrders: 100_000,
  maxSpread: 100_000,
  makerFee: 100_000,
  takerFee: 100_000,
};

const customer: CreateAccount = {
  kind: "create_account",
  userId: "bench",
  type: "spot",
  role: "customer",
  parent: undefined,
  name: "",
  feeTier: "default",
  metadata: "",
  key: undefined,
};

/** A venue with a rate limit that nobody reaches, the workload's instruments, and funded accounts. */
export function openVenue(symbols: number): Venue {
  const venue = new Venue({
    kycRequired: true,
    maxSubAccounts: 100,
    orderRate: { perSecond: 1e9, burst: 1e9 },
    maxOrderNotional: amount(10n ** 16n),
    unitOfAccount: "USD",
  });
  for (const command of opening(symbols)) {
    const rejection = venue.apply(command, START);
    if (rejection !== undefined) throw new Error(`the venue can't be opened: ${rejection.code}`);
  }
  venue.events.clear();
  return venue;
}

function* opening(symbols: number): Generator<Command> {
  yield { kind: "list_asset", asset: "USD" };
  for (let symbol = 0; symbol < symbols; symbol++) {
    const baseAsset = `C${String(symbol).padStart(3, "0")}`;
    yield { kind: "list_asset", asset: baseAsset };
    const steps = { tickSize: "0.01", lotSize: "0.00001", startPrice: ticks(5_000_000) };
    yield { kind: "list_instrument", baseAsset, quoteAsset: "USD", ...steps, rules };
  }
  const share = amount(MAX_AMOUNT / BigInt(2 * OWNERS));
  for (let owner = 1; owner <= OWNERS; owner++) {
    const account = owner as AccountNumber;
    yield customer;
    yield { ...keep, account, kycStatus: "approved" };
    for (let asset = 0; asset <= symbols; asset++) {
      const into = { account, asset: asset as AssetId, amount: share };
      yield { kind: "deposit", ...into, externalId: "", reason: "" };
    }
  }
}

const keep = {
  kind: "update_account",
  status: undefined,
  feeTier: undefined,
  name: undefined,
  metadata: undefined,
} as const;

/** A workload as commands of accounts. */
export interface VenueCommands {
  readonly commands: readonly Command[];
  /** By command of the workload: where its own begin; one more than there are. */
  readonly starts: Int32Array;
  /** By order number: the command of the workload that placed the order. */
  readonly placedBy: Int32Array;
}

/**
 * The new total quantity of each replacement, what is filled included, as an amendment names it; 0
 * where an amendment would keep the order's place, other than in the workload. Found by running the
 * commands on a venue, so not where that venue's speed is measured.
 */
export function totalsOf(workload: Workload): Float64Array {
  const totals = new Float64Array(workload.length);
  const venue = openVenue(workload.symbols);
  const maker = new CommandMaker(workload, totals);
  for (let at = 0; at < workload.length; at++) {
    if (workload.kind[at] === CommandKind.replace) {
      totals[at] = totalOf(workload, at, venue.liveOrder(maker.target(at).orderSeq));
    }
    for (const command of maker.make(at)) {
      const rejection = venue.apply(command, START);
      if (rejection !== undefined) throw new Error(`the workload passes: ${rejection.code}`);
    }
    venue.events.clear();
  }
  return totals;
}

function totalOf(workload: Workload, at: number, live: LiveOrder | undefined): number {
  if (live === undefined) throw new Error("a workload replaces live orders");
  const quantity = workload.quantity[at] as number;
  const keepsPlace = workload.limit[at] === live.limit && quantity < live.open;
  return keepsPlace ? 0 : live.quantity - live.open + quantity;
}

/** @param totals of `totalsOf` */
export function commandsOf(workload: Workload, totals: Float64Array): VenueCommands {
  const maker = new CommandMaker(workload, totals);
  const starts = new Int32Array(workload.length + 1);
  const commands: Command[] = [];
  for (let at = 0; at < workload.length; at++) {
    commands.push(...maker.make(at));
    starts[at + 1] = commands.length;
  }
  return { commands, starts, placedBy: maker.placedBy };
}

/** Makes the commands one after another; orders are numbered as the venue will number them. */
class CommandMaker {
  readonly placedBy: Int32Array;
  readonly #workload: Workload;
  readonly #totals: Float64Array;
  readonly #accounts: Int32Array;
  readonly #orders: Float64Array;
  #lastOrder = 0;

  constructor(workload: Workload, totals: Float64Array) {
    this.#workload = workload;
    this.#totals = totals;
    this.#accounts = new Int32Array(workload.length);
    this.#orders = new Float64Array(workload.length);
    this.placedBy = new Int32Array(workload.length + 1);
  }

  /** The order that command `at` cancels or replaces. */
  target(at: number) {
    const target = this.#workload.target[at] as number;
    const account = this.#accounts[target] as AccountNumber;
    return { account, orderSeq: this.#orders[target] as OrderSeq };
  }

  make(at: number): Command[] {
    const { kind, owner } = this.#workload;
    const target = this.target(at);
    const cancel: Command = { kind: "cancel_order", ...target, clientOrderId: "" };
    if (kind[at] === CommandKind.cancel) return [cancel];

    const isReplacement = kind[at] === CommandKind.replace;
    const account = isReplacement ? target.account : (((owner[at] as number) + 1) as AccountNumber);
    const total = this.#totals[at] as number;
    this.#number(at, account);
    const order = placeOrder(this.#workload, at, account);
    if (!isReplacement) return [order];
    if (total === 0) return [cancel, order];
    return [{ kind: "amend_order", ...target, limit: order.limit, quantity: lots(total) }];
  }

  #number(at: number, account: AccountNumber): void {
    this.#lastOrder += 1;
    this.#accounts[at] = account;
    this.#orders[at] = this.#lastOrder;
    this.placedBy[this.#lastOrder] = at;
  }
}

function placeOrder(workload: Workload, at: number, account: AccountNumber): PlaceOrder {
  const { side, rests, limit, quantity, timeInForce } = orderAt(workload, at);
  return {
    kind: "place_order",
    account,
    instrument: workload.symbol[at] as InstrumentId,
    side,
    type: rests ? "limit" : "market",
    limit,
    quantity,
    quoteQuantity: amount(0n),
    timeInForce,
    postOnly: false,
    selfTradePrevention: "none",
    clientOrderId: "",
    fault: undefined,
  };
}
