import type { Account, ApiKey } from "./account.ts";
import type { PlaceOrder, RecordFact } from "./command.ts";
import type { Instrument, Rate } from "./instrument.ts";
import type { CancelReason, ExpiryReason } from "./order.ts";
import type { Rejection } from "./rejection.ts";
import type { Side } from "./side.ts";
import type {
  AccountNumber,
  Amount,
  AssetId,
  InstrumentId,
  Lots,
  OrderSeq,
  Ticks,
  TradeSeq,
} from "./units.ts";
import type { VenueRules } from "./venue-rules.ts";

/**
 * What a command did, in order. One command's events are its unit: shown together or not at all.
 * The sequence number and the time of all of them are the command's.
 */
export type VenueEvent =
  | OrderAccepted
  | OrderRejected
  | Trade
  | SelfTradePrevented
  | OrderReduced
  | OrderClosed
  | BalanceChanged
  | LevelChanged
  | AccountCreated
  | AccountUpdated
  | KeyCreated
  | KeyRevoked
  | TransferCompleted
  | AssetListed
  | InstrumentListed
  | InstrumentUpdated
  | FeesSet
  | ReferencePriceChanged
  | VenueConfigured
  | FactRecorded;

/** First event of an order that passed every check; its trades and its end, if any, follow. */
export interface OrderAccepted {
  readonly kind: "order_accepted";
  readonly orderSeq: OrderSeq;
  readonly order: PlaceOrder;
  /** The order that this one replaces, or 0. */
  readonly replaces: OrderSeq;
}

/** Only for refusals that leave a row; others are answered and forgotten. */
export interface OrderRejected {
  readonly kind: "order_rejected";
  readonly orderSeq: OrderSeq;
  readonly order: PlaceOrder;
  readonly rejection: Rejection;
}

/** One match. `takerSide` is the incoming order's; the price is the resting order's. */
export interface Trade {
  readonly kind: "trade";
  readonly tradeSeq: TradeSeq;
  readonly instrument: InstrumentId;
  readonly price: Ticks;
  readonly quantity: Lots;
  /** Price × quantity, exact, in the quote asset. */
  readonly notional: Amount;
  readonly takerSide: Side;
  readonly takerOrder: OrderSeq;
  readonly makerOrder: OrderSeq;
  readonly takerAccount: AccountNumber;
  readonly makerAccount: AccountNumber;
  /** Charged in what each side received: base to the buyer, quote to the seller. */
  readonly takerFee: Amount;
  readonly makerFee: Amount;
}

/** `decrement`: `quantity` came off both orders without a trade. */
export interface SelfTradePrevented {
  readonly kind: "self_trade_prevented";
  readonly instrument: InstrumentId;
  readonly takerOrder: OrderSeq;
  readonly makerOrder: OrderSeq;
  readonly quantity: Lots;
}

/** The order's total quantity is now `quantity`; it kept its place in the queue. */
export interface OrderReduced {
  readonly kind: "order_reduced";
  readonly orderSeq: OrderSeq;
  readonly account: AccountNumber;
  readonly instrument: InstrumentId;
  readonly quantity: Lots;
}

/** The order's last event. `left` is what stays unfilled. */
export interface OrderClosed {
  readonly kind: "order_closed";
  readonly orderSeq: OrderSeq;
  readonly account: AccountNumber;
  readonly instrument: InstrumentId;
  readonly end: OrderEnd;
  readonly left: Lots;
}

export type OrderEnd = "filled" | `cancelled:${CancelReason}` | `expired:${ExpiryReason}`;

/** State after the command, at most once a command for each account and asset. */
export interface BalanceChanged {
  readonly kind: "balance_changed";
  readonly account: AccountNumber;
  readonly asset: AssetId;
  readonly available: Amount;
  readonly locked: Amount;
}

/** A price level's total open quantity after the command; 0 removes it. */
export interface LevelChanged {
  readonly kind: "level_changed";
  readonly instrument: InstrumentId;
  readonly side: Side;
  readonly price: Ticks;
  readonly quantity: Lots;
  /** 1, 2, 3, … for each instrument. */
  readonly bookSequence: number;
}

export interface AccountCreated {
  readonly kind: "account_created";
  readonly account: Account;
}

export interface AccountUpdated {
  readonly kind: "account_updated";
  readonly account: Account;
}

export interface KeyCreated {
  readonly kind: "key_created";
  readonly key: ApiKey;
}

export interface KeyRevoked {
  readonly kind: "key_revoked";
  readonly account: AccountNumber;
  readonly keyId: string;
}

/** `undefined` stands for the outside world. */
export interface TransferCompleted {
  readonly kind: "transfer_completed";
  readonly transferSeq: number;
  readonly from: AccountNumber | undefined;
  readonly to: AccountNumber | undefined;
  readonly asset: AssetId;
  readonly amount: Amount;
  readonly externalId: string;
  readonly reason: string;
  /** This answers a repeated `externalId`: nothing moved now. */
  readonly repeated: boolean;
}

export interface AssetListed {
  readonly kind: "asset_listed";
  readonly id: AssetId;
  readonly asset: string;
}

export interface InstrumentListed {
  readonly kind: "instrument_listed";
  readonly instrument: Instrument;
}

export interface InstrumentUpdated {
  readonly kind: "instrument_updated";
  readonly instrument: Instrument;
}

export interface FeesSet {
  readonly kind: "fees_set";
  readonly tier: string;
  readonly instrument: InstrumentId | undefined;
  readonly maker: Rate;
  readonly taker: Rate;
}

export interface ReferencePriceChanged {
  readonly kind: "reference_price_changed";
  readonly instrument: InstrumentId;
  /** 0: the feed is stale. */
  readonly price: Ticks;
}

export interface VenueConfigured {
  readonly kind: "venue_configured";
  readonly rules: VenueRules;
}

/** Nothing changed; see `RecordFact`. */
export interface FactRecorded extends Omit<RecordFact, "kind"> {
  readonly kind: "fact_recorded";
}
