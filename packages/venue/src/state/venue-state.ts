import type {
  Account,
  ApiKey,
  Instrument,
  InstrumentId,
  OrderSeq,
  Sequence,
  Ticks,
  TradeSeq,
  TransferCompleted,
  VenueRules,
} from "@tse/domain";
import type { Lacking } from "../orders/rate-limiter.ts";
import type { FeeRates } from "../view.ts";

/** Raised whenever the meaning of a saved state changes. */
export const STATE_VERSION = 1;

/**
 * Everything that the commands so far left behind and that a later one, or a question, may depend on: as
 * plain data, which shares nothing that the venue changes. A venue restored from it goes on as the one
 * that was saved would have. What follows from the rest (books, locks, counts, links) is made anew.
 */
export interface VenueState {
  readonly version: number;
  readonly unitOfAccount: string;
  readonly sequence: Sequence;
  readonly rules: VenueRules;
  /** By number, from 1: the venue's own account is the same in every venue. */
  readonly accounts: readonly Account[];
  /** In order of creation. */
  readonly keys: readonly ApiKey[];
  readonly assets: readonly string[];
  /** In order of listing, delisted ones included. */
  readonly markets: readonly MarketState[];
  readonly fees: readonly SetRates[];
  readonly ledger: LedgerState;
  readonly funding: FundingState;
  readonly lastOrder: OrderSeq;
  readonly lastTrade: TradeSeq;
  readonly orders: OrderColumns;
  readonly limiter: readonly Lacking[];
}

/** A market without its orders. */
export interface MarketState {
  readonly instrument: Instrument;
  readonly feed: Ticks;
  readonly feedStale: boolean;
  readonly lastTrade: Ticks;
  readonly bookSequence: number;
}

/** Rates that an operator set. */
export interface SetRates {
  readonly feeTier: string;
  /** `undefined`: all. */
  readonly instrument: InstrumentId | undefined;
  readonly rates: FeeRates;
}

export interface LedgerState {
  /** The cells ever touched, eight doubles each: see `Ledger`. */
  readonly cells: Float64Array;
  /** By asset. */
  readonly supply: readonly bigint[];
  readonly unit: number;
}

export interface FundingState {
  readonly lastTransfer: number;
  /** What became of each externalId, by direction and account. */
  readonly done: readonly (readonly [string, TransferCompleted])[];
}

/**
 * The live orders of all books, one place in each column for each, by number. Numbers are given in order
 * of arrival: an amended order either keeps number and place in its queue or gets a new number and goes to
 * the end. So orders put into empty books in order of number make the same queues, and the same lists of
 * each account's orders.
 */
export interface OrderColumns {
  readonly orderSeq: Float64Array;
  readonly instrument: Int32Array;
  readonly account: Int32Array;
  /** Side + 2 when post-only + 4 × self-trade mode. */
  readonly flags: Uint8Array;
  readonly limit: Float64Array;
  readonly quantity: Float64Array;
  readonly open: Float64Array;
  /** Limbs of what was paid or received so far: see `Money`. */
  readonly filledHigh: Float64Array;
  readonly filledLow: Float64Array;
  readonly createdAt: Float64Array;
  /** Places of the orders that have a clientOrderId, and theirs. */
  readonly named: Int32Array;
  readonly clientOrderIds: readonly string[];
}

/** A saved state that this venue can't go on from; the message says why. */
export class VenueStateRefused extends Error {
  override name = "VenueStateRefused";
}

/** @throws VenueStateRefused for a state of another version, or of a venue with another unit of account */
export function refuseForeign(state: VenueState, unitOfAccount: string): void {
  if (state.version !== STATE_VERSION) {
    throw new VenueStateRefused(
      `the saved state has version ${state.version}, this program reads version ${STATE_VERSION}`,
    );
  }
  if (state.unitOfAccount !== unitOfAccount) {
    throw new VenueStateRefused(
      `the saved state values orders in ${state.unitOfAccount}, this venue in ${unitOfAccount}`,
    );
  }
}
