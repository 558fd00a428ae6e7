import {
  type Account,
  type AccountNumber,
  type Amount,
  amount,
  type Clock,
  type Command,
  countOf,
  type Duration,
  type Instrument,
  lots,
  type PlaceOrder,
  parseAmount,
  type Side,
  ticks,
  timestamp,
} from "@tse/domain";
import { type CommandLog, MemoryCommandLog } from "@tse/journal";
import { VirtualClock } from "@tse/simulation";
import { Venue, type VenueOptions } from "@tse/venue";
import type { Unit } from "../../src/exchange.ts";
import { Sequencer } from "../../src/sequencer.ts";
import { OrderHistory } from "../../src/views/orders.ts";
import { DEFAULT_ASSETS, DEFAULT_INSTRUMENTS, listing } from "../../src/world/instruments.ts";

export const START = timestamp(Date.UTC(2026, 0, 5, 14) * 1000);
export const TEST_ORIGIN = { actor: "test", correlationId: "test-correlation" };

const OPTIONS: VenueOptions = {
  kycRequired: false,
  maxSubAccounts: 100,
  orderRate: undefined,
  maxOrderNotional: parseAmount("1000000") as Amount,
  unitOfAccount: "USD",
};

export interface TestExchangeOptions {
  /** World time; when absent, it is the test's to move by `advance`. */
  readonly clock?: Clock;
  readonly venue?: Partial<VenueOptions>;
  /** One with entries makes an exchange that lists nothing: its test replays them. */
  readonly log?: CommandLog;
  /** So few finished orders stay in memory once they are stored. */
  readonly finishedKept?: number | undefined;
}

/**
 * An exchange without participants: real venue, real sequencer, in-memory journal, the default
 * instruments listed, on a clock that only the test moves. Nothing trades unless the test does.
 */
export async function startExchange(options: TestExchangeOptions = {}) {
  const clock = new VirtualClock(START);
  const venue = new Venue({ ...OPTIONS, ...options.venue });
  const failures: unknown[] = [];
  const log = options.log ?? new MemoryCommandLog();
  const onFatal = (error: unknown) => failures.push(error);
  const exchange = new Sequencer({ venue, log, clock: options.clock ?? clock, onFatal });
  const orders = new OrderHistory(venue, options.finishedKept);
  const units: Unit[] = [];
  exchange.subscribe(orders.record);
  exchange.subscribe((unit) => units.push(unit));

  if (log.lastSequence === 0) {
    for (const asset of DEFAULT_ASSETS) await submit({ kind: "list_asset", asset });
    for (const terms of DEFAULT_INSTRUMENTS) await submit(listing(terms));
  }

  function submit(command: Command): Promise<Unit> {
    return exchange.submit(command, TEST_ORIGIN);
  }

  function instrument(symbol: string): Instrument {
    const found = venue.instrumentNamed(symbol);
    if (found === undefined) throw new RangeError(`${symbol} is not listed`);
    return found;
  }

  function orderOf(account: Account, terms: OrderTerms): PlaceOrder {
    return order(account.number, instrument(terms.symbol), terms);
  }

  return {
    clock,
    venue,
    exchange,
    log,
    orders,
    units,
    failures,
    submit,
    instrument,
    advance: (by: Duration) => clock.advance(by, () => exchange.durable()),

    /** A customer with `funds`, in decimal units of each asset. */
    async open(funds: Readonly<Record<string, string>> = {}): Promise<Account> {
      const { events } = await submit(CUSTOMER);
      const created = events.find((event) => event.kind === "account_created");
      if (created === undefined) throw new RangeError("an account is created");
      for (const [asset, text] of Object.entries(funds))
        await this.deposit(created.account, asset, text);
      return created.account;
    },

    deposit(account: Account, asset: string, text: string): Promise<Unit> {
      const id = venue.assetNamed(asset);
      const money = parseAmount(text);
      if (id === undefined || money === undefined) throw new RangeError(`${text} ${asset}`);
      const { number } = account;
      const note = { externalId: "", reason: "test" };
      return submit({ kind: "deposit", account: number, asset: id, amount: money, ...note });
    },

    orderOf,

    place(account: Account, terms: OrderTerms): Promise<Unit> {
      return submit(orderOf(account, terms));
    },

    /** Total of every balance of one asset, the venue's own account included. */
    total(asset: string): bigint {
      const id = venue.assetNamed(asset);
      if (id === undefined) throw new RangeError(`${asset} is not listed`);
      const numbers = [0 as AccountNumber, ...venue.accounts().map(({ number }) => number)];
      const balances = numbers.map((number) => venue.balance(number, id));
      return balances.reduce((sum, { available, locked }) => sum + available + locked, 0n);
    },
  };
}

/** What a disk holds after a crash: its entries, in a log that goes on. */
export async function copyOf(log: CommandLog): Promise<MemoryCommandLog> {
  const copy = new MemoryCommandLog();
  for await (const run of log.read(log.firstSequence)) await copy.append(run);
  return copy;
}

export type TestExchange = Awaited<ReturnType<typeof startExchange>>;

export interface OrderTerms {
  readonly symbol: string;
  readonly side: Side;
  /** Decimal units of base. */
  readonly quantity: string;
  /** A market order when absent. */
  readonly price?: string;
  readonly more?: Partial<PlaceOrder>;
}

function order(account: AccountNumber, instrument: Instrument, terms: OrderTerms): PlaceOrder {
  const isLimit = terms.price !== undefined;
  return {
    kind: "place_order",
    account,
    instrument: instrument.id,
    side: terms.side,
    type: isLimit ? "limit" : "market",
    limit: ticks(isLimit ? steps(terms.price as string, instrument.tickSize) : 0),
    quantity: lots(steps(terms.quantity, instrument.lotSize)),
    quoteQuantity: amount(0n),
    timeInForce: isLimit ? "gtc" : "ioc",
    postOnly: false,
    selfTradePrevention: "expire_maker",
    clientOrderId: "",
    fault: undefined,
    ...terms.more,
  };
}

function steps(text: string, size: Instrument["tickSize"]): number {
  const count = countOf(text, size);
  if (count === undefined) throw new RangeError(`${text} is a whole number of steps`);
  return count;
}

const CUSTOMER: Command = {
  kind: "create_account",
  userId: "user",
  type: "spot",
  role: "customer",
  parent: undefined,
  name: "",
  feeTier: "standard",
  metadata: "",
  key: undefined,
};
