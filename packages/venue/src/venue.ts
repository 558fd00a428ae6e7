import {
  type Account,
  type AccountNumber,
  type AmendOrder,
  type Amount,
  type ApiKey,
  type AssetId,
  assert,
  type Balance,
  type CancelOrder,
  type Command,
  type Instrument,
  type InstrumentId,
  type LiveOrder,
  type OrderSeq,
  type PlaceOrder,
  type RecordFact,
  type Rejection,
  type Sequence,
  type Side,
  type Ticks,
  type Timestamp,
  type TradeSeq,
  timestamp,
  type VenueRules,
} from "@tse/domain";
import { MatchEvents, OrderPool } from "@tse/matching-engine";
import { AccountDesk } from "./accounts/account-desk.ts";
import { Accounts, VENUE_ACCOUNT } from "./accounts/accounts.ts";
import { Keys } from "./accounts/keys.ts";
import { EventLog } from "./events/event-log.ts";
import { FeeSchedule } from "./ledger/fees.ts";
import { FundingDesk } from "./ledger/funding-desk.ts";
import { Ledger } from "./ledger/ledger.ts";
import { ListingDesk } from "./listings/listing-desk.ts";
import { Listings } from "./listings/listings.ts";
import type { Market } from "./listings/market.ts";
import { LiveOrders } from "./orders/live-orders.ts";
import { OrderDesk } from "./orders/order-desk.ts";
import { OrderReader } from "./orders/order-reader.ts";
import { RateLimiter } from "./orders/rate-limiter.ts";
import { RulesDesk } from "./rules-desk.ts";
import { restoreState, type StateParts, saveState } from "./state/save-state.ts";
import { refuseForeign, type VenueState } from "./state/venue-state.ts";
import { stateHash } from "./state-hash.ts";
import type { FeeRates, Level, Listing, VenueView } from "./view.ts";

type OrderEntry = PlaceOrder | CancelOrder | AmendOrder;

/** The rules in force until the first `configure_venue`, and what never changes. */
export interface VenueOptions extends VenueRules {
  /** The asset that orders are valued in: `"USD"`. */
  readonly unitOfAccount: string;
}

/**
 * The exchange as one deterministic state machine: accounts, ledger, orders, instruments, books.
 *
 * The same commands at the same times give the same events and the same state on every machine. A
 * command takes effect as a whole or, when it is refused, not at all. Nothing is read but the commands
 * and their times, nothing is waited for, and no well-typed command throws, whatever its numbers.
 */
export class Venue implements VenueView {
  /** What the commands did, since the owner of the venue last cleared it. */
  readonly events = new EventLog();

  readonly #accounts: Accounts;
  readonly #keys = new Keys();
  readonly #ledger = new Ledger();
  readonly #fees = new FeeSchedule();
  readonly #pool = new OrderPool();
  readonly #matches = new MatchEvents();
  readonly #orders = new LiveOrders();
  readonly #listings: Listings;
  readonly #limiter: RateLimiter;
  readonly #orderReader: OrderReader;

  readonly #orderDesk: OrderDesk;
  readonly #accountDesk: AccountDesk;
  readonly #fundingDesk: FundingDesk;
  readonly #listingDesk: ListingDesk;
  readonly #rulesDesk: RulesDesk;
  readonly #stateParts: StateParts;
  readonly #unitOfAccount: string;
  #sequence = 0;

  /**
   * A venue that goes on from a saved state, which stays as it is.
   *
   * @throws VenueStateRefused for a state of another version, or of a venue with another unit of account
   */
  static restore({ unitOfAccount }: Pick<VenueOptions, "unitOfAccount">, state: VenueState): Venue {
    refuseForeign(state, unitOfAccount);
    const venue = new Venue({ ...state.rules, unitOfAccount });
    restoreState(venue.#stateParts, state);
    venue.#sequence = state.sequence;
    return venue;
  }

  constructor(options: VenueOptions) {
    const { orderRate, maxOrderNotional, unitOfAccount } = options;
    this.#accounts = new Accounts(options);
    const cap = { notional: maxOrderNotional, unitOfAccount };
    this.#listings = new Listings(cap, this.#pool, this.#matches);
    this.#limiter = new RateLimiter(orderRate);
    const parts = {
      accounts: this.#accounts,
      keys: this.#keys,
      ledger: this.#ledger,
      fees: this.#fees,
      pool: this.#pool,
      matches: this.#matches,
      orders: this.#orders,
      listings: this.#listings,
      limiter: this.#limiter,
      log: this.events,
    };
    this.#orderDesk = new OrderDesk(parts);
    this.#accountDesk = new AccountDesk({ ...parts, orderDesk: this.#orderDesk });
    this.#fundingDesk = new FundingDesk(parts);
    this.#listingDesk = new ListingDesk(parts);
    this.#rulesDesk = new RulesDesk(options, parts);
    this.#orderReader = new OrderReader(parts);
    this.#stateParts = {
      ...parts,
      accountDesk: this.#accountDesk,
      fundingDesk: this.#fundingDesk,
      orderDesk: this.#orderDesk,
    };
    this.#unitOfAccount = unitOfAccount;
    this.#openOwnAccount();
  }

