import type {
  Account,
  AccountNumber,
  Amount,
  ApiKey,
  AssetId,
  Balance,
  Instrument,
  InstrumentId,
  LiveOrder,
  OrderSeq,
  PlaceOrder,
  Rate,
  Rejection,
  Sequence,
  Side,
  Ticks,
  Timestamp,
  TradeSeq,
  VenueRules,
} from "@tse/domain";

/** One price level: total open quantity and the number of orders in it. */
export interface Level {
  readonly price: Ticks;
  /** Lots. May exceed one order's limit. */
  readonly quantity: number;
  readonly orders: number;
}

export interface Listing {
  readonly id: AssetId;
  readonly asset: string;
}

export interface FeeRates {
  readonly maker: Rate;
  readonly taker: Rate;
}

/**
 * The venue's state as it is after its last command, for reading. Everything returned is a copy: it
 * stays true of that moment and changes nothing.
 */
export interface VenueView {
  /** Commands applied so far. */
  readonly sequence: Sequence;
  /** Number of the last order, one refused with a row included; 0: none. */
  readonly lastOrder: OrderSeq;
  /** Number of the last trade; 0: none. */
  readonly lastTrade: TradeSeq;
  /** The rules of the whole venue in force. */
  readonly rules: VenueRules;

  account(number: AccountNumber): Account | undefined;
  accountById(id: string): Account | undefined;
  /** By number, from 1: the venue's own account 0 is left out. */
  accounts(): readonly Account[];
  subAccounts(master: AccountNumber): readonly Account[];
  /** `undefined` also when revoked. Expiry is the caller's to check. */
  key(keyId: string): ApiKey | undefined;
  keysOf(account: AccountNumber): readonly ApiKey[];

  assets(): readonly Listing[];
  assetNamed(asset: string): AssetId | undefined;
  assetName(id: AssetId): string;

  instruments(): readonly Instrument[];
  instrument(id: InstrumentId): Instrument;
  instrumentNamed(symbol: string): Instrument | undefined;
  /** The feed's price, else the last trade's, else the start price. */
  referencePrice(id: InstrumentId): Ticks;
  /** Whether the feed has withdrawn its price since it last gave one. */
  feedStale(id: InstrumentId): boolean;
  /**
   * Most that one order may be worth now, in the quote asset: the instrument's `maxNotional`, or what the
   * venue's largest order is at present reference prices when that is less.
   */
  largestNotional(id: InstrumentId): Amount;
  fees(account: AccountNumber, id: InstrumentId): FeeRates;

  /** Zero for an asset that the account never touched. */
  balance(account: AccountNumber, asset: AssetId): Balance;
  /** Every asset the account ever touched, in order of listing. */
  balances(account: AccountNumber): readonly Balance[];
  /** Deposits less withdrawals so far: what all accounts together hold, the venue's own included. */
  supply(asset: AssetId): Amount;

  /** Why `order` would be refused if it came at `at`. Nothing changes; the rate limit isn't asked. */
  check(order: PlaceOrder, at: Timestamp): Rejection | undefined;

  liveOrder(orderSeq: OrderSeq): LiveOrder | undefined;
  /** Oldest first. */
  liveOrders(account: AccountNumber, instrument?: InstrumentId): readonly LiveOrder[];

  /** 0: that side is empty. */
  bestBid(id: InstrumentId): Ticks;
  bestAsk(id: InstrumentId): Ticks;
  /** Best price first, at most `limit` levels. */
  depth(id: InstrumentId, side: Side, limit: number): readonly Level[];
  /** Every live order of a side in the order in which they would fill. */
  queue(id: InstrumentId, side: Side): readonly LiveOrder[];
  /** Number of `level_changed` events of this instrument so far. */
  bookSequence(id: InstrumentId): number;
}
