import type { AccountRole, AccountStatus, AccountType, ApiKey, KycStatus } from "./account.ts";
import type { Rate, TradingRules } from "./instrument.ts";
import type { OrderType, SelfTradePrevention, TimeInForce } from "./order.ts";
import type { RejectCode } from "./rejection.ts";
import type { Side } from "./side.ts";
import type {
  AccountNumber,
  Amount,
  AssetId,
  InstrumentId,
  Lots,
  OrderSeq,
  Ticks,
} from "./units.ts";
import type { VenueRules } from "./venue-rules.ts";

/**
 * Everything that can change a venue. A command is plain data: journaled as it is, and enough,
 * with its time, to repeat what it did. Gateways make them; only the sequencer hands them over.
 */
export type Command =
  | PlaceOrder
  | CancelOrder
  | CancelAllOrders
  | AmendOrder
  | CreateAccount
  | UpdateAccount
  | CloseAccount
  | CreateKey
  | RevokeKey
  | Deposit
  | Withdraw
  | Transfer
  | ListAsset
  | ListInstrument
  | UpdateInstrument
  | SetFees
  | SetReferencePrice
  | ConfigureVenue
  | RecordFact;

export interface PlaceOrder {
  readonly kind: "place_order";
  readonly account: AccountNumber;
  readonly instrument: InstrumentId;
  readonly side: Side;
  readonly type: OrderType;
  /** 0 for a market order; `OFF_GRID` when the client's price isn't a whole number of ticks. */
  readonly limit: Ticks;
  /** 0 when sized by `quoteQuantity`; `OFF_GRID` when it isn't a whole number of lots. */
  readonly quantity: Lots;
  /** Market orders only: money to spend (buy) or to raise (sell); 0n when sized by `quantity`. */
  readonly quoteQuantity: Amount;
  readonly timeInForce: TimeInForce;
  /** Refused with `would_take` when it would trade on arrival. */
  readonly postOnly: boolean;
  readonly selfTradePrevention: SelfTradePrevention;
  /** `""` when the client gave none. */
  readonly clientOrderId: string;
  /** What an active chaos rule does to this order; decided before sequencing, so that it replays. */
  readonly fault: OrderFault | undefined;
}

/**
 * `reject`: refused with that code although every check passed. `max_fill`: takes at most that share of
 * its quantity on arrival, and at least one lot.
 */
export type OrderFault =
  | { readonly kind: "reject"; readonly code: RejectCode }
  | { readonly kind: "max_fill"; readonly ratio: Rate };

/** Names an order by `orderSeq`, or by `clientOrderId` among the open orders when `orderSeq` is 0. */
export interface CancelOrder {
  readonly kind: "cancel_order";
  readonly account: AccountNumber;
  readonly orderSeq: OrderSeq;
  readonly clientOrderId: string;
}

/** Cancels the account's live orders, oldest first: of one instrument, or of all when `undefined`. */
export interface CancelAllOrders {
  readonly kind: "cancel_all_orders";
  readonly account: AccountNumber;
  readonly instrument: InstrumentId | undefined;
}

/**
 * Changes a resting order. A smaller `quantity` alone keeps its priority; anything else cancels it
 * and places a new one, or, when the new one is refused, leaves the old one as it is.
 */
export interface AmendOrder {
  readonly kind: "amend_order";
  readonly account: AccountNumber;
  readonly orderSeq: OrderSeq;
  /** New price; 0 keeps it; `OFF_GRID` as in `PlaceOrder`. */
  readonly limit: Ticks;
  /** New total quantity, what is already filled included; 0 keeps it; `OFF_GRID` as in `PlaceOrder`. */
  readonly quantity: Lots;
}

/**
 * Opens an account and, when a first key is given, puts it in force in the same unit. Refused as a whole
 * with `duplicate_key` when that key's id is taken.
 */
export interface CreateAccount {
  readonly kind: "create_account";
  readonly userId: string;
  readonly type: AccountType;
  readonly role: AccountRole;
  /** Master account, or `undefined` for an account of its own. */
  readonly parent: AccountNumber | undefined;
  readonly name: string;
  readonly feeTier: string;
  readonly metadata: string;
  readonly key: Omit<ApiKey, "createdAt" | "account"> | undefined;
}