  /**
   * Carries out one command. What it did is appended to `events`.
   *
   * @param at world time of the command, never before that of an earlier one
   * @returns why the command was refused; the state is then as before, but that an order refused by its
   * checks takes a number and leaves an `order_rejected`, and that the rate limit counts it
   */
  apply(command: Command, at: Timestamp): Rejection | undefined {
    this.#sequence += 1;
    this.#matches.clear();
    const rejection = this.#carryOut(command, at);
    this.#ledger.endUnit(at, this.events);
    return rejection;
  }

  /** The whole state but for `events`, as a copy. Not within a command. */
  save(): VenueState {
    const { sequence, rules } = this;
    return saveState(this.#stateParts, { sequence, rules, unitOfAccount: this.#unitOfAccount });
  }

  /** A hash of the whole state, the same for venues that would answer every later command alike. */
  stateHash(): string {
    const own = this.#accounts.get(VENUE_ACCOUNT) as Account;
    const markets = this.#listings.markets.map((market) => market.save());
    const { lastOrder, lastTrade } = this;
    const { lastTransfer, done } = this.#fundingDesk.save();
    const marks = markets.flatMap((market) => [market.feed, market.lastTrade]);
    const numbers = [lastOrder, lastTrade, lastTransfer, ...marks];
    const modes = this.#listings.markets.map((market) => [
      this.#orderReader.selfTradeModes(market, "buy"),
      this.#orderReader.selfTradeModes(market, "sell"),
    ]);
    const entries = [this.rules, this.#limiter.lacking(), modes, this.#fees.entries(), done];
    return stateHash(this, own, { numbers, entries });
  }

