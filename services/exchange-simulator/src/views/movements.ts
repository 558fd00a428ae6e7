import {
  type AccountNumber,
  type Amount,
  type AssetId,
  amount,
  assert,
  entityId,
  opposite,
  type Sequence,
  type Side,
  type Timestamp,
  type Trade,
  type TransferCompleted,
  type VenueEvent,
} from "@tse/domain";
import type { VenueView } from "@tse/venue";
import type { Unit } from "../exchange.ts";
import { fillId } from "./order-record.ts";

/** One movement of what a customer's account holds of one asset. */
export interface Movement {
  /**
   * Its unit's sequence × 2^20 + its place among the unit's movements of customers, from 0: a function of
   * the journal, rising with time, without two alike.
   */
  readonly number: number;
  readonly at: Timestamp;
  readonly account: AccountNumber;
  readonly asset: AssetId;
  readonly cause: "trade" | "fee" | "deposit" | "withdrawal" | "transfer";
  /** Id of the fill or transfer that moved it. */
  readonly reference: string;
  /** Positive: received. */
  readonly change: Amount;
}

type Unnumbered = Omit<Movement, "number" | "at">;
type Names = Pick<VenueView, "account" | "instrument">;

const PLACES = 2 ** 20;

/** Everything that a unit moved of customers' accounts, in order. Locking and releasing move nothing. */
export function movementsOf({ sequence, time, events }: Unit, names: Names): readonly Movement[] {
  const movements: Movement[] = [];
  for (const event of events) {
    for (const movement of ofEvent(event, time, names)) {
      if (names.account(movement.account)?.role !== "customer") continue;
      movements.push({ ...movement, number: numberOf(sequence, movements.length), at: time });
    }
  }
  return movements;
}

/** The sequence in a movement's number. */
export function sequenceOf(number: number): Sequence {
  return Math.floor(number / PLACES) as Sequence;
}

/** The greatest number that a movement of the unit can have. */
export function lastNumberOf(sequence: Sequence): number {
  return numberOf(sequence, PLACES - 1);
}

function numberOf(sequence: Sequence, place: number): number {
  const number = sequence * PLACES + place;
  assert(place < PLACES && Number.isSafeInteger(number), "a movement's number is exact");
  return number;
}

const NONE: Unnumbered[] = [];

function ofEvent(event: VenueEvent, time: Timestamp, names: Names): Unnumbered[] {
  if (event.kind === "trade") {
    return [...ofSide(event, "taker", time, names), ...ofSide(event, "maker", time, names)];
  }
  const isTransfer = event.kind === "transfer_completed" && !event.repeated;
  return isTransfer ? ofTransfer(event, time) : NONE;
}

function ofSide(
  trade: Trade,
  liquidity: "maker" | "taker",
  time: Timestamp,
  names: Names,
): Unnumbered[] {
  const isTaker = liquidity === "taker";
  const account = isTaker ? trade.takerAccount : trade.makerAccount;
  const side: Side = isTaker ? trade.takerSide : opposite(trade.takerSide);
  const { base, quote, minorPerLot } = names.instrument(trade.instrument);
  const quantity = amount(BigInt(trade.quantity) * BigInt(minorPerLot));
  const [received, paid] = side === "buy" ? [base, quote] : [quote, base];
  const [gain, cost] = side === "buy" ? [quantity, trade.notional] : [trade.notional, quantity];
  const fee = isTaker ? trade.takerFee : trade.makerFee;
  const of = { account, reference: fillId(trade.tradeSeq, liquidity, time) };
  return [
    { ...of, asset: paid, cause: "trade", change: negated(cost) },
    { ...of, asset: received, cause: "trade", change: gain },
    ...(fee > 0n ? [{ ...of, asset: received, cause: "fee", change: negated(fee) } as const] : []),
  ];
}

function ofTransfer(event: TransferCompleted, time: Timestamp): Unnumbered[] {
  const { from, to, asset } = event;
  const of = { asset, reference: entityId("transfer", time, event.transferSeq) };
  const movements: Unnumbered[] = [];
  if (from !== undefined) {
    const cause = to === undefined ? "withdrawal" : "transfer";
    movements.push({ ...of, account: from, cause, change: negated(event.amount) });
  }
  if (to !== undefined) {
    const cause = from === undefined ? "deposit" : "transfer";
    movements.push({ ...of, account: to, cause, change: event.amount });
  }
  return movements;
}

function negated(value: Amount): Amount {
  return amount(-value);
}