/** Changes what is given, keeps what is `undefined`. Suspending cancels the open orders. */
export interface UpdateAccount {
  readonly kind: "update_account";
  readonly account: AccountNumber;
  readonly status: Exclude<AccountStatus, "closed"> | undefined;
  readonly kycStatus: KycStatus | undefined;
  readonly feeTier: string | undefined;
  readonly name: string | undefined;
  readonly metadata: string | undefined;
}

/** Refused with `account_in_use` while any balance is not zero or an order lives. */
export interface CloseAccount {
  readonly kind: "close_account";
  readonly account: AccountNumber;
}

export interface CreateKey {
  readonly kind: "create_key";
  readonly key: Omit<ApiKey, "createdAt">;
}

export interface RevokeKey {
  readonly kind: "revoke_key";
  readonly account: AccountNumber;
  readonly keyId: string;
}

/** Simulated money from the outside world. A repeated `externalId` ("" is none) acts once. */
export interface Deposit {
  readonly kind: "deposit";
  readonly account: AccountNumber;
  readonly asset: AssetId;
  readonly amount: Amount;
  readonly externalId: string;
  readonly reason: string;
}

export interface Withdraw extends Omit<Deposit, "kind"> {
  readonly kind: "withdraw";
}

/** Between members of one family: immediate and free. */
export interface Transfer {
  readonly kind: "transfer";
  readonly from: AccountNumber;
  readonly to: AccountNumber;
  readonly asset: AssetId;
  readonly amount: Amount;
}

export interface ListAsset {
  readonly kind: "list_asset";
  /** 2 to 10 of `A-Z0-9`. */
  readonly asset: string;
}

/**
 * Lists the instrument and, before it and in the same unit, those of its assets that aren't listed yet:
 * base, then quote. Refused as a whole with `invalid_instrument` when an asset's name is none (field
 * `asset`) or its steps or rules contradict each other (field `instrument`), and with `already_listed`
 * when an instrument that isn't delisted has the same joined symbol: BTC/USD and BTCU/SD are both BTCUSD.
 */
export interface ListInstrument {
  readonly kind: "list_instrument";
  readonly baseAsset: string;
  readonly quoteAsset: string;
  /** Decimal text, at most 8 places. */
  readonly tickSize: string;
  readonly lotSize: string;
  readonly startPrice: Ticks;
  readonly rules: TradingRules;
}

/** Changes what is given. Leaving `trading` keeps orders in the book; `delisted` needs it empty. */
export interface UpdateInstrument {
  readonly kind: "update_instrument";
  readonly instrument: InstrumentId;
  readonly rules: Partial<TradingRules>;
}

/** Fee rates of a tier, for one instrument or, `undefined`, for all. */
export interface SetFees {
  readonly kind: "set_fees";
  readonly tier: string;
  readonly instrument: InstrumentId | undefined;
  readonly maker: Rate;
  readonly taker: Rate;
}

/** The market-data feed's latest price, or 0 when the feed is stale: then the last trade is the reference. */
export interface SetReferencePrice {
  readonly kind: "set_reference_price";
  readonly instrument: InstrumentId;
  readonly price: Ticks;
}

/**
 * Sets all rules of the venue, in force from the next command on. Refused with `amount_out_of_range` when
 * a number is none of its kind. A replay needs no setting: the rules come from the journal.
 */
export interface ConfigureVenue {
  readonly kind: "configure_venue";
  readonly rules: VenueRules;
}

/**
 * Says that something happened that the venue itself takes no part in: a chaos rule, a change of the
 * clock, a start or stop of the service. It changes nothing and stands in the journal for the audit trail.
 */
export interface RecordFact {
  readonly kind: "record_fact";
  /** What happened: `"clock_advanced"`. */
  readonly action: string;
  /** What it happened to, and which of them: `"chaos_rule"` and its id. */
  readonly entityType: string;
  readonly entityId: string;
  /** Whom it is about; `undefined`: the whole venue. */
  readonly account: AccountNumber | undefined;
  /** JSON text. */
  readonly details: string;
}