  /** Orders go first and by themselves: V8 then inlines their way. */
  #carryOut(command: Command, at: Timestamp): Rejection | undefined {
    switch (command.kind) {
      case "place_order":
        return this.#orderDesk.place(command, at);
      case "cancel_order":
        return this.#orderDesk.cancel(command);
      case "amend_order":
        return this.#orderDesk.amend(command, at);
      default:
        return this.#administer(command, at);
    }
  }

  #administer(command: Exclude<Command, OrderEntry>, at: Timestamp): Rejection | undefined {
    switch (command.kind) {
      case "cancel_all_orders":
        return this.#orderDesk.cancelAll(command);
      case "create_account":
        return this.#accountDesk.create(command, at);
      case "update_account":
        return this.#accountDesk.update(command, at);
      case "close_account":
        return this.#accountDesk.close(command, at);
      case "create_key":
        return this.#accountDesk.createKey(command, at);
      case "revoke_key":
        return this.#accountDesk.revokeKey(command);
      case "deposit":
        return this.#fundingDesk.deposit(command);
      case "withdraw":
        return this.#fundingDesk.withdraw(command);
      case "transfer":
        return this.#fundingDesk.transfer(command);
      case "list_asset":
        return this.#listingDesk.listAsset(command);
      case "list_instrument":
        return this.#listingDesk.listInstrument(command);
      case "update_instrument":
        return this.#listingDesk.updateInstrument(command);
      case "set_fees":
        return this.#listingDesk.setFees(command);
      case "set_reference_price":
        return this.#listingDesk.setReferencePrice(command);
      case "configure_venue":
        return this.#rulesDesk.configure(command, at);
      case "record_fact":
        return this.#recordFact(command);
    }
  }

  #recordFact({ kind: _, ...fact }: RecordFact): Rejection | undefined {
    const isOfNobody = fact.account !== undefined && this.account(fact.account) === undefined;
    if (isOfNobody) return { code: "account_not_found", field: "account" };
    this.events.append({ kind: "fact_recorded", ...fact });
    return undefined;
  }

  #openOwnAccount(): void {
    const own = { userId: "venue", type: "spot", role: "venue", parent: undefined } as const;
    this.#accountDesk.open({ ...own, name: "", feeTier: "", metadata: "" }, timestamp(0));
  }

  get sequence(): Sequence {
    return this.#sequence as Sequence;
  }

  get lastOrder(): OrderSeq {
    return this.#orderDesk.numbers.lastOrder;
  }

  get lastTrade(): TradeSeq {
    return this.#orderDesk.numbers.lastTrade;
  }

  get rules(): VenueRules {
    return this.#rulesDesk.rules;
  }

  account(number: AccountNumber): Account | undefined {
    return this.#accounts.get(number);
  }

  accountById(id: string): Account | undefined {
    return this.#accounts.byId(id);
  }

  accounts(): readonly Account[] {
    return this.#accounts.customers();
  }

  subAccounts(master: AccountNumber): readonly Account[] {
    return this.#accounts.subAccounts(master);
  }

  key(keyId: string): ApiKey | undefined {
    return this.#keys.get(keyId);
  }

  keysOf(account: AccountNumber): readonly ApiKey[] {
    return this.#keys.of(account);
  }

  assets(): readonly Listing[] {
    return this.#listings.assets.map((asset, id) => ({ id: id as AssetId, asset }));
  }

  assetNamed(asset: string): AssetId | undefined {
    return this.#listings.assetNamed(asset);
  }

  assetName(id: AssetId): string {
    const asset = this.#listings.assets[id];
    assert(asset !== undefined, "only a listed asset has a name");
    return asset;
  }

  instruments(): readonly Instrument[] {
    return this.#listings.markets.map(({ instrument }) => instrument);
  }

  instrument(id: InstrumentId): Instrument {
    return this.#market(id).instrument;
  }

  instrumentNamed(symbol: string): Instrument | undefined {
    return this.#listings.marketNamed(symbol)?.instrument;
  }

  referencePrice(id: InstrumentId): Ticks {
    return this.#market(id).reference;
  }

  feedStale(id: InstrumentId): boolean {
    return this.#market(id).feedStale;
  }

  largestNotional(id: InstrumentId): Amount {
    return this.#market(id).largestNotional;
  }

  fees(account: AccountNumber, id: InstrumentId): FeeRates {
    assert(this.#accounts.get(account) !== undefined, "only an account has fee rates");
    return this.#fees.rates(account, this.#market(id).id);
  }

  balance(account: AccountNumber, asset: AssetId): Balance {
    assert(this.#accounts.get(account) !== undefined, "only an account has a balance");
    assert(this.#listings.isAsset(asset), "only of a listed asset there is a balance");
    return this.#ledger.balance(account, asset);
  }

  balances(account: AccountNumber): readonly Balance[] {
    return this.assets()
      .filter(({ id }) => this.#ledger.isTouched(this.#ledger.cell(account, id)))
      .map(({ id }) => this.#ledger.balance(account, id));
  }

  supply(asset: AssetId): Amount {
    return this.#ledger.supply(asset);
  }

  check(order: PlaceOrder, at: Timestamp): Rejection | undefined {
    return this.#orderDesk.check(order, at);
  }

  liveOrder(orderSeq: OrderSeq): LiveOrder | undefined {
    return this.#orderReader.live(orderSeq);
  }

  liveOrders(account: AccountNumber, instrument?: InstrumentId): readonly LiveOrder[] {
    return this.#orderReader.of(account, instrument);
  }

  bestBid(id: InstrumentId): Ticks {
    return this.#market(id).book.bestBid;
  }

  bestAsk(id: InstrumentId): Ticks {
    return this.#market(id).book.bestAsk;
  }

  depth(id: InstrumentId, side: Side, limit: number): readonly Level[] {
    return this.#orderReader.depth(this.#market(id), side, limit);
  }

  queue(id: InstrumentId, side: Side): readonly LiveOrder[] {
    return this.#orderReader.queue(this.#market(id), side);
  }

  bookSequence(id: InstrumentId): number {
    return this.#market(id).bookSequence;
  }

  #market(id: InstrumentId): Market {
    const market = this.#listings.market(id);
    assert(market !== undefined, "only a listed instrument has a market");
    return market;
  }
}
